#include "options.h"

#include <limits.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/text.h"
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

#define AT(member)    .offset = offsetof(struct room_config, member)
#define LIMIT(member) .limit = offsetof(struct service_limits, member)
#define PLAIN         .status = {104, 104}
/* A name that no registry has (XEP-0068). */
#define OWN(name)    "{urn:coven:0}" name
#define FORMER(name) .former = "x-muc#roomconfig_" name

static const struct room_option room_options[] = {
    {"muc#roomconfig_roomname", OPTION_TEXT, "text-single", "Name", AT(name), PLAIN},
    {"muc#roomconfig_roomdesc", OPTION_TEXT, "text-single", "Description", AT(description), PLAIN},
    {"muc#roomconfig_lang", OPTION_TEXT, "text-single", "Language", AT(lang), PLAIN},
    {"muc#roomconfig_persistentroom", OPTION_BOOLEAN, "boolean",
     "Keep the room when the last occupant leaves", AT(persistent), PLAIN,
     .feature = {"muc_temporary", "muc_persistent"}},
    {"muc#roomconfig_publicroom", OPTION_BOOLEAN, "boolean", "List the room publicly", AT(public),
     PLAIN, .feature = {"muc_hidden", "muc_public"}},
    {"muc#roomconfig_membersonly", OPTION_BOOLEAN, "boolean", "Only members may enter",
     AT(members_only), PLAIN, .feature = {"muc_open", "muc_membersonly"}},
    {"muc#roomconfig_moderatedroom", OPTION_BOOLEAN, "boolean",
     "Moderated: newcomers need voice to speak", AT(moderated), PLAIN,
     .feature = {"muc_unmoderated", "muc_moderated"}},
    {"muc#roomconfig_passwordprotectedroom", OPTION_BOOLEAN, "boolean",
     "Require a password to enter", AT(protected), PLAIN,
     .feature = {"muc_unsecured", "muc_passwordprotected"}},
    {"muc#roomconfig_roomsecret", OPTION_TEXT, "text-private", "Password", AT(secret), PLAIN},
    {"muc#roomconfig_whois",
     OPTION_CHOICE,
     "list-single",
     "Who may see the real addresses of occupants",
     AT(whois),
     whois_values,
     {173, 172},
     {"muc_semianonymous", "muc_nonanonymous"}},
    {"muc#roomconfig_maxusers", OPTION_NUMBER, "list-single", "Maximum number of occupants",
     AT(max_users), PLAIN, LIMIT(occupants), .unlimited = true},
    {"muc#maxhistoryfetch", OPTION_NUMBER, "text-single",
     "Maximum number of history messages sent on entry", AT(history), PLAIN, LIMIT(history)},
    {"muc#roomconfig_changesubject", OPTION_BOOLEAN, "boolean",
     "Participants may change the subject", AT(change_subject), PLAIN},
    {"muc#roomconfig_allowinvites", OPTION_BOOLEAN, "boolean", "Members may invite others",
     AT(allow_invites), PLAIN},
    {"muc#roomconfig_allowpm", OPTION_CHOICE, "list-single", "Who may send private messages",
     AT(allow_pm), pm_values, PLAIN},
    {"muc#roomconfig_presencebroadcast", OPTION_SET, "list-multi", "Whose presence is broadcast",
     AT(broadcast), broadcast_values, PLAIN},
    {"muc#roomconfig_getmemberlist", OPTION_SET, "list-multi", "Who may retrieve the member list",
     AT(member_list), role_values, PLAIN},
    {"muc#roomconfig_pubsub", OPTION_TEXT, "text-single", "Address of the associated pubsub node",
     AT(pubsub), PLAIN},
    {OWN("registration"), OPTION_CHOICE, "list-single", "Who may register with the room",
     AT(registration), registration_values, PLAIN, FORMER("registration")},
    {"muc#roomconfig_enablelogging", OPTION_BOOLEAN, "boolean",
     "Log messages, and tell users on entry", AT(logging), .status = {171, 170}},
    {"muc#roomconfig_enablearchiving", OPTION_BOOLEAN, "boolean",
     "Archive messages for those who may enter", AT(archiving)},
    {OWN("archivedays"), OPTION_NUMBER, "text-single", "Days to keep messages in the archive",
     AT(keep_days), .unlimited = true, FORMER("archivedays")},
    {OWN("archivemessages"), OPTION_NUMBER, "text-single",
     "Maximum number of messages in the archive", AT(keep_messages), .unlimited = true,
     FORMER("archivemessages")},
};

#define OPTION_COUNT (sizeof room_options / sizeof *room_options)

const struct room_option *options_at(size_t index)
{
    return index < OPTION_COUNT ? &room_options[index] : NULL;
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

/* The lowest role in the set opens the list to all roles above it. */
bool options_lists_members(const struct room_config *config, enum role role)
{
    for (enum role lowest = ROLE_VISITOR; lowest <= role; lowest++) {
        if (config->member_list & options_role_bit(lowest))
            return true;
    }
    return false;
}
