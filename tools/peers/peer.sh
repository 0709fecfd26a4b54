# What the scripts that start a server to test against have in common. Each takes the options of
# coven-shim and prints the same lines, so whoever starts one need not know which it is:
#
#   [--domain NAME]... [--component-secret NAME=SECRET]... [--user NAME:PASSWORD]...
#   [--own-muc] [--build FOLDER] [--s2s ADDRESS] [--other NAME=ADDRESS]... [--forgetful]
#
# With --own-muc the components are not left to be attached: the server's own MUC service answers in
# their place. Everything listens on free ports of 127.0.0.1, and lives in a temporary folder.
#
# With --s2s the server talks to others, which reach it on that address. It finds those that --other
# names, each on its address, and no more: nothing is asked of the network. All have the port that
# servers have, so each needs an address of its own: 127.0.0.2, say. With --forgetful (of Prosody
# alone) whoever is cut off is gone without a word to anybody, as if the words were lost on the way
# to the other server, and what is said to those who are away is refused and not kept.
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=tools/lib.sh
. "$here/../lib.sh"
# shellcheck source=tools/packages.sh
. "$here/../packages.sh"

domains=()
users=()
own_muc=
forgetful=
s2s_address=
s2s_port=5269
build=$here/../../build/test
# NAME of a component -> its secret, its port
declare -A secrets=() component_ports=()
# NAME of a domain elsewhere -> the address of its server
declare -A others=()
c2s_port=

peer_usage()
{
    die "usage: ${0##*/} [--domain NAME]... [--component-secret NAME=SECRET]..." \
        "[--user NAME:PASSWORD]... [--own-muc] [--build FOLDER]" \
        "[--s2s ADDRESS] [--other NAME=ADDRESS]... [--forgetful]"
}

peer_options()
{
    while (($#)); do
        case $1 in
        --own-muc)
            own_muc=yes
            shift
            continue
            ;;
        --forgetful)
            forgetful=yes
            shift
            continue
            ;;
        --domain | --component-secret | --user | --build | --s2s | --other)
            (($# >= 2)) || peer_usage
            ;;
        *) peer_usage ;;
        esac
        case $1 in
        --domain) domains+=("$2") ;;
        --component-secret) secrets[${2%%=*}]=${2#*=} ;;
        --user) users+=("$2") ;;
        --build) build=$2 ;;
        --s2s) s2s_address=$2 ;;
        --other) others[${2%%=*}]=${2#*=} ;;
        esac
        shift 2
    done
    ((${#domains[@]})) || domains=(localhost)
    mkdir -p "$build"
    build=$(cd -- "$build" && pwd)
}

# The bytes of a text as numbers, in the array `bytes`: names of accounts may be more than ASCII.
peer_bytes() # TEXT
{
    local LC_ALL=C number i
    bytes=()
    for ((i = 0; i < ${#1}; i++)); do
        printf -v number '%d' "'${1:i:1}"
        bytes+=($((number & 255)))
    done
}

# A certificate of its own making, so that clients can try STARTTLS.
peer_certificate()
{
    local name names=
    for name in "${domains[@]}"; do
        names+=,DNS:$name
    done
    packages_install openssl
    quietly "making a certificate" openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
        -subj "/CN=${domains[0]}" -addext "subjectAltName=${names#,}" \
        -keyout "$temp_folder/key.pem" -out "$temp_folder/cert.pem"
}

# Says where everything is, then stays until the server ends or a signal comes. The server's own
# words go on to stderr only when it ends by itself. With USR1 the server is killed, and with USR2 ended
# in good order, and started again, if the script has a `peer_start` that leaves its pid in REPLY. With
# TSTP it stands still until CONT.
peer_serve() # PID LOG
{
    local name pid=$1 crash= status=0
    ! declare -F peer_start >/dev/null || trap 'crash=KILL' USR1
    ! declare -F peer_start >/dev/null || trap 'crash=TERM' USR2
    trap 'kill -STOP -- "-$pid"' TSTP
    trap 'kill -CONT -- "-$pid"' CONT
    say "c2s 127.0.0.1:$c2s_port"
    for name in "${!component_ports[@]}"; do
        say "component 127.0.0.1:${component_ports[$name]} $name"
    done
    say "ready"
    while true; do
        status=0
        wait "$pid" || status=$?
        if [[ ! $crash ]]; then
            process_alive "$pid" || break
            continue
        fi
        kill "-$crash" -- "-$pid"
        process_wait "$pid" 20
        crash=
        peer_start
        pid=$REPLY
    done
    cat "$2" >&2
    die "the server ended by itself, with status $status"
}
