# Shared by the scripts that start a server to test against. They take the options of coven-shim and
# print the same lines, so any of them can replace it:
#
#   [--domain NAME]... [--component-secret NAME=SECRET]... [--user NAME:PASSWORD]...
#   [--own-muc] [--multi] [--build FOLDER] [--s2s ADDRESS] [--other NAME=ADDRESS]... [--forgetful]
#   [--full] [--module FILE]...
#
# --own-muc: the server's own MUC service takes the place of the components. Everything listens on
# free ports of 127.0.0.1, and is kept in a temporary folder. --multi: mod_coven_multi is loaded, for
# components that send one stanza to many recipients.
#
# --full: the modules that phones use are loaded too, and websocket and BOSH are served at the address
# of the line `http HOST:PORT`, under /xmpp-websocket and /http-bind. A session that has lost its
# connection may be resumed for ten seconds. --module: a module of the server is loaded for the
# domains, from its source.
#
# --s2s: the server accepts other servers on that address. It knows only those that --other names,
# with their addresses, and asks no network. All use the standard port, so each needs an address of
# its own, such as 127.0.0.2. --forgetful (Prosody only): a session that loses its connection sends
# no unavailable presence, as if it were lost on the way to the other server; messages to users who
# are offline are refused and not stored.
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=tools/lib.sh
. "$here/../lib.sh"
# shellcheck source=tools/packages.sh
. "$here/../packages.sh"

domains=()
users=()
own_muc=
multi=
forgetful=
full=
modules=()
s2s_address=
s2s_port=5269
build=$here/../../build/test
# By NAME of a component: its secret, its port
declare -A secrets=() component_ports=()
# By NAME of a remote domain: the address of its server
declare -A others=()
c2s_port=
http_port=

peer_usage()
{
    die "usage: ${0##*/} [--domain NAME]... [--component-secret NAME=SECRET]..." \
        "[--user NAME:PASSWORD]... [--own-muc] [--multi] [--build FOLDER]" \
        "[--s2s ADDRESS] [--other NAME=ADDRESS]... [--forgetful]" \
        "[--full] [--module FILE]..."
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
        --multi)
            multi=yes
            shift
            continue
            ;;
        --forgetful)
            forgetful=yes
            shift
            continue
            ;;
        --full)
            full=yes
            shift
            continue
            ;;
        --domain | --component-secret | --user | --build | --s2s | --other | --module)
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
        --module) modules+=("$2") ;;
        --other) others[${2%%=*}]=${2#*=} ;;
        esac
        shift 2
    done
    ((${#domains[@]})) || domains=(localhost)
    mkdir -p "$build"
    build=$(cd -- "$build" && pwd)
}

# Sets the array `bytes` to the bytes of a text, as numbers: account names may be non-ASCII.
peer_bytes() # TEXT
{
    local LC_ALL=C number i
    bytes=()
    for ((i = 0; i < ${#1}; i++)); do
        printf -v number '%d' "'${1:i:1}"
        bytes+=($((number & 255)))
    done
}

# Makes a self-signed certificate, so that clients can use STARTTLS.
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

# Prints the addresses, then waits until the server ends or a signal comes. The server's log goes to
# stderr when it ends unexpectedly. USR1 kills the server, USR2 ends it in good order, and both
# start it again, if the script defines `peer_start` (REPLY: the pid). TSTP stops the server until
# CONT.
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
    [[ ! $full ]] || say "http 127.0.0.1:$http_port"
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
    die "the server ended unexpectedly with status $status"
}
