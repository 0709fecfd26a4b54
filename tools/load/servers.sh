# The servers that tools/bench compares, each with a service at conference.localhost, and with
# load.localhost for coven-load as a component, or accounts for it as clients. All keep an archive
# on disk; rate limits are off, and so is what the work does not need. Sourced after lib.sh and
# packages.sh.
#
# setup_NAME starts the processes of a run and sets these variables:
#   role       the options of coven-load for its role
#   watched    the processes to watch
#   leaving    the processes that end after the run; others are kept for the next one
#   multiplied the log of a covend whose copies the server should make; empty: it makes them itself
#   service_at, server_at   the indexes, in coven-load's figures, of the service and of the server
#                           that routes for it or for its clients; empty: there is none
# shellcheck shell=bash disable=SC2034,SC2154

# shellcheck source=tools/load/prosody.sh
. "$here/load/prosody.sh"
# shellcheck source=tools/load/ejabberd.sh
. "$here/load/ejabberd.sh"

bench_secret=bench
bench_users=1000
role=()
watched=()
leaving=()
multiplied=
service_at=
server_at=

# The servers that are kept: their pids, and their ports for coven-load, for the service and for
# clients.
declare -A kept_pid=() load_port=() service_port=() client_port=()

# REPLY: a new folder within the temporary one.
server_folder() # NAME
{
    REPLY=$(mktemp -d "$temp_folder/$1.XXXXXX")
}

# Unpacks the packages that a script of tools/peers lists, and some more.
server_unpack() # NAME PACKAGE...
{
    local packages
    eval "$(sed -n '/^packages=(/p' "$here/peers/$1")"
    packages_unpack "$build/peers/$1" "${packages[@]}" "${@:2}" >&2
}

# --- covend
# ----------------------------------------------------------------------------------------

# The limits that the few measured users would exceed.
covend_rates=(user_rate visit_rate room_rate answer_rate refusal_rate history_seconds
    user_queue_ms room_queue_ms)

# Runs covend with data on disk and without these limits. REPLY: its pid.
covend_start() # PORT WORD...
{
    local folder
    server_folder covend
    folder=$REPLY
    {
        echo "[limits]"
        printf '%s = 0\n' "${covend_rates[@]}"
        echo "user_sessions = 1000000"
        echo "user_created = 1000000"
    } >"$folder/covend.conf"
    process_start "$folder/log" "$folder/log" env COVEN_SECRET="$bench_secret" "${@:2}" \
        "$build/component/covend" --config "$folder/covend.conf" --server "127.0.0.1:$1" \
        --domain conference.localhost --data "$folder"
    covend_log=$folder/log
    leaving+=("$REPLY")
}

# Attaches covend to a running server, and waits until it is connected. REPLY: its pid.
covend_attach() # PORT
{
    local pid
    covend_start "$1"
    pid=$REPLY
    wait_line "$covend_log" "connected to" "$pid" 30 || server_failed covend "$covend_log"
    REPLY=$pid
}

# Did the server make the copies, and never stop?
covend_was_multiplied() # LOG
{
    grep -q "the server makes the copies" "$1" &&
        ! grep -q "the server no longer makes the copies" "$1"
}

# coven-load is the server. It needs the pid to watch before it listens, so that process waits until
# then and becomes covend.
setup_covend()
{
    local port
    port_pick
    port=$REPLY
    # shellcheck disable=SC2016
    covend_start "$port" bash -c \
        '. "$1"; until port_taken "$2"; do sleep 0.02; done; exec "${@:3}"' wait "$here/lib.sh" "$port"
    role=(--listen "127.0.0.1:$port")
    watched=("$REPLY")
    service_at=0
}

setup_covend-flooded()
{
    setup_covend
    role+=(--flood 5000 --in-flight 8)
}

setup_covend-no-archive()
{
    setup_covend
    role+=(--no-archive)
}

setup_covend-shim()
{
    local folder shim load service
    server_folder shim
    folder=$REPLY
    port_pick && load=$REPLY
    port_pick && service=$REPLY
    process_start "$folder/log" "$folder/log" "$build/tools/coven-shim" --c2s "127.0.0.1:$load" \
        --component "127.0.0.1:$service" --any-user \
        --component-secret "conference.localhost=$bench_secret"
    shim=$REPLY
    leaving+=("$shim")
    wait_line "$folder/log" "^ready" "$shim" 10 || server_failed coven-shim "$folder/log"
    covend_attach "$service"
    role=(--clients "127.0.0.1:$load")
    watched=("$REPLY" "$shim")
    service_at=0 server_at=1
}

# --- the loopback
# ----------------------------------------------------------------------------------

setup_loopback()
{
    role=(--loopback)
}

