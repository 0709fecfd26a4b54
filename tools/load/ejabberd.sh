# ejabberd for tools/bench. Sourced by servers.sh.
# shellcheck shell=bash disable=SC2154

# What its example configuration loads and clients may notice.
ejabberd_usual=(roster privacy blocking carboncopy client_state offline ping private pubsub push
    stream_mgmt vcard)

# Its own database gets slower with each message of an archive; SQLite does not.
ejabberd_config() # FOLDER NAME KIND FEATURES
{
    local tls=
    cat <<END
sql_type: sqlite
sql_database: "$1/archive.db"
hosts: ["localhost"]
loglevel: warning
auth_method: internal
auth_password_format: plain
s2s_access: none
access_rules: {everyone: {allow: all}}
END
    ejabberd_modules "$3" "$4"
    if [[ $4 == *tls* ]]; then
        echo "certfiles: [\"$temp_folder/cert.pem\", \"$temp_folder/key.pem\"]"
        tls=", starttls: true"
    fi
    cat <<END
listen:
  - {module: ejabberd_c2s, ip: "127.0.0.1", port: ${client_port[$2]}, access: everyone$tls}
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

ejabberd_modules() # KIND FEATURES
{
    local names=(disco)
    [[ $1 != multi ]] || names+=(coven_multi)
    [[ $2 == few ]] || names+=("${ejabberd_usual[@]}")
    echo "modules:"
    printf '  mod_%s: {}\n' "${names[@]}"
    # It keeps the archives of rooms, too.
    [[ $1 != own && $2 != *mam* ]] || echo "  mod_mam: {db_type: sql}"
    [[ $1 != own ]] || cat <<END
  mod_muc:
    hosts: ["conference.localhost"]
    max_users: 100000
    max_users_presence: 100000
    max_user_conferences: 100000
    min_message_interval: 0
    min_presence_interval: 0
    default_room_options: {mam: true, max_users: 100000}
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

# Sets the array `erlang` to the command that runs Erlang code.
ejabberd_erlang() # FOLDER
{
    local root=$build/peers/ejabberd libs erts
    libs=$(echo "$root"/usr/lib/*-linux-gnu*)
    erts=$(echo "$root"/usr/lib/erlang/erts-*)
    packages_libraries "$root"
    erlang=(env HOME="$1" LD_LIBRARY_PATH="$REPLY" ERL_LIBS="$libs" ERL_CRASH_DUMP_BYTES=0
        ROOTDIR="$root/usr/lib/erlang" BINDIR="$erts/bin" EMU=beam PROGNAME=erl
        EJABBERD_CONFIG_PATH="$1/ejabberd.yml" EJABBERD_LOG_PATH="$1/ejabberd.log"
        "$erts/bin/erlexec" +K true +sbwt none +sbwtdcpu none +sbwtdio none -start_epmd false
        -noinput -pa "$1" -mnesia dir "\"$1/mnesia\"" -eval)
}

ejabberd_start() # NAME KIND FEATURES
{
    local folder erlang pid source=$here/../component/dist/ejabberd/mod_coven_multi
    server_unpack ejabberd erlang-p1-sqlite3
    server_folder ejabberd
    folder=$REPLY
    ejabberd_config "$folder" "$@" >"$folder/ejabberd.yml"
    packages_install sqlite3 >&2
    # WAL is faster than the default journal, and as safe.
    quietly "making a database" sqlite3 "$folder/archive.db" "PRAGMA journal_mode = WAL" \
        ".read $build/peers/ejabberd/usr/share/ejabberd/sql/lite.sql"
    ejabberd_erlang "$folder"
    [[ $2 != multi ]] || quietly "compiling mod_coven_multi" "${erlang[@]}" \
        "{ok, _} = compile:file(\"$source\", [report, {outdir, \"$folder\"}]), halt()."
    process_start "$folder/log" "$folder/log" "${erlang[@]}" "$(ejabberd_expression)"
    pid=$REPLY
    wait_line "$folder/log" "^ready" "$pid" 60 || server_failed ejabberd "$folder/log"
    server_wait "$1" "$pid" "$folder/log"
}
