#include <string.h>

#include "coven/command.h"
#include "coven/log.h"

#define ROOM(text)                                                                                 \
    {                                                                                              \
        "room", "Room", text, ARGUMENT_ROOM, .required = true                                      \
    }
#define REASON                                                                                     \
    {                                                                                              \
        "reason", "Reason", "What those concerned are told.", ARGUMENT_TEXT, .named = true         \
    }
#define DRY_RUN                                                                                    \
    {                                                                                              \
        "dry_run", "Dry run", "Only tells what would be done.", ARGUMENT_FLAG, .named = true       \
    }
#define LIMIT(text)                                                                                \
    {                                                                                              \
        "limit", "At most", text, ARGUMENT_NUMBER, .named = true                                   \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* ---- Rooms and people: what there is ---- */

static const char *const room_states[] = {"public",   "hidden",     "locked",    "empty",
                                          "occupied", "persistent", "temporary", NULL};
static const char *const room_orders[] = {"name", "occupants", "messages", "archive",
                                          "last", "created",   NULL};

static const struct command_argument rooms_arguments[] = {
    {"match", "Name", "Only rooms whose name fits this pattern, in which * stands for anything.",
     ARGUMENT_TEXT, .required = false},
    {"state", "State", "Only rooms of this kind.", ARGUMENT_WORD, .named = true,
     .words = room_states},
    {"owner", "Owner", "Only rooms that this user owns.", ARGUMENT_USER, .named = true},
    {"unused", "Unused for days",
     "Only rooms in which nobody is and nobody has said anything for so many days.",
     ARGUMENT_NUMBER, .named = true},
    {"sort", "Order", "What decides about the order; numbers and times begin with the highest.",
     ARGUMENT_WORD, .named = true, .words = room_orders},
    LIMIT("At most so many rooms; 0 for all. 100 if not given."),
    {"skip", "Skip", "Leaves out so many rooms, those of earlier pages.", ARGUMENT_NUMBER,
     .named = true},
    END,
};
static const struct command_field rooms_fields[] = {
    {"room", "Room", TYPE_TEXT},
    {"title", "Name", TYPE_TEXT},
    {"occupants", "Inside", TYPE_NUMBER},
    {"messages", "Messages", TYPE_NUMBER},
    {"last", "Last message", TYPE_TIME},
    {"created", "Created", TYPE_TIME},
    {"owners", "Owners", TYPE_LIST},
    {"state", "State", TYPE_LIST},
    END,
};

static const struct command_argument room_arguments[] = {ROOM("The room to show."), END};
static const struct command_field room_fields[] = {
    {"room", "Room", TYPE_TEXT},
    {"title", "Name", TYPE_TEXT},
    {"description", "Description", TYPE_TEXT},
    {"state", "State", TYPE_LIST},
    {"created", "Created", TYPE_TIME},
    {"creator", "Created by", TYPE_TEXT},
    {"occupants", "Inside", TYPE_NUMBER},
    {"sessions", "Clients inside", TYPE_NUMBER},
    {"owners", "Owners", TYPE_LIST},
    {"admins", "Admins", TYPE_LIST},
    {"members", "Members", TYPE_NUMBER},
    {"outcasts", "Banned", TYPE_NUMBER},
    {"nicks", "Reserved nicknames", TYPE_NUMBER},
    {"applicants", "Wait for approval", TYPE_NUMBER},
    {"subject", "Subject", TYPE_TEXT},
    {"subject_time", "Subject set", TYPE_TIME},
    {"messages", "Messages", TYPE_NUMBER},
    {"first", "First message", TYPE_TIME},
    {"last", "Last message", TYPE_TIME},
    {"archive_bytes", "Size of the archive", TYPE_BYTES},
    {"options", "Options", TYPE_LIST},
    END,
};

static const struct command_argument occupants_arguments[] = {ROOM("The room to look into."), END};
static const struct command_field occupants_fields[] = {
    {"nick", "Nickname", TYPE_TEXT},
    {"jid", "Address", TYPE_TEXT},
    {"role", "Role", TYPE_TEXT},
    {"affiliation", "Affiliation", TYPE_TEXT},
    {"clients", "Clients", TYPE_LIST},
    {"status", "Status", TYPE_TEXT},
    END,
};

static const char *const affiliation_words[] = {"owner", "admin",   "member",
                                                "none",  "outcast", NULL};
static const char *const listed_affiliations[] = {"owner", "admin", "member", "outcast", NULL};
static const char *const role_words[] = {"moderator", "participant", "visitor", NULL};

static const struct command_argument affiliations_arguments[] = {
    ROOM("The room to look into."),
    {"affiliation", "Affiliation", "Only those who have this one.", ARGUMENT_WORD,
     .required = false, .words = listed_affiliations},
    END,
};
static const struct command_field affiliations_fields[] = {
    {"jid", "Address", TYPE_TEXT},
    {"affiliation", "Affiliation", TYPE_TEXT},
    {"nick", "Reserved nickname", TYPE_TEXT},
    {"reason", "Reason", TYPE_TEXT},
    END,
};

static const struct command_argument history_arguments[] = {
    ROOM("The room to look into."),
    LIMIT("At most so many messages, the newest. 20 if not given."),
    {"user", "User", "Only messages of this user.", ARGUMENT_USER, .named = true},
    END,
};
static const struct command_field history_fields[] = {
    {"time", "Time", TYPE_TIME}, {"nick", "Nickname", TYPE_TEXT}, {"jid", "Address", TYPE_TEXT},
    {"text", "Text", TYPE_TEXT}, {"id", "Id", TYPE_TEXT},         END,
};

static const struct command_argument get_arguments[] = {
    ROOM("The room to look into."),
    {"option", "Option", "Only this option.", ARGUMENT_TEXT, .required = false},
    END,
};
static const struct command_field get_fields[] = {
    {"option", "Option", TYPE_TEXT},
    {"value", "Value", TYPE_TEXT},
    {"label", "Meaning", TYPE_TEXT},
    {"fixed", "Fixed", TYPE_FLAG},
    END,
};

static const struct command_argument user_arguments[] = {
    {"jid", "User", "The user's address.", ARGUMENT_USER, .required = true},
    END,
};
static const struct command_field user_fields[] = {
    {"is", "Is", TYPE_TEXT},         {"room", "Room", TYPE_TEXT},
    {"nick", "Nickname", TYPE_TEXT}, {"client", "Client", TYPE_TEXT},
    {"reason", "Reason", TYPE_TEXT}, END,
};

static const struct command_field denied_fields[] = {
    {"address", "Address", TYPE_TEXT}, {"reason", "Reason", TYPE_TEXT},
    {"since", "Since", TYPE_TIME},     {"until", "Until", TYPE_TIME},
    {"by", "By", TYPE_TEXT},           END,
};

static const struct command_field export_fields[] = {
    {"kind", "Kind", TYPE_TEXT},     {"room", "Room", TYPE_TEXT},
    {"time", "Time", TYPE_TIME},     {"nick", "Nickname", TYPE_TEXT},
    {"value", "Value", TYPE_TEXT},   {"reason", "Reason", TYPE_TEXT},
    {"stanza", "Stanza", TYPE_TEXT}, END,
};

/* ---- Changes of rooms ---- */

static const struct command_argument create_arguments[] = {
    {"room", "Room", "The new room's name or address.", ARGUMENT_NEW_ROOM, .required = true},
    {"owner", "Owner", "Who owns the room; without one only operators do.", ARGUMENT_USER,
     .named = true},
    {"options", "Options",
     "Options of the room that are not to have their defaults, as OPTION=VALUE.", ARGUMENT_SETTING,
     .many = true},
    END,
};

static const struct command_argument destroy_arguments[] = {
    {"match", "Rooms", "The room, or a pattern of names in which * stands for anything.",
     ARGUMENT_TEXT, .required = false},
    {"empty", "Empty", "Only rooms in which nobody is.", ARGUMENT_FLAG, .named = true},
    {"unused", "Unused for days",
     "Only rooms in which nobody is and nobody has said anything for so many days.",
     ARGUMENT_NUMBER, .named = true},
    {"owner", "Owner", "Only rooms that this user owns.", ARGUMENT_USER, .named = true},
    REASON,
    {"venue", "Venue", "The address of the room that takes their place.", ARGUMENT_USER,
     .named = true},
    DRY_RUN,
    END,
};
static const struct command_field destroy_fields[] = {
    {"room", "Room", TYPE_TEXT},
    {"title", "Name", TYPE_TEXT},
    {"occupants", "Inside", TYPE_NUMBER},
    {"last", "Last message", TYPE_TIME},
    END,
};

static const struct command_argument set_arguments[] = {
    ROOM("The room to change."),
    {"options", "Options", "What to change, as OPTION=VALUE.", ARGUMENT_SETTING, .required = true,
     .many = true},
    END,
};

static const struct command_argument rename_arguments[] = {
    ROOM("The room to rename."),
    {"to", "New name", "The new name or address.", ARGUMENT_NEW_ROOM, .required = true},
    REASON,
    END,
};

static const struct command_argument unlock_arguments[] = {ROOM("The room to unlock."), END};

static const struct command_argument subject_arguments[] = {
    ROOM("The room to change."),
    {"text", "Subject", "The new subject; without one the room has none.", ARGUMENT_TEXT,
     .required = false},
    END,
};

static const struct command_argument affiliation_arguments[] = {
    ROOM("The room to change."),
    {"jid", "Address", "A user, or a domain for all of its users.", ARGUMENT_ADDRESS,
     .required = true},
    {"affiliation", "Affiliation", "What they are from now on; outcast is a ban.", ARGUMENT_WORD,
     .required = true, .words = affiliation_words},
    {"nick", "Nickname", "A nickname to reserve for the user.", ARGUMENT_TEXT, .named = true},
    REASON,
    END,
};

static const struct command_argument role_arguments[] = {
    ROOM("The room to change."),
    {"nick", "Nickname", "An occupant.", ARGUMENT_TEXT, .required = true},
    {"role", "Role", "What the occupant is from now on; a visitor has no voice.", ARGUMENT_WORD,
     .required = true, .words = role_words},
    REASON,
    END,
};

static const struct command_argument kick_arguments[] = {
    ROOM("The room to change."),
    {"nick", "Nickname", "The occupant who has to leave.", ARGUMENT_TEXT, .required = true},
    REASON,
    END,
};

static const struct command_argument invite_arguments[] = {
    ROOM("The room to invite to."),
    {"jids", "Users", "Whom to invite.", ARGUMENT_USER, .required = true, .many = true},
    REASON,
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

static const struct command_argument purge_archive_arguments[] = {
    ROOM("The room to change."),
    {"days", "Older than days", "Only messages older than so many days.", ARGUMENT_NUMBER,
     .named = true},
    END,
};
static const struct command_field purge_archive_fields[] = {
    {"messages", "Messages deleted", TYPE_NUMBER}, END};

/* ---- Changes for people ---- */

static const struct command_argument deny_arguments[] = {
    {"address", "Address", "A user, or a domain for all of its users.", ARGUMENT_ADDRESS,
     .required = true},
    {"for", "For how long",
     "For so long; without it for good. A number with a unit, such as 12h or 30d.",
     ARGUMENT_DURATION, .named = true},
    REASON,
    END,
};

static const struct command_argument allow_arguments[] = {
    {"address", "Address", "As it was denied.", ARGUMENT_ADDRESS, .required = true},
    END,
};

static const struct command_argument purge_arguments[] = {
    {"jid", "User", "The user's address.", ARGUMENT_USER, .required = true},
    DRY_RUN,
    END,
};
static const struct command_field purge_fields[] = {
    {"messages", "Messages", TYPE_NUMBER},
    {"affiliations", "Affiliations and nicknames", TYPE_NUMBER},
    {"applications", "Requests for registration", TYPE_NUMBER},
    {"rooms", "Rooms created", TYPE_NUMBER},
    END,
};

/* ---- The service ---- */

static const struct command_field stats_fields[] = {
    {"version", "Version", TYPE_TEXT},
    {"uptime", "Seconds up", TYPE_NUMBER},
    {"link", "Connection to the server", TYPE_TEXT},
    {"copies", "Copies made by the server", TYPE_FLAG},
    {"rooms", "Rooms", TYPE_NUMBER},
    {"public_rooms", "Public rooms", TYPE_NUMBER},
    {"rooms_in_memory", "Rooms in memory", TYPE_NUMBER},
    {"tombstones", "Destroyed rooms remembered", TYPE_NUMBER},
    {"users", "Users inside", TYPE_NUMBER},
    {"occupants", "Occupants", TYPE_NUMBER},
    {"sessions", "Clients inside", TYPE_NUMBER},
    {"messages_in", "Messages received", TYPE_NUMBER},
    {"presences_in", "Presences received", TYPE_NUMBER},
    {"requests_in", "Requests received", TYPE_NUMBER},
    {"stanzas_out", "Stanzas sent", TYPE_NUMBER},
    {"refusals", "Refusals", TYPE_NUMBER},
    {"queue", "Bytes to be sent", TYPE_BYTES},
    {"memory", "Memory", TYPE_BYTES},
    {"messages", "Messages kept", TYPE_NUMBER},
    {"store_bytes", "Size of the store", TYPE_BYTES},
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

static const struct command_argument log_level_arguments[] = {
    {"level", "Level", "The new level, until the configuration is read again.", ARGUMENT_WORD,
     .required = false, .words = log_level_names},
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

/* ---- The table ---- */

static const struct command commands[COMMAND_COUNT] = {
    [COMMAND_ROOMS] = {"rooms", "list rooms", "Hidden, locked and empty rooms are listed, too.",
                       RIGHT_OPERATOR, false, SHAPE_TABLE, rooms_arguments, rooms_fields, NULL},
    [COMMAND_ROOM] = {"room", "show all about a room", NULL, RIGHT_ADMIN, false, SHAPE_CARD,
                      room_arguments, room_fields, NULL},
    [COMMAND_OCCUPANTS] = {"occupants", "list who is in a room", NULL, RIGHT_ADMIN, false,
                           SHAPE_TABLE, occupants_arguments, occupants_fields, NULL},
    [COMMAND_AFFILIATIONS] = {"affiliations",
                              "list the owners, admins, members and banned of a room", NULL,
                              RIGHT_ADMIN, false, SHAPE_TABLE, affiliations_arguments,
                              affiliations_fields, NULL},
    [COMMAND_HISTORY] = {"history", "show the newest messages of a room", NULL, RIGHT_ADMIN, false,
                         SHAPE_TABLE, history_arguments, history_fields, NULL},
    [COMMAND_GET] = {"get", "show the options of a room", NULL, RIGHT_OWNER, false, SHAPE_TABLE,
                     get_arguments, get_fields, NULL},
    [COMMAND_USER] = {"user", "show where a user is, what they own, created and are", NULL,
                      RIGHT_OPERATOR, false, SHAPE_TABLE, user_arguments, user_fields, NULL},
    [COMMAND_DENIED] = {"denied", "list who may not use the service", NULL, RIGHT_OPERATOR, false,
                        SHAPE_TABLE, NULL, denied_fields, NULL},
    [COMMAND_EXPORT] = {"export", "show all that is kept of a user",
                        "With --json the answer is what a user may ask for: one object a line.",
                        RIGHT_OPERATOR, false, SHAPE_TABLE, user_arguments, export_fields, NULL},
    [COMMAND_CREATE] = {"create", "create a persistent room",
                        "The room is open at once. Options are those that `get` shows.",
                        RIGHT_OPERATOR, true, SHAPE_NOTHING, create_arguments, NULL, NULL},
    [COMMAND_DESTROY] =
        {"destroy", "destroy a room, or all rooms that fit",
         "At least one of the name, --empty, --unused and --owner must be given, and "
         "a room must fit all that are.",
         RIGHT_OWNER, true, SHAPE_TABLE, destroy_arguments, destroy_fields, NULL},
    [COMMAND_SET] = {"set", "change options of a room", "Options are those that `get` shows.",
                     RIGHT_OWNER, true, SHAPE_NOTHING, set_arguments, NULL, NULL},
    [COMMAND_RENAME] =
        {"rename", "give a room another name",
         "Its archive, affiliations and options go along. Those inside are sent over.", RIGHT_OWNER,
         true, SHAPE_NOTHING, rename_arguments, NULL, NULL},
    [COMMAND_UNLOCK] = {"unlock", "open a new room that its owner has not configured", NULL,
                        RIGHT_OWNER, true, SHAPE_NOTHING, unlock_arguments, NULL, NULL},
    [COMMAND_SUBJECT] = {"subject", "set the subject of a room", NULL, RIGHT_ADMIN, true,
                         SHAPE_NOTHING, subject_arguments, NULL, NULL},
    [COMMAND_AFFILIATION] = {"affiliation",
                             "make a user owner, admin, member, none or outcast of a room", NULL,
                             RIGHT_ADMIN, true, SHAPE_NOTHING, affiliation_arguments, NULL, NULL},
    [COMMAND_ROLE] = {"role", "give an occupant a role", NULL, RIGHT_ADMIN, true, SHAPE_NOTHING,
                      role_arguments, NULL, NULL},
    [COMMAND_KICK] = {"kick", "make an occupant leave", NULL, RIGHT_ADMIN, true, SHAPE_NOTHING,
                      kick_arguments, NULL, NULL},
    [COMMAND_INVITE] = {"invite", "invite users to a room",
                        "Who is invited to a members-only room becomes a member.", RIGHT_ADMIN,
                        true, SHAPE_NOTHING, invite_arguments, NULL, NULL},
    [COMMAND_ANNOUNCE] = {"announce", "send a message to all who are in any room",
                          "Each user gets it once, from the service.", RIGHT_OPERATOR, true,
                          SHAPE_CARD, announce_arguments, announce_fields,
                          "http://jabber.org/protocol/admin#announce"},
    [COMMAND_PURGE_ARCHIVE] = {"purge-archive", "delete the messages of a room", NULL, RIGHT_OWNER,
                               true, SHAPE_CARD, purge_archive_arguments, purge_archive_fields,
                               NULL},
    [COMMAND_DENY] = {"deny", "keep a user or a domain out of the whole service",
                      "They leave all rooms and get nothing from the service but this refusal.",
                      RIGHT_OPERATOR, true, SHAPE_NOTHING, deny_arguments, NULL, NULL},
    [COMMAND_ALLOW] = {"allow", "end what deny began", NULL, RIGHT_OPERATOR, true, SHAPE_NOTHING,
                       allow_arguments, NULL, NULL},
    [COMMAND_PURGE] =
        {"purge", "delete all that is kept of a user",
         "Messages, affiliations, bans, nicknames and registrations; the user leaves all "
         "rooms. Rooms that the user created stay.",
         RIGHT_OPERATOR, true, SHAPE_CARD, purge_arguments, purge_fields, NULL},
    [COMMAND_STATS] = {"stats", "show figures of the service", NULL, RIGHT_OPERATOR, false,
                       SHAPE_CARD, NULL, stats_fields, NULL},
    [COMMAND_TOP] = {"top", "show the busiest rooms and users of the last minutes", NULL,
                     RIGHT_OPERATOR, false, SHAPE_TABLE, top_arguments, top_fields, NULL},
    [COMMAND_LOG_LEVEL] = {"log-level", "show or change what is logged", NULL, RIGHT_OPERATOR, true,
                           SHAPE_CARD, log_level_arguments, log_level_fields, NULL},
    [COMMAND_RELOAD] = {"reload", "read the configuration again", NULL, RIGHT_OPERATOR, true,
                        SHAPE_NOTHING, NULL, NULL, NULL},
    [COMMAND_CHECK] = {"check", "look whether the store is intact",
                       "Tells the faults that it finds, and fails if there are any.",
                       RIGHT_OPERATOR, false, SHAPE_TABLE, NULL, check_fields, NULL},
    [COMMAND_BACKUP] = {"backup", "copy the store into a file while the service runs",
                        "The copy is a store of its own, as of one moment.", RIGHT_OPERATOR, true,
                        SHAPE_CARD, backup_arguments, backup_fields, NULL},
    [COMMAND_STOP] = {"stop", "end covend",
                      "As SIGTERM does, but systemd does not start it again by itself.",
                      RIGHT_OPERATOR, true, SHAPE_NOTHING, NULL, NULL,
                      "http://jabber.org/protocol/admin#shutdown"},
};

const struct command *command_at(size_t index)
{
    return index < COMMAND_COUNT ? &commands[index] : NULL;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

enum command_id command_id_of(const struct command *command)
{
    return (enum command_id)(command - commands);
}

const struct command_argument *command_argument_find(const struct command *command,
                                                     const char *name)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        if (strcmp(argument->name, name) == 0)
            return argument;
    }
    return NULL;
}