# --- Prosody and ejabberd
# --------------------------------------------------------------------------

# A server is kept for the next runs that want the same. KIND: it has its own service (own), or one
# attaches (host), or one attaches and mod_coven_multi is loaded (multi). FEATURES: few (the modules
# that the work needs), or usual (those that are loaded by default), or words joined by "+" for what
# is there beside the usual ones: mam (an archive for each user); tls and acks (stream management),
# which the clients use. REPLY: its name.
server_keep() # SERVER KIND FEATURES
{
    local name=$1-$2-$3
    if [[ ${kept_pid[$name]:-} ]]; then
        REPLY=$name
        process_alive "${kept_pid[$name]}" && return
        process_end "${kept_pid[$name]}"
    fi
    [[ $3 != *tls* ]] || certificate_make
    port_pick && load_port[$name]=$REPLY
    port_pick && client_port[$name]=$REPLY
    port_pick && service_port[$name]=$REPLY
    "$1_start" "$name" "$2" "$3"
    kept_pid[$name]=$REPLY
    REPLY=$name
}

# Kills all kept servers; their data is thrown away anyway.
servers_end()
{
    local name
    for name in "${!kept_pid[@]}"; do
        kill -KILL -- "-${kept_pid[$name]}" || true
        process_end "${kept_pid[$name]}"
    done 2>/dev/null
    kept_pid=()
}

certificate_make()
{
    [[ ! -e $temp_folder/cert.pem ]] || return 0
    packages_install openssl >&2
    quietly "making a certificate" openssl req -x509 -nodes -days 2 -subj "/CN=localhost" \
        -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
        -keyout "$temp_folder/key.pem" -out "$temp_folder/cert.pem"
}

setup_own() # SERVER
{
    server_keep "$1" own few
    role=(--connect "127.0.0.1:${load_port[$REPLY]}")
    watched=("${kept_pid[$REPLY]}")
    service_at=0
}

# The server's own service, used by clients.
setup_own_clients() # SERVER
{
    server_keep "$1" own few
    role=(--clients "127.0.0.1:${client_port[$REPLY]}")
    watched=("${kept_pid[$REPLY]}")
    service_at=0
}

# covend as a component of the server.
setup_attached() # SERVER
{
    local name
    server_keep "$1" host few
    name=$REPLY
    covend_attach "${service_port[$name]}"
    role=(--connect "127.0.0.1:${load_port[$name]}")
    watched=("$REPLY" "${kept_pid[$name]}")
    service_at=0 server_at=1
}

# The service is a component that only copies: the most that the server can route.
setup_bare() # SERVER
{
    server_keep "$1" host few
    role=(--connect "127.0.0.1:${load_port[$REPLY]}"
        --mirror "127.0.0.1:${service_port[$REPLY]}")
    watched=("${kept_pid[$REPLY]}")
    service_at=1 server_at=0
}

# Clients of the server, in its own rooms or in those of covend.
setup_clients() # SERVER KIND FEATURES
{
    local name
    server_keep "$@"
    name=$REPLY
    watched=("${kept_pid[$name]}")
    server_at=0
    if [[ $2 != own ]]; then
        covend_attach "${service_port[$name]}"
        watched+=("$REPLY")
        service_at=1
    fi
    if [[ $2 == multi ]]; then
        multiplied=$covend_log
        wait_line "$covend_log" "the server makes the copies" "$REPLY" 10 || true
    fi
    role=(--clients "127.0.0.1:${client_port[$name]}")
    [[ $3 != *tls* ]] || role+=(--tls)
    [[ $3 != *acks* ]] || role+=(--stream-management)
}

setup_prosody() { setup_own prosody; }
setup_prosody-clients() { setup_own_clients prosody; }
setup_prosody-attached() { setup_attached prosody; }
setup_prosody-bare() { setup_bare prosody; }
setup_ejabberd() { setup_own ejabberd; }
setup_ejabberd-clients() { setup_own_clients ejabberd; }
setup_ejabberd-attached() { setup_attached ejabberd; }
setup_ejabberd-bare() { setup_bare ejabberd; }

server_failed() # NAME LOG
{
    tail -n 20 "$2" >&2
    die "$1 did not start"
}

# Waits until the server listens. REPLY: its pid.
server_wait() # NAME PID LOG
{
    local tries=600 port
    for port in "${load_port[$1]}" "${client_port[$1]}" "${service_port[$1]}"; do
        [[ $1 != ejabberd-own-* || $port != "${service_port[$1]}" ]] || continue
        while ! port_taken "$port"; do
            process_alive "$2" && ((tries-- > 0)) || server_failed "$1" "$3"
            sleep 0.05
        done
    done
    REPLY=$2
}
