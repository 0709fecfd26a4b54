/* The commands for people, in all rooms, in the order of enum command_id. */

#include "command_private.h"

static const struct command_argument user_arguments[] = {
    {"jid", "User", "The user's address.", ARGUMENT_USER, .required = true},
    END,
};
static const struct command_field user_fields[] = {
    {"is", "Is", TYPE_TEXT},
    {"room", "Room", TYPE_TEXT},
    {"nick", "Nickname", TYPE_TEXT},
    {"client", "Client", TYPE_TEXT},
    {"domain", "As all of", TYPE_TEXT},
    {"reason", "Reason", TYPE_TEXT},
    END,
};

static const struct command_field export_fields[] = {
    {"kind", "Kind", TYPE_TEXT},     {"room", "Room", TYPE_TEXT},
    {"time", "Time", TYPE_TIME},     {"nick", "Nickname", TYPE_TEXT},
    {"value", "Value", TYPE_TEXT},   {"reason", "Reason", TYPE_TEXT},
    {"stanza", "Stanza", TYPE_TEXT}, END,
};

static const struct command_field denied_fields[] = {
    {"address", "Address", TYPE_TEXT}, {"reason", "Reason", TYPE_TEXT},
    {"since", "Since", TYPE_TIME},     {"until", "Until", TYPE_TIME},
    {"by", "By", TYPE_TEXT},           END,
};

static const struct command_argument deny_arguments[] = {
    {"address", "Address", "A user, or a domain for all of its users.", ARGUMENT_ADDRESS,
     .required = true},
    {"for", "For how long",
     "For so long; without it for good. A number with a unit: 90s, 15m, 12h, 30d, 4w.",
     ARGUMENT_DURATION, .named = true},
    REASON,
    END,
};

static const struct command_argument allow_arguments[] = {
    {"address", "Address", "A user or a domain, as `denied` lists it.", ARGUMENT_ADDRESS,
     .required = true},
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
    {"created", "Rooms created", TYPE_NUMBER},
    {"orphans", "Rooms without an owner now", TYPE_LIST},
    END,
};

const struct command command_people[COMMAND_PEOPLE_COUNT] = {
    {
        .name = "user",
        .summary = "list the rooms that a user is in, owns, created or is banned from",
        .help = "Every affiliation is listed, and a ban of the user's whole domain, too.",
        .none = "Nothing is known of this user.",
        .examples = "user juliet@example.org\n",
        .right = RIGHT_OPERATOR,
        .shape = SHAPE_TABLE,
        .arguments = user_arguments,
        .fields = user_fields,
    },
    {
        .name = "export",
        .summary = "show all that is kept of a user",
        .help = "With --json the answer can be handed to the user: one object a line.",
        .none = "Nothing is kept of this user.",
        .examples = "--json export juliet@example.org > juliet.json\n",
        .right = RIGHT_OPERATOR,
        .shape = SHAPE_TABLE,
        .arguments = user_arguments,
        .fields = export_fields,
    },
    {
        .name = "denied",
        .summary = "list who may not use the service",
        .none = "Nobody is denied the service.",
        .examples = "denied\n",
        .right = RIGHT_OPERATOR,
        .shape = SHAPE_TABLE,
        .fields = denied_fields,
    },
    {
        .name = "deny",
        .summary = "keep a user or a domain out of the whole service",
        .help = "They leave all rooms, and get nothing from the service but this refusal.",
        .examples = "deny mallory@example.org --reason Spam --for 30d\n"
                    "deny spam.example\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = deny_arguments,
    },
    {
        .name = "allow",
        .summary = "end what deny began",
        .examples = "allow mallory@example.org\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_NOTHING,
        .arguments = allow_arguments,
    },
    {
        .name = "purge",
        .summary = "delete all that is kept of a user",
        .help = "Their messages, affiliations, bans, nicknames and requests for registration; they "
                "leave all rooms. Rooms that they created stay, and so does what deny began. "
                "Archives show that something was retracted.",
        .examples = "purge juliet@example.org --dry-run\n"
                    "purge juliet@example.org\n",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .shape = SHAPE_CARD,
        .arguments = purge_arguments,
        .fields = purge_fields,
    },
};
