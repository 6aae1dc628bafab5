#compdef verse-etl
# verse-etl: eval "$(verse-etl completion zsh)" in ~/.zshrc, after compinit
_verse_etl() {
    local line="${BUFFER#* }"
    local skipped=$(( ${#BUFFER} - ${#line} ))
    local -a found
    found=("${(@f)$(verse-etl "[suggest:$(( CURSOR - skipped ))]" "$line" 2>/dev/null)}")
    compadd -- ${found:#}
    (( ${#found:#} )) || _files
}
compdef _verse_etl verse-etl
