#include "options.h"

#include <limits.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/room_option.h"
#include "coven/text.h"
#include "language.h"
#include "options_private.h"

static const struct option_value whois_values[] = {
    {"moderators", "Moderators only"}, {"anyone", "Anyone"}, {NULL, NULL}};

static const struct option_value pm_values[] = {{"anyone", "Anyone"},
                                                {"participants", "Participants and moderators"},
                                                {"moderators", "Moderators only"},
                                                {"none", "Nobody"},
                                                {NULL, NULL}};

static const struct option_value broadcast_values[] = {
    {"moderator", "Moderators"},
    {"participant", "Participants"},
    {"visitor", "Visitors"},
    {"none", "Absent users with a reserved nickname"},
    {NULL, NULL}};

static const struct option_value role_values[] = {{"moderator", "Moderators"},
                                                  {"participant", "Participants"},
                                                  {"visitor", "Visitors"},
                                                  {NULL, NULL}};

static const struct option_value registration_values[] = {
    {"members", "Only users with an affiliation"},
    {"approval", "Anyone, after approval by an admin"},
    {"anyone", "Anyone"},
    {NULL, NULL}};

/* The choices of numbers, in rising order. */
static const unsigned people[] = {10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000, 0};
static const unsigned days[] = {1, 7, 30, 90, 365, 0};
static const unsigned messages[] = {100, 1000, 10000, 100000, 1000000, 0};

#define AT(member)      .offset = offsetof(struct room_config, member)
#define LIMIT(member)   .limit = offsetof(struct service_limits, member)
#define UNLIMITED(list) .unlimited = true, .choices = list
#define PLAIN           .status = {104, 104}
#define TITLE(text)     .section = text
/* A name that no registry has (XEP-0068). */
#define OWN(name)    "{urn:coven:0}" name
#define FORMER(name) .former = "x-muc#roomconfig_" name
/* What every room has for itself. A password of all rooms would keep nobody out, and without one no
 * new room can be protected. */
#define DESCRIBES .no_default = "it is about one room"
#define PROTECTS  .no_default = "each room needs a password of its own"

