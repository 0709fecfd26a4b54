# The servers that tools/bench compares, each with its own MUC service at conference.localhost and
# room for coven-load as the component load.localhost. All keep an archive on disk; what exists to
# slow strangers down is off, and so is what the work does not need. Sourced after lib.sh and
# packages.sh; NAME_start leaves the pid in REPLY and the component port in `server_port`.
# shellcheck shell=bash disable=SC2034,SC2154

server_port=
server_secret=bench

# REPLY: a new folder within the temporary one.
server_folder() # NAME
{
    REPLY=$(mktemp -d "$temp_folder/$1.XXXXXX")
}

# The packages that a script of tools/peers names, and more.
server_unpack() # NAME PACKAGE...
{
    local packages
    eval "$(sed -n '/^packages=(/,/^)/p' "$here/peers/$1")"
    packages_unpack "$build/peers/$1" "${packages[@]}" "${@:2}"
}

# --- covend: it connects to coven-load, which is its server ---------------------------------------

covend_start()
{
    local folder
    server_folder covend
    folder=$REPLY
    mkdir "$folder/data"
    port_pick
    server_port=$REPLY
    cat >"$folder/covend.conf" <<END
[link]
server = 127.0.0.1:$server_port
domain = conference.localhost
backoff_max_seconds = 1
[store]
data = $folder/data
END
    process_start "$folder/log" "$folder/log" env COVEN_SECRET="$server_secret" \
        "$build/component/covend" --config "$folder/covend.conf"
}

# --- Prosody ---------------------------------------------------------------------------------------

prosody_config() # FOLDER
{
    cat <<END
run_as_root = true
data_path = "$1/data"
log = { warn = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { }
s2s_ports = { }
component_ports = { $server_port }
modules_enabled = { "posix" }
modules_disabled = { "s2s"; "s2s_auth_certs"; "c2s"; "tls" }
storage = "internal"
VirtualHost "localhost"
Component "load.localhost"
  component_secret = "$server_secret"
Component "conference.localhost" "muc"
  modules_enabled = { "muc_mam" }
  muc_log_by_default = true
END
}

prosody_start()
{
    local folder root=$build/peers/prosody share libs
    server_unpack prosody
    server_folder prosody
    folder=$REPLY
    port_pick
    server_port=$REPLY
    mkdir "$folder/data"
    prosody_config "$folder" >"$folder/prosody.cfg.lua"
    sed "s|'/usr/lib/prosody|'$root/usr/lib/prosody|" "$root/usr/bin/prosody" >"$folder/prosody"
    share=$root/usr/share/lua/5.4
    libs=$(echo "$root"/usr/lib/*-linux-gnu*)
    process_start "$folder/log" "$folder/log" env \
        LD_LIBRARY_PATH="$libs" LUA_CPATH="$libs/lua/5.4/?.so" \
        LUA_PATH="$share/?.lua;$share/?/init.lua" \
        "$root/usr/bin/lua5.4" "$folder/prosody" -F --config "$folder/prosody.cfg.lua"
    server_wait prosody "$REPLY" "$folder/log"
}

# --- ejabberd --------------------------------------------------------------------------------------

# Its own database takes longer for each message that an archive holds already; SQLite does not.
ejabberd_config() # FOLDER
{
    cat <<END
sql_type: sqlite
sql_database: "$1/archive.db"
hosts: ["localhost"]
loglevel: warning
s2s_access: none
access_rules: {everyone: {allow: all}}
modules:
  mod_disco: {}
  mod_mam: {db_type: sql}
  mod_muc:
    hosts: ["conference.localhost"]
    max_users: 100000
    max_users_presence: 100000
    max_user_conferences: 100000
    min_message_interval: 0
    min_presence_interval: 0
    default_room_options: {mam: true, max_users: 100000}
listen:
  -
    module: ejabberd_service
    ip: "127.0.0.1"
    port: $server_port
    access: everyone
    hosts: {"load.localhost": {password: "$server_secret"}}
END
}

ejabberd_start()
{
    local folder root=$build/peers/ejabberd libs erts
    server_unpack ejabberd erlang-p1-sqlite3
    server_folder ejabberd
    folder=$REPLY
    port_pick
    server_port=$REPLY
    ejabberd_config "$folder" >"$folder/ejabberd.yml"
    packages_install sqlite3
    quietly "making a database" sqlite3 "$folder/archive.db" \
        ".read $root/usr/share/ejabberd/sql/lite.sql"
    libs=$(echo "$root"/usr/lib/*-linux-gnu*)
    erts=$(echo "$root"/usr/lib/erlang/erts-*)
    process_start "$folder/log" "$folder/log" env \
        HOME="$folder" LD_LIBRARY_PATH="$libs" ERL_LIBS="$libs" ERL_CRASH_DUMP_BYTES=0 \
        ROOTDIR="$root/usr/lib/erlang" BINDIR="$erts/bin" EMU=beam PROGNAME=erl \
        EJABBERD_CONFIG_PATH="$folder/ejabberd.yml" EJABBERD_LOG_PATH="$folder/ejabberd.log" \
        "$erts/bin/erlexec" +K true +sbwt none +sbwtdcpu none +sbwtdio none -start_epmd false \
        -noinput -mnesia dir "\"$folder/mnesia\"" \
        -eval "{ok, _} = application:ensure_all_started(ejabberd, permanent)."
    server_wait ejabberd "$REPLY" "$folder/log"
}

# Until it listens; REPLY is its pid, as before.
server_wait() # NAME PID LOG
{
    local tries=1200
    while ! port_taken "$server_port"; do
        if ! process_alive "$2" || ((tries-- == 0)); then
            tail -n 20 "$3" >&2
            die "$1 did not start"
        fi
        sleep 0.05
    done
    REPLY=$2
}
