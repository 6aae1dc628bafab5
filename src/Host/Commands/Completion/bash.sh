# verse-etl: eval "$(verse-etl completion bash)" in ~/.bashrc
_verse_etl() {
    local line="${COMP_LINE#* }"
    local skipped=$(( ${#COMP_LINE} - ${#line} ))
    mapfile -t COMPREPLY < <(compgen -W "$(verse-etl "[suggest:$(( COMP_POINT - skipped ))]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _verse_etl verse-etl
