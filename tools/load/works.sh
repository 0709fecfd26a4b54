# What tools/bench measures, in two tables. Sourced by it.
# shellcheck shell=bash disable=SC2034

# One work in each line, in the order of its table: its name; the text of the row; its figures, one
# row each; the setups (servers.sh), COLUMN=SETUP[:ARGUMENT]... or only the setups, for the columns
# of `services`; the options of coven-load. Where people only talk, presence is off: five thousand
# joins would send 25 million.

works=()
services=(covend prosody ejabberd limit)

# The first table: clients of Prosody or ejabberd, each with a connection of its own. The columns
# are covend with mod_coven_multi, the server's own rooms, and covend without the module. FEATURES
# are those of server_keep (servers.sh).
work_add_clients() # NAME TEXT FIGURES SERVER FEATURES OPTIONS
{
    local setup=clients:$4
    works+=("$1|$2|$3|covend=$setup:multi:$5 own=$setup:own:$5 plain=$setup:host:$5|$6 --quiet-rooms")
}

works_add_clients() # SERVER
{
    local server=${1,,} room="--occupants 200 --in-flight 4" figures="copies server service"
    work_add_clients "$server-200" "200 clients on $1" "$figures" "$server" usual "$room"
    work_add_clients "$server-tls" "200 with TLS on $1" "$figures" "$server" tls "$room"
    work_add_clients "$server-acks" "200 with acks on $1" "$figures" "$server" acks "$room"
    work_add_clients "$server-mam" "200 with archives on $1" "$figures" "$server" mam "$room"
    work_add_clients "$server-all" "200 with all three on $1" "$figures" "$server" tls+acks+mam \
        "$room"
    work_add_clients "$server-few" "200, few modules on $1" "$figures" "$server" few "$room"
    work_add_clients "$server-1000" "1,000 in 5 rooms on $1" "$figures" "$server" usual \
        "--rooms 5 --occupants 200 --in-flight 8"
    # Prosody handles all joins that came before it answers the first one.
    work_add_clients "$server-last" "the last of 1,000 on $1" last "$server" usual \
        "--occupants 1000 --in-flight 1 --joining 20"
}

works_add_clients Prosody
works_add_clients ejabberd

# The second table: services under the same load. The columns are covend, Prosody, ejabberd and a
# limit; the setup "-" is none. The limit is the loopback of the machine or, where given, a bare
# component of the same server, covend without an archive, or covend without the flood.
works+=(
    "fan-1|message to 1|copies|covend prosody ejabberd loopback|--occupants 1 --quiet-rooms"
    "fan-10|message to 10|copies|covend prosody ejabberd loopback|--occupants 10 --quiet-rooms"
    "fan-200|message to 200|copies|covend prosody ejabberd loopback|--occupants 200 --quiet-rooms"
    "fan-1000|message to 1,000|copies|covend prosody ejabberd loopback|--occupants 1000 --quiet-rooms"
    "fan-5000|message to 5,000|copies|covend prosody ejabberd loopback|--occupants 5000 --quiet-rooms --in-flight 8"
    "rooms|messages in 1,000 rooms of 10|copies|covend prosody ejabberd loopback|--rooms 1000 --occupants 10 --quiet-rooms --in-flight 256"
    "join-1000|join: 1,000 into 1 room|presences|covend prosody ejabberd loopback|--work join --occupants 1000"
    "join-10x10000|join: 10 into each of 10,000|presences|covend prosody ejabberd loopback|--work join --rooms 10000 --occupants 10"
    "private|private messages|messages|covend prosody ejabberd loopback|--work private --occupants 200 --quiet-rooms --in-flight 256"
    "presence|presence to 200|presences|covend prosody ejabberd loopback|--work presence --occupants 200"
    "history|joins with 20 of history|joins|covend prosody ejabberd loopback|--work history --occupants 50"
    "archive|pages of 50 from an archive|pages|covend prosody ejabberd loopback|--work archive --occupants 10 --fill 1000 --quiet-rooms"
    "memory-room|memory of a room|room|covend prosody ejabberd -|--work join --rooms 2000 --occupants 1"
    "memory-occupant|memory of an occupant|occupant|covend prosody ejabberd -|--work join --occupants 1000 --quiet-rooms"
    "on-prosody|on Prosody: message to 200|copies service server|prosody-attached prosody - prosody-bare|--occupants 200 --quiet-rooms --in-flight 8"
    "on-ejabberd|on ejabberd: message to 200|copies service server|ejabberd-attached - ejabberd ejabberd-bare|--occupants 200 --quiet-rooms --in-flight 8"
    "clients|1,000 clients in 5 rooms|copies service|covend-shim prosody-clients ejabberd-clients -|--rooms 5 --occupants 200 --quiet-rooms"
    "flood|a quiet room beside a flood|p99|covend-flooded - - covend|--occupants 10 --quiet-rooms --rate 100"
    "archive-200|archive: message to 200|copies|covend - - covend-no-archive|--occupants 200 --quiet-rooms"
    "archive-1000|archive: message to 1,000|copies|covend - - covend-no-archive|--occupants 1000 --quiet-rooms"
)

# Less work for servers that would need minutes: the figure is a rate.
declare -A smaller=(
    [join-10x10000 prosody]="--rooms 500"
    [join-10x10000 ejabberd]="--rooms 500"
)

# The unit of a figure, and whether more is better.
declare -A unit=(
    [copies]="copies/s" [presences]="copies/s" [messages]="messages/s" [joins]="joins/s"
    [pages]="pages/s" [room]="bytes" [occupant]="bytes" [p99]="ms, p99"
    [service]="us/copy" [server]="us/copy" [last]="ms"
)
declare -A better=(
    [copies]=more [presences]=more [messages]=more [joins]=more [pages]=more
    [room]=less [occupant]=less [p99]=less [service]=less [server]=less [last]=less
)
# The text of further rows of a work.
declare -A words=([service]="  service's processor" [server]="  server's processor")
# The titles of columns, other than their names.
declare -A titles=([own]="own rooms" [plain]="no module")