/* In the order of the form. */
static const struct room_option room_options[] = {
    {"muc#roomconfig_roomname", OPTION_TEXT, "text-single", "Name",
     "The name that people see, for example in a list of rooms.", AT(name), PLAIN, TITLE("General"),
     DESCRIBES},
    {"muc#roomconfig_roomdesc", OPTION_TEXT, "text-single", "Description",
     "What the room is for, in a sentence or two.", AT(description), PLAIN, DESCRIBES},
    {"muc#roomconfig_lang", OPTION_TEXT, "text-single", "Language",
     "The language that people speak here, as a tag such as en, de or pt-BR.", AT(lang), PLAIN,
     .datatype = "xs:language", .fits = language_is_tag,
     .wants = "a language tag such as en or pt-BR"},
    {"muc#roomconfig_pubsub", OPTION_TEXT, "text-single", "Address of the associated pubsub node",
     "An XMPP address (URI) where the room publishes something, such as a blog.", AT(pubsub), PLAIN,
     .datatype = "xs:anyURI", DESCRIBES},
    {"muc#roomconfig_persistentroom", OPTION_BOOLEAN, "boolean",
     "Keep the room when the last occupant leaves",
     "Otherwise the room ends as soon as it is empty.", AT(persistent), PLAIN,
     .feature = {"muc_temporary", "muc_persistent"}},

    {"muc#roomconfig_membersonly", OPTION_BOOLEAN, "boolean", "Only members may enter",
     "Everybody else needs an invitation, or an admin who makes them a member.", AT(members_only),
     PLAIN, .feature = {"muc_open", "muc_membersonly"}, TITLE("Access to the room")},
    {"muc#roomconfig_allowinvites", OPTION_BOOLEAN, "boolean", "Members may invite others",
     "Counts if only members may enter; those whom they invite become members.", AT(allow_invites),
     PLAIN},
    {OWN("registration"), OPTION_CHOICE, "list-single", "Who may register with the room",
     "Those who register become members and reserve a nickname.", AT(registration),
     registration_values, PLAIN, FORMER("registration")},
    {"muc#roomconfig_passwordprotectedroom", OPTION_BOOLEAN, "boolean",
     "Require a password to enter", "Needs a password in the next field.", AT(protected), PLAIN,
     .feature = {"muc_unsecured", "muc_passwordprotected"}, PROTECTS},
    {"muc#roomconfig_roomsecret", OPTION_TEXT, "text-private", "Password",
     "Those who are invited get it with the invitation.", AT(secret), PLAIN, PROTECTS},
    {"muc#roomconfig_maxusers", OPTION_NUMBER, "list-single", "Maximum number of occupants",
     "When the room is full, only admins and owners may enter.", AT(max_users), PLAIN,
     LIMIT(occupants), UNLIMITED(people)},

    {"muc#roomconfig_publicroom", OPTION_BOOLEAN, "boolean", "List the room publicly",
     "Those who know its address find the room even if it is not listed.", AT(public), PLAIN,
     .feature = {"muc_hidden", "muc_public"}, TITLE("What others see")},
    {"muc#roomconfig_whois",
     OPTION_CHOICE,
     "list-single",
     "Who may see the real addresses of occupants",
     "Those who may not see them know others by their nicknames.",
     AT(whois),
     whois_values,
     {173, 172},
     {"muc_semianonymous", "muc_nonanonymous"}},
    {"muc#roomconfig_presencebroadcast", OPTION_SET, "list-multi", "Whose presence is shown",
     "The rest are in the room unseen.", AT(broadcast), broadcast_values, PLAIN},
    {"muc#roomconfig_getmemberlist", OPTION_SET, "list-multi", "Who may retrieve the member list",
     "Admins and owners always may; members also, if anyone may see real addresses.",
     AT(member_list), role_values, PLAIN},

    {"muc#roomconfig_moderatedroom", OPTION_BOOLEAN, "boolean",
     "Newcomers need permission to speak (moderated)",
     "Members may speak at once; moderators give others permission.", AT(moderated), PLAIN,
     .feature = {"muc_unmoderated", "muc_moderated"}, TITLE("Conversation")},
    {"muc#roomconfig_changesubject", OPTION_BOOLEAN, "boolean",
     "Participants may change the subject", "Otherwise only moderators may.", AT(change_subject),
     PLAIN},
    {"muc#roomconfig_allowpm", OPTION_CHOICE, "list-single", "Who may send private messages",
     "These are messages to a single occupant, through the room.", AT(allow_pm), pm_values, PLAIN},
    {OWN("queries"), OPTION_CHOICE, "list-single", "Who may send queries to other occupants",
     "By queries clients ask each other for pictures, versions and features; pings are always "
     "allowed.",
     AT(allow_queries), pm_values, PLAIN},

    {"muc#maxhistoryfetch", OPTION_NUMBER, "text-single",
     "Maximum number of history messages sent on entry", "Newcomers may ask for fewer.",
     AT(history), PLAIN, LIMIT(history), TITLE("History and archive")},
    {"muc#roomconfig_enablearchiving", OPTION_BOOLEAN, "boolean",
     "Archive messages for those who may enter",
     "They can read and search what was said while they were away.", AT(archiving)},
    {OWN("archivedays"), OPTION_NUMBER, "list-single", "Days to keep messages in the archive",
     "Older messages are deleted, and earlier if the service keeps them for fewer days.",
     AT(keep_days), UNLIMITED(days), FORMER("archivedays")},
    {OWN("archivemessages"), OPTION_NUMBER, "list-single",
     "Maximum number of messages in the archive",
     "The oldest messages are deleted, and earlier if the service keeps fewer.", AT(keep_messages),
     UNLIMITED(messages), FORMER("archivemessages")},
    {"muc#roomconfig_enablelogging", OPTION_BOOLEAN, "boolean",
     "Log messages, and tell users on entry", "The room has an archive, and warns those who enter.",
     AT(logging), .status = {171, 170}},
};

#define OPTION_COUNT (sizeof room_options / sizeof *room_options)
_Static_assert(OPTION_COUNT <= ROOM_OPTIONS_MAX, "ROOM_OPTIONS_MAX is too small");

const struct room_option *options_at(size_t index)
{
    return index < OPTION_COUNT ? &room_options[index] : NULL;
}

