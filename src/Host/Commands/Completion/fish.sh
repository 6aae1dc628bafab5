# verse-etl: verse-etl completion fish > ~/.config/fish/completions/verse-etl.fish
function __verse_etl
    set -l whole (commandline -cp)
    set -l line (string replace -r '^\S+\s' '' -- $whole)
    verse-etl "[suggest:"(string length -- $line)"]" $line 2>/dev/null
end
complete -c verse-etl -a '(__verse_etl)'
