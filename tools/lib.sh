# Shared by the scripts of this folder: messages, free ports, processes that end with the script,
# and a temporary folder that is removed with it. Sourced, never run. Results are in REPLY and not
# printed, because a process started in a subshell could not be ended outside of it.
# shellcheck shell=bash

# Prints each argument on a line.
say()
{
    printf '%s\n' "$@"
}

warn()
{
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die()
{
    warn "$@"
    exit 1
}

# --- ports -------------------------------------------------------------------------------------

# Is a process listening on this port, on any address? Reads the kernel's table, so no tool is
# needed.
port_taken() # PORT
{
    local table tables=()
    for table in /proc/net/tcp /proc/net/tcp6; do
        [[ -r $table ]] && tables+=("$table")
    done
    ((${#tables[@]})) || die "/proc is not mounted: cannot tell which ports are free"
    awk -v port="$(printf ':%04X' "$1")" \
        '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
        "${tables[@]}"
}

# REPLY: a free port, below those that the kernel uses for outgoing connections. A shell gets each
# port once.
port_next=$((20000 + RANDOM % 8000))
port_pick()
{
    while port_taken "$port_next"; do
        port_next=$((port_next + 1))
    done
    REPLY=$port_next
    port_next=$((port_next + 1))
}

# --- processes ---------------------------------------------------------------------------------

process_pids=()

# Starts a command in a process group of its own. The kernel kills it when this shell is killed.
# REPLY: its pid.
process_start() # OUT ERR COMMAND...
{
    local out=$1 err=$2
    shift 2
    : >"$out" # now, so that wait_line does not find a line of an earlier process
    if [[ $out == "$err" ]]; then
        setsid setpriv --pdeathsig KILL -- "$@" </dev/null >"$out" 2>&1 &
    else
        setsid setpriv --pdeathsig KILL -- "$@" </dev/null >"$out" 2>"$err" &
    fi
    REPLY=$!
    process_pids+=("$REPLY")
}

process_alive() # PID
{
    kill -0 "$1" 2>/dev/null
}

process_ends_within() # PID SECONDS
{
    local tries=$(($2 * 20))
    while process_alive "$1"; do
        ((tries-- > 0)) || return 1
        sleep 0.05
    done
}

# Sends TERM to the whole group, and KILL after a while. REPLY: the exit status.
process_end() # PID [SECONDS]
{
    kill -TERM -- "-$1" 2>/dev/null || kill -TERM "$1" 2>/dev/null || true
    process_ends_within "$1" "${2:-5}" || true
    kill -KILL -- "-$1" 2>/dev/null || true
    process_forget "$1"
}

# Waits until the process ends; ends it after SECONDS. REPLY: the exit status, 124 after a timeout.
process_wait() # PID SECONDS
{
    if process_ends_within "$1" "$2"; then
        process_forget "$1"
    else
        warn "process $1 did not end within $2 seconds"
        process_end "$1"
        REPLY=124
    fi
}

process_forget() # PID
{
    local pids=() other
    REPLY=0
    wait "$1" 2>/dev/null || REPLY=$?
    for other in "${process_pids[@]}"; do
        [[ $other == "$1" ]] || pids+=("$other")
    done
    process_pids=("${pids[@]}")
}

process_end_all()
{
    while ((${#process_pids[@]})); do
        process_end "${process_pids[-1]}" 10
    done
}

# Waits until a line of the file matches. Fails when the process ends before that, or after SECONDS.
wait_line() # FILE REGEX PID SECONDS
{
    local tries=$(($4 * 20))
    while ((tries-- > 0)); do
        grep -qE -- "$2" "$1" 2>/dev/null && return
        process_alive "$3" || break
        sleep 0.05
    done
    grep -qE -- "$2" "$1" 2>/dev/null
}

# --- the end -----------------------------------------------------------------------------------

temp_folder=

temp_folder_make()
{
    [[ -n $temp_folder ]] || temp_folder=$(mktemp -d "${TMPDIR:-/tmp}/coven.XXXXXX")
}

# Ends all processes and removes the temporary folder, however the script ends.
at_exit()
{
    trap '' INT TERM HUP
    process_end_all
    [[ -z $temp_folder ]] || rm -rf -- "$temp_folder"
}

trap at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
