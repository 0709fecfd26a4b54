/* The commands for the service, in the order of enum command_id. */

#include "command_private.h"
#include "coven/log.h"

static const struct command_field stats_fields[] = {
    {"version", "Version", TYPE_TEXT},
    {"uptime", "Seconds up", TYPE_NUMBER},
    {"link", "Connection to the server", TYPE_TEXT},
    {"copies", "Copies made by the server", TYPE_FLAG},
    {"rooms", "Rooms", TYPE_NUMBER},
    {"public_rooms", "Public rooms", TYPE_NUMBER},
    {"rooms_in_memory", "Rooms in memory", TYPE_NUMBER},
    {"tombstones", "Destroyed rooms remembered", TYPE_NUMBER},
    {"sessions", "Clients inside", TYPE_NUMBER},
    {"users", "Users in rooms in memory", TYPE_NUMBER},
    {"occupants", "Occupants of rooms in memory", TYPE_NUMBER},
    {"denied", "Denied users and domains", TYPE_NUMBER},
    {"messages_in", "Messages received", TYPE_NUMBER},
    {"presences_in", "Presences received", TYPE_NUMBER},
    {"requests_in", "Requests received", TYPE_NUMBER},
    {"refusals", "Refusals", TYPE_NUMBER},
    {"dropped", "Turns that the store failed", TYPE_NUMBER},
    {"queue", "To be sent", TYPE_BYTES},
    {"memory", "Memory", TYPE_BYTES},
    END,
};

static const struct command_argument top_arguments[] = {
    LIMIT("At most so many rooms and users each. 10 if not given."), END};
static const struct command_field top_fields[] = {
    {"kind", "Kind", TYPE_TEXT},
    {"name", "Who", TYPE_TEXT},
    {"stanzas", "Stanzas", TYPE_NUMBER},
    {"refusals", "Refused", TYPE_NUMBER},
    {"seconds", "In seconds", TYPE_NUMBER},
    END,
};

static const struct command_argument announce_arguments[] = {
    {"text", "Text", "What to say.", ARGUMENT_TEXT, .required = true},
    {"subject", "Subject", "The subject of the message.", ARGUMENT_TEXT, .named = true},
    {"room", "Room", "Only to those in this room.", ARGUMENT_ROOM, .named = true},
    {"owners", "Owners", "To the owners of all rooms, wherever they are, and nobody else.",
     ARGUMENT_FLAG, .named = true},
    END,
};
static const struct command_field announce_fields[] = {{"users", "Users told", TYPE_NUMBER}, END};

static const struct command_argument log_level_arguments[] = {
    {"level", "Level",
     "The new level, until the configuration is read again; without one the level is shown.",
     ARGUMENT_WORD, .required = false, .words = log_level_names},
    END,
};
static const struct command_field log_level_fields[] = {{"level", "Level", TYPE_TEXT}, END};

static const struct command_field check_fields[] = {
    {"fault", "Fault", TYPE_TEXT},
    END,
};

static const struct command_argument backup_arguments[] = {
    {"file", "File", "A new file, which covend writes: an absolute path.", ARGUMENT_TEXT,
     .required = true},
    END,
};
static const struct command_field backup_fields[] = {
    {"file", "File", TYPE_TEXT}, {"bytes", "Size", TYPE_BYTES}, END};

const struct command command_service[COMMAND_SERVICE_COUNT] = {
    {
        .name = "stats",
        .summary = "show figures: rooms, people inside, traffic, memory",
        .examples = "stats\n",
        .right = RIGHT_OPERATOR,
        .shape = SHAPE_CARD,
        .fields = stats_fields,
    },
    {
        .name = "top",
        .summary = "show the busiest rooms and users of the last minutes",
        .none = "There was no traffic.",
        .examples = "top\n"
                    "top --limit 3\n",
        .right = RIGHT_OPERATOR,
        .shape = SHAPE_TABLE,
        .arguments = top_arguments,
        .fields = top_fields,
    },
    {
        .name = "announce",
        .summary = "send a message to all who are in any room",
        .help = "Each user gets it once, from the service.",
        .examples = "announce 'Maintenance at 22:00'\n"
                    "announce 'Please choose a new owner' --owners\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_CARD,
        .arguments = announce_arguments,
        .fields = announce_fields,
        .node = "http://jabber.org/protocol/admin#announce",
    },
    {
        .name = "log-level",
        .summary = "show or change what is logged",
        .examples = "log-level debug\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_CARD,
        .arguments = log_level_arguments,
        .fields = log_level_fields,
    },
    {
        .name = "reload",
        .summary = "read the configuration again",
        .examples = "reload\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_NOTHING,
    },
    {
        .name = "check",
        .summary = "look whether the store is intact",
        .help = "Shows the faults that it finds, and fails if there are any.",
        .none = "The store is intact.",
        .examples = "check\n",
        .right = RIGHT_OPERATOR,
        .shape = SHAPE_TABLE,
        .fields = check_fields,
    },
    {
        .name = "backup",
        .summary = "copy the store into a file while the service runs",
        .help = "The copy is a store of its own, as of one moment: put into an empty folder as "
                "coven.db, it is a data folder.",
        .examples = "backup /var/lib/coven/backup.db\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_CARD,
        .arguments = backup_arguments,
        .fields = backup_fields,
    },
    {
        .name = "stop",
        .summary = "end covend",
        .help = "As SIGTERM does, but systemd does not start it again by itself. When it starts "
                "again, those who "
                "were inside still are.",
        .examples = "stop\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .node = "http://jabber.org/protocol/admin#shutdown",
    },
};
