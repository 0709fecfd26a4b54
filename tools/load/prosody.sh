# Prosody for tools/bench. Sourced by servers.sh.
# shellcheck shell=bash disable=SC2154

# What Debian's configuration loads and clients may notice.
prosody_usual=(disco roster blocklist bookmarks carbons pep private smacks vcard4 vcard_legacy
    csi_simple ping time uptime version)

prosody_config() # FOLDER NAME KIND FEATURES
{
    cat <<END
run_as_root = true
data_path = "$1/data"
plugin_paths = { "$here/../component/dist/prosody" }
log = { warn = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${client_port[$2]} }
s2s_ports = { }
component_ports = { ${load_port[$2]} }
storage = "internal"
authentication = "insecure"
insecure_open_authentication = "Yes please, I know what I'm doing!"
allow_unencrypted_plain_auth = true
c2s_require_encryption = false
END
    prosody_modules "$4"
    cat <<END
VirtualHost "localhost"
Component "load.localhost"
  component_secret = "$bench_secret"
  component_conflict_resolve = "kick_old"
END
    prosody_service "$3"
}

prosody_modules() # FEATURES
{
    local enabled=(posix saslauth) disabled=(s2s s2s_auth_certs)
    [[ $1 == few ]] || enabled+=("${prosody_usual[@]}")
    [[ $1 != *mam* ]] || enabled+=(mam)
    if [[ $1 == *tls* ]]; then
        enabled+=(tls)
        echo "ssl = { key = \"$temp_folder/key.pem\"; certificate = \"$temp_folder/cert.pem\" }"
    else
        disabled+=(tls)
    fi
    printf 'modules_enabled = {'
    printf ' "%s";' "${enabled[@]}"
    printf ' }\nmodules_disabled = {'
    printf ' "%s";' "${disabled[@]}"
    printf ' }\n'
}

prosody_service() # KIND
{
    if [[ $1 == own ]]; then
        echo 'Component "conference.localhost" "muc"'
        echo '  modules_enabled = { "muc_mam" }'
        echo '  muc_log_by_default = true'
        # With more rooms than this (default 100) some are always being written to disk.
        echo '  muc_room_cache_size = 100000'
        return
    fi
    echo 'Component "conference.localhost"'
    echo "  component_secret = \"$bench_secret\""
    echo '  component_conflict_resolve = "kick_old"'
    [[ $1 != multi ]] || echo '  modules_enabled = { "coven_multi" }'
}

prosody_start() # NAME KIND FEATURES
{
    local folder root=$build/peers/prosody share libs
    server_unpack prosody
    server_folder prosody
    folder=$REPLY
    service_port[$1]=${load_port[$1]}
    mkdir "$folder/data"
    prosody_config "$folder" "$@" >"$folder/prosody.cfg.lua"
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
