# Completion of covend's options in bash.
_covend()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    # bash makes the = of `--config=FILE` a word of its own.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    compopt +o default
    case $before in
    --config | --secret-file)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        ;;
    --data)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        ;;
    --server | --domain) ;;
    *)
        mapfile -t COMPREPLY < <(compgen -W "--config --server --domain --secret-file --data
            --check --version --help" -- "$word")
        ;;
    esac
}
complete -F _covend covend
