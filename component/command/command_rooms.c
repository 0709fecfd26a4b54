/* The commands of rooms, in the order of enum command_id. */

#include "command_private.h"

#define MATCH                                                                                      \
    {                                                                                              \
        "match", "Name",                                                                           \
            "Only rooms whose name fits this pattern, in which * stands for anything.",            \
            ARGUMENT_TEXT, .required = false                                                       \
    }
#define UNUSED                                                                                     \
    {                                                                                              \
        "unused", "Unused for days",                                                               \
            "Only rooms in which nobody is and nobody has said anything for so many days.",        \
            ARGUMENT_NUMBER, .named = true                                                         \
    }

static const char *const room_states[] = {"public",       "hidden",     "locked",    "empty",
                                          "occupied",     "persistent", "temporary", "open",
                                          "members-only", "password",   NULL};
static const char *const room_orders[] = {"name", "occupants", "messages", "last", "created", NULL};
static const struct command_argument rooms_arguments[] = {
    MATCH,
    {"state", "State", "Only rooms of this kind.", ARGUMENT_WORD, .named = true,
     .words = room_states},
    {"owner", "Owner",
     "Only rooms that this user or domain owns; the service's own domain owns those without "
     "another owner.",
     ARGUMENT_ADDRESS, .named = true},
    UNUSED,
    {"sort", "Order", "What decides about the order; numbers and times begin with the highest.",
     ARGUMENT_WORD, .named = true, .words = room_orders},
    LIMIT("At most so many rooms; 0 for all. 100 if not given."),
    {"skip", "Skip", "Leaves out so many rooms, those of earlier pages.", ARGUMENT_NUMBER,
     .named = true},
    END,
};
static const struct command_field rooms_fields[] = {
    {"room", "Room", TYPE_TEXT},
    {"occupants", "Inside", TYPE_NUMBER},
    {"messages", "Messages", TYPE_NUMBER},
    {"last", "Last message", TYPE_TIME},
    {"state", "State", TYPE_LIST},
    {"owners", "Owners", TYPE_LIST},
    {"title", "Name", TYPE_TEXT},
    {"created", "Created", TYPE_TIME},
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

static const char *const listed_affiliations[] = {"owner", "admin", "member", "outcast", NULL};
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
    LIMIT("At most so many messages, the newest; no more than 1000. 20 if not given."),
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
    ROOM("The room to destroy."),
    REASON,
    {"venue", "Venue", "The address of the room that takes its place.", ARGUMENT_VENUE,
     .named = true},
    END,
};

static const struct command_argument destroy_rooms_arguments[] = {
    MATCH,
    {"state", "State", "Only rooms of this kind.", ARGUMENT_WORD, .named = true,
     .words = room_states},
    {"owner", "Owner",
     "Only rooms that this user or domain owns; the service's own domain owns those without "
     "another owner.",
     ARGUMENT_ADDRESS, .named = true},
    UNUSED,
    REASON,
    DRY_RUN,
    END,
};
static const struct command_field destroy_rooms_fields[] = {
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

static const char *const affiliation_words[] = {"owner", "admin",   "member",
                                                "none",  "outcast", NULL};
static const struct command_argument affiliation_arguments[] = {
    ROOM("The room to change."),
    {"jid", "Address", "A user, or a domain for all of its users.", ARGUMENT_ADDRESS,
     .required = true},
    {"affiliation", "Affiliation",
     "What they are from now on. outcast is a ban; none ends it, or what else they were.",
     ARGUMENT_WORD, .required = true, .words = affiliation_words},
    {"nick", "Nickname", "A nickname to reserve for the user.", ARGUMENT_TEXT, .named = true},
    REASON,
    END,
};

static const char *const role_words[] = {"moderator", "participant", "visitor", NULL};
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
    {"users", "Users", "Whom to invite.", ARGUMENT_USER, .required = true, .many = true},
    REASON,
    END,
};

static const struct command_argument purge_archive_arguments[] = {
    ROOM("The room to change."),
    {"days", "Older than days", "Only messages older than so many days.", ARGUMENT_NUMBER,
     .named = true},
    END,
};
static const struct command_field purge_archive_fields[] = {
    {"messages", "Messages deleted", TYPE_NUMBER}, END};