const struct room_option *options_find(const char *var)
{
    size_t index = 0;
    while (index < OPTION_COUNT && strcmp(room_options[index].var, var) != 0)
        index++;
    coven_assert(index < OPTION_COUNT);
    return &room_options[index];
}

/* ---- Members of struct room_config ---- */

void *options_member(const struct room_option *option, const struct room_config *config)
{
    return (char *)(uintptr_t)config + option->offset;
}

const char **options_text(const struct room_option *option, const struct room_config *config)
{
    return options_member(option, config);
}

unsigned options_number(const struct room_option *option, const struct room_config *config)
{
    switch (option->kind) {
    case OPTION_BOOLEAN:
        return *(bool *)options_member(option, config);
    case OPTION_CHOICE:
        return (unsigned)*(int *)options_member(option, config);
    case OPTION_NUMBER:
    case OPTION_SET:
        return *(unsigned *)options_member(option, config);
    case OPTION_TEXT:
        return **options_text(option, config) != '\0';
    }
    coven_assert(false);
}

unsigned options_limit(const struct room_option *option, const struct service_limits *limits)
{
    return option->limit ? *(const unsigned *)((const char *)limits + option->limit) : UINT_MAX;
}

void options_init(struct room_config *config, const struct service_limits *limits)
{
    *config = (struct room_config){
        .public = true,
        .archiving = true,
        .broadcast = BROADCAST_ALL,
        .history = limits->history < 20 ? limits->history : 20,
    };
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (room_options[i].kind == OPTION_TEXT)
            *options_text(&room_options[i], config) = "";
    }
}

void options_free(struct room_config *config)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (room_options[i].kind == OPTION_TEXT)
            text_free(*options_text(&room_options[i], config));
    }
}

void options_copy(struct room_config *to, const struct room_config *from)
{
    *to = *from;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (room_options[i].kind == OPTION_TEXT)
            *options_text(&room_options[i], to) =
                text_new(span_of(*options_text(&room_options[i], from)));
    }
}

bool options_equal(const struct room_option *option, const struct room_config *a,
                   const struct room_config *b)
{
    if (option->kind == OPTION_TEXT)
        return strcmp(*options_text(option, a), *options_text(option, b)) == 0;
    return options_number(option, a) == options_number(option, b);
}

const char *options_var(const struct room_option *option)
{
    return option->var;
}

const char *options_name(const struct room_option *option)
{
    static const char *const prefixes[] = {"muc#roomconfig_", "muc#", OWN("")};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t len = strlen(prefixes[i]);
        if (strncmp(option->var, prefixes[i], len) == 0)
            return option->var + len;
    }
    return option->var;
}

const char *options_label(const struct room_option *option)
{
    return option->label;
}

const char *options_shown_type(const struct room_option *option)
{
    return option->kind == OPTION_BOOLEAN ? "boolean" : "text-single";
}

int options_status(const struct room_option *option, const struct room_config *config)
{
    return option->status[options_number(option, config) != 0];
}

const char *options_feature(const struct room_option *option, const struct room_config *config)
{
    return option->feature[options_number(option, config) != 0];
}

unsigned options_role_bit(enum role role)
{
    static const unsigned bits[] = {
        [ROLE_NONE] = 0,
        [ROLE_VISITOR] = BROADCAST_VISITOR,
        [ROLE_PARTICIPANT] = BROADCAST_PARTICIPANT,
        [ROLE_MODERATOR] = BROADCAST_MODERATOR,
    };
    return bits[role];
}

bool options_allow(int allowed, enum role role)
{
    static const enum role least[] = {
        [PM_ANYONE] = ROLE_VISITOR,
        [PM_PARTICIPANTS] = ROLE_PARTICIPANT,
        [PM_MODERATORS] = ROLE_MODERATOR,
    };
    return allowed != PM_NONE && role >= least[allowed];
}

/* The lowest role in the set opens the list to all roles above it. */
bool options_lists_members(const struct room_config *config, enum role role)
{
    for (enum role lowest = ROLE_VISITOR; lowest <= role; lowest++) {
        if (config->member_list & options_role_bit(lowest))
            return true;
    }
    return false;
}
