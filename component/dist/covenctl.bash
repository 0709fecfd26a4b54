# Completion of covenctl's commands and options in bash: covenctl itself knows them.
_covenctl()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    case $before in
    --socket | --batch | backup)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        ;;
    *)
        mapfile -t COMPREPLY < <(compgen -W "$(covenctl --complete -- \
            "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$word")
        ;;
    esac
}
complete -F _covenctl covenctl