const struct command command_rooms[COMMAND_ROOMS_COUNT] = {
    {
        .name = "rooms",
        .summary = "list rooms",
        .help = "Hidden, locked and empty rooms are listed, too.",
        .none = "No room fits.",
        .examples = "rooms\n"
                    "rooms 'team-*' --sort messages\n"
                    "rooms --state empty --unused 90 --limit 0\n"
                    "rooms --owner juliet@example.org\n",
        .right = RIGHT_OPERATOR,
        .shape = SHAPE_TABLE,
        .arguments = rooms_arguments,
        .fields = rooms_fields,
    },
    {
        .name = "room",
        .summary = "show all about a room",
        .examples = "room lobby\n",
        .right = RIGHT_ADMIN,
        .shape = SHAPE_CARD,
        .arguments = room_arguments,
        .fields = room_fields,
    },
    {
        .name = "occupants",
        .summary = "list who is in a room",
        .none = "Nobody is in the room.",
        .examples = "occupants lobby\n",
        .right = RIGHT_ADMIN,
        .shape = SHAPE_TABLE,
        .arguments = occupants_arguments,
        .fields = occupants_fields,
    },
    {
        .name = "affiliations",
        .summary = "list the owners, admins, members and banned of a room",
        .none = "Nobody has one of these affiliations.",
        .examples = "affiliations lobby outcast\n",
        .right = RIGHT_ADMIN,
        .shape = SHAPE_TABLE,
        .arguments = affiliations_arguments,
        .fields = affiliations_fields,
    },
    {
        .name = "history",
        .summary = "show the newest messages of a room",
        .none = "There are no messages.",
        .examples = "history lobby --limit 50\n"
                    "history lobby --user romeo@example.org\n",
        .right = RIGHT_ADMIN,
        .shape = SHAPE_TABLE,
        .arguments = history_arguments,
        .fields = history_fields,
    },
    {
        .name = "get",
        .summary = "show the options of a room",
        .help = "A password is shown only if the option is named.",
        .examples = "get lobby\n"
                    "get lobby membersonly\n",
        .right = RIGHT_OWNER,
        .shape = SHAPE_TABLE,
        .arguments = get_arguments,
        .fields = get_fields,
    },
    {
        .name = "create",
        .summary = "create a persistent room",
        .help = "The room is open at once. Options are those of `set`.",
        .examples = "create team --owner juliet@example.org membersonly=1 \"roomname=Our team\"\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = create_arguments,
    },
    {
        .name = "destroy",
        .summary = "destroy a room",
        .examples = "destroy old-room --reason Moved --venue new-room@conference.example.org\n",
        .right = RIGHT_OWNER,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = destroy_arguments,
    },
    {
        .name = "destroy-rooms",
        .summary = "destroy all rooms that fit",
        .help = "At least one of the name, --state, --owner and --unused must be given, and a room "
                "must fit all that are.",
        .none = "No room fits.",
        .examples = "destroy-rooms --unused 365 --dry-run\n"
                    "destroy-rooms 'spam-*' --state empty\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_TABLE,
        .arguments = destroy_rooms_arguments,
        .fields = destroy_rooms_fields,
    },
    {
        .name = "set",
        .summary = "change options of a room",
        .help =
            "Options are those that `get` shows, such as roomname, roomdesc, publicroom (0 hides "
            "the "
            "room), membersonly, moderatedroom (newcomers have no voice), maxusers, persistentroom "
            "(0 lets it end with its last occupant) and enablearchiving. All are changed, or none.",
        .examples = "set lobby moderatedroom=1 allowpm=none\n"
                    "set lobby passwordprotectedroom=1 roomsecret=friend\n",
        .right = RIGHT_OWNER,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = set_arguments,
    },
    {
        .name = "rename",
        .summary = "give a room another name",
        .help =
            "Its archive, affiliations and options go along. Those inside are sent over, members "
            "of a members-only room are invited, and whoever comes to the old address is told "
            "of the new one.",
        .examples = "rename teem team\n"
                    "rename old-name new-name --reason 'We have a new name'\n",
        .right = RIGHT_OWNER,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = rename_arguments,
    },
    {
        .name = "unlock",
        .summary = "open a new room that its owner has not configured",
        .examples = "unlock lobby\n",
        .right = RIGHT_OWNER,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = unlock_arguments,
    },
    {
        .name = "subject",
        .summary = "set the subject of a room",
        .examples = "subject lobby 'Welcome'\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = subject_arguments,
    },
    {
        .name = "affiliation",
        .summary = "make somebody owner, admin, member or none of these, or ban them",
        .examples = "affiliation lobby juliet@example.org owner\n"
                    "affiliation lobby spam.example outcast --reason Spam\n"
                    "affiliation lobby romeo@example.org member --nick Romeo\n",
        .right = RIGHT_ADMIN,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = affiliation_arguments,
    },
    {
        .name = "role",
        .summary = "give or take voice, or make an occupant moderator",
        .examples = "role lobby Romeo visitor\n"
                    "role lobby Juliet moderator\n",
        .right = RIGHT_ADMIN,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = role_arguments,
    },
    {
        .name = "kick",
        .summary = "make an occupant leave",
        .help = "They may come back; `affiliation ROOM JID outcast` keeps them out.",
        .examples = "kick lobby Romeo --reason 'Calm down'\n",
        .right = RIGHT_ADMIN,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = kick_arguments,
    },
    {
        .name = "invite",
        .summary = "invite users to a room",
        .help = "Who is invited to a members-only room becomes a member.",
        .examples = "invite lobby juliet@example.org romeo@example.org\n",
        .right = RIGHT_ADMIN,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = invite_arguments,
    },
    {
        .name = "purge-archive",
        .summary = "delete the messages of a room",
        .examples = "purge-archive lobby\n"
                    "purge-archive lobby --days 90\n",
        .right = RIGHT_OWNER,
        .changes = true,
        .shape = SHAPE_CARD,
        .arguments = purge_archive_arguments,
        .fields = purge_archive_fields,
    },
};
