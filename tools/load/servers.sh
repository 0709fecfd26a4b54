# The servers that tools/bench compares, each with a service at conference.localhost, and with
# load.localhost for coven-load as a component, or accounts for it as clients. All keep an archive
# on disk; rate limits are off, and so is what the work does not need. Sourced after lib.sh and
# packages.sh.
#
# setup_NAME starts the processes of a run and sets these variables:
#   role       the options of coven-load for its role
#   watched    the processes to watch
#   leaving    the processes that end after the run; others are kept for the next one
#   service_at, server_at   the indexes, in coven-load's figures, of the service and of a server that
#                           only routes; empty: there is none
# shellcheck shell=bash disable=SC2034,SC2154

bench_secret=bench
bench_users=1000
role=()
watched=()
leaving=()
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

# Starts a server unless it is kept: with its own service (own), or for one that attaches (host).
server_keep() # NAME own|host
{
    local name=$1-$2
    if [[ ${kept_pid[$name]:-} ]]; then
        process_alive "${kept_pid[$name]}" && return
        process_end "${kept_pid[$name]}"
    fi
    port_pick && load_port[$name]=$REPLY
    port_pick && client_port[$name]=$REPLY
    port_pick && service_port[$name]=$REPLY
    "$1_start" "$name" "$2"
    kept_pid[$name]=$REPLY
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

setup_own() # NAME
{
    server_keep "$1" own
    role=(--connect "127.0.0.1:${load_port[$1-own]}")
    watched=("${kept_pid[$1-own]}")
    service_at=0
}

# The server's own service, used by clients.
setup_own_clients() # NAME
{
    setup_own "$1"
    role=(--clients "127.0.0.1:${client_port[$1-own]}")
}

# covend as a component of the server.
setup_attached() # NAME
{
    server_keep "$1" host
    covend_attach "${service_port[$1-host]}"
    role=(--connect "127.0.0.1:${load_port[$1-host]}")
    watched=("$REPLY" "${kept_pid[$1-host]}")
    service_at=0 server_at=1
}

# The service is a component that only copies: the most that the server can route.
setup_bare() # NAME
{
    server_keep "$1" host
    role=(--connect "127.0.0.1:${load_port[$1-host]}"
        --mirror "127.0.0.1:${service_port[$1-host]}")
    watched=("${kept_pid[$1-host]}")
    service_at=1 server_at=0
}

setup_prosody() { setup_own prosody; }
setup_prosody-clients() { setup_own_clients prosody; }
setup_prosody-attached() { setup_attached prosody; }
setup_prosody-bare() { setup_bare prosody; }
setup_ejabberd() { setup_own ejabberd; }
setup_ejabberd-clients() { setup_own_clients ejabberd; }
setup_ejabberd-attached() { setup_attached ejabberd; }
setup_ejabberd-bare() { setup_bare ejabberd; }

prosody_config() # FOLDER NAME own|host
{
    cat <<END
run_as_root = true
data_path = "$1/data"
log = { warn = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${client_port[$2]} }
s2s_ports = { }
component_ports = { ${load_port[$2]} }
modules_enabled = { "posix"; "saslauth" }
modules_disabled = { "s2s"; "s2s_auth_certs"; "tls" }
storage = "internal"
authentication = "insecure"
insecure_open_authentication = "Yes please, I know what I'm doing!"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
VirtualHost "localhost"
Component "load.localhost"
  component_secret = "$bench_secret"
  component_conflict_resolve = "kick_old"
END
    if [[ $3 == own ]]; then
        echo 'Component "conference.localhost" "muc"'
        echo '  modules_enabled = { "muc_mam" }'
        echo '  muc_log_by_default = true'
        # With more rooms than this (default 100) some are always being written to disk.
        echo '  muc_room_cache_size = 100000'
    else
        echo 'Component "conference.localhost"'
        echo "  component_secret = \"$bench_secret\""
        echo '  component_conflict_resolve = "kick_old"'
    fi
}

prosody_start() # NAME own|host
{
    local folder root=$build/peers/prosody share libs
    server_unpack prosody
    server_folder prosody
    folder=$REPLY
    service_port[$1]=${load_port[$1]}
    mkdir "$folder/data"
    prosody_config "$folder" "$1" "$2" >"$folder/prosody.cfg.lua"
    sed "s|'/usr/lib/prosody|'$root/usr/lib/prosody|" "$root/usr/bin/prosody" >"$folder/prosody"
    share=$root/usr/share/lua/5.4
    libs=$(echo "$root"/usr/lib/*-linux-gnu*)
    packages_libraries "$root"
    process_start "$folder/log" "$folder/log" env \
        LD_LIBRARY_PATH="$REPLY" LUA_CPATH="$libs/lua/5.4/?.so" \
        LUA_PATH="$share/?.lua;$share/?/init.lua" \
        "$root/usr/bin/lua5.4" "$folder/prosody" -F --config "$folder/prosody.cfg.lua"
    server_wait "$1" "$REPLY" "$folder/log"
}

# Its own database gets slower with each message of an archive; SQLite does not.
ejabberd_config() # FOLDER NAME own|host
{
    cat <<END
sql_type: sqlite
sql_database: "$1/archive.db"
hosts: ["localhost"]
loglevel: warning
auth_method: internal
auth_password_format: plain
s2s_access: none
access_rules: {everyone: {allow: all}}
modules:
  mod_disco: {}
END
    [[ $3 != own ]] || cat <<END
  mod_mam: {db_type: sql}
  mod_muc:
    hosts: ["conference.localhost"]
    max_users: 100000
    max_users_presence: 100000
    max_user_conferences: 100000
    min_message_interval: 0
    min_presence_interval: 0
    default_room_options: {mam: true, max_users: 100000}
END
    cat <<END
listen:
  - {module: ejabberd_c2s, ip: "127.0.0.1", port: ${client_port[$2]}, access: everyone}
  - module: ejabberd_service
    ip: "127.0.0.1"
    port: ${load_port[$2]}
    access: everyone
    hosts: {"load.localhost": {password: "$bench_secret"}}
END
    [[ $3 == own ]] || cat <<END
  - module: ejabberd_service
    ip: "127.0.0.1"
    port: ${service_port[$2]}
    access: everyone
    hosts: {"conference.localhost": {password: "$bench_secret"}}
END
}

# Clients have accounts, because anonymous users cost more.
ejabberd_expression()
{
    cat <<END
{ok, _} = application:ensure_all_started(ejabberd, permanent),
[ok = ejabberd_auth:try_register(<<"user", (integer_to_binary(I))/binary>>, <<"localhost">>,
    <<"password">>) || I <- lists:seq(0, $((bench_users - 1)))],
io:format("ready~n").
END
}

ejabberd_start() # NAME own|host
{
    local folder root=$build/peers/ejabberd libs erts pid
    server_unpack ejabberd erlang-p1-sqlite3
    server_folder ejabberd
    folder=$REPLY
    ejabberd_config "$folder" "$1" "$2" >"$folder/ejabberd.yml"
    packages_install sqlite3 >&2
    # WAL is faster than the default journal, and as safe.
    quietly "making a database" sqlite3 "$folder/archive.db" "PRAGMA journal_mode = WAL" \
        ".read $root/usr/share/ejabberd/sql/lite.sql"
    libs=$(echo "$root"/usr/lib/*-linux-gnu*)
    erts=$(echo "$root"/usr/lib/erlang/erts-*)
    packages_libraries "$root"
    process_start "$folder/log" "$folder/log" env \
        HOME="$folder" LD_LIBRARY_PATH="$REPLY" ERL_LIBS="$libs" ERL_CRASH_DUMP_BYTES=0 \
        ROOTDIR="$root/usr/lib/erlang" BINDIR="$erts/bin" EMU=beam PROGNAME=erl \
        EJABBERD_CONFIG_PATH="$folder/ejabberd.yml" EJABBERD_LOG_PATH="$folder/ejabberd.log" \
        "$erts/bin/erlexec" +K true +sbwt none +sbwtdcpu none +sbwtdio none -start_epmd false \
        -noinput -mnesia dir "\"$folder/mnesia\"" -eval "$(ejabberd_expression)"
    pid=$REPLY
    wait_line "$folder/log" "^ready" "$pid" 60 || server_failed ejabberd "$folder/log"
    server_wait "$1" "$pid" "$folder/log"
}

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
        [[ $1 != ejabberd-own || $port != "${service_port[$1]}" ]] || continue
        while ! port_taken "$port"; do
            process_alive "$2" && ((tries-- > 0)) || server_failed "$1" "$3"
            sleep 0.05
        done
    done
    REPLY=$2
}
