#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "coven/utf8.h"

enum option_kind { OPTION_BOOLEAN, OPTION_TEXT, OPTION_NUMBER, OPTION_CHOICE, OPTION_SET };

/* The values of a choice (a number from 0) or of a set (a bit each). */
struct option_value {
    const char *value, *label;
};

struct room_option {
    const char *var;
    enum option_kind kind;
    const char *form_type;
    const char *label;
    size_t offset;                     /* in struct room_config */
    const struct option_value *values; /* ends with a NULL */
    int status[2];                     /* after a change to 0 and to anything else */
    const char *feature[2];            /* while it is 0, and otherwise */
    size_t limit;                      /* of a number: which member of struct service_limits */
};

static const struct option_value whois_values[] = {
    {"moderators", "Moderators only"}, {"anyone", "Anyone"}, {NULL, NULL}};

static const struct option_value pm_values[] = {{"anyone", "Anyone"},
                                                {"participants", "Anyone with voice"},
                                                {"moderators", "Moderators only"},
                                                {"none", "Nobody"},
                                                {NULL, NULL}};

static const struct option_value broadcast_values[] = {
    {"moderator", "Moderators"},
    {"participant", "Participants"},
    {"visitor", "Visitors"},
    {"none", "Absent people with a reserved nick"},
    {NULL, NULL}};

static const struct option_value role_values[] = {{"moderator", "Moderators"},
                                                  {"participant", "Participants"},
                                                  {"visitor", "Visitors"},
                                                  {NULL, NULL}};

/* What some clients know from another service. */
static const struct {
    const char *value, *means;
} aliases[] = {
    {"everyone", "anyone"},
    {"visitor", "anyone"},
    {"participant", "participants"},
    {"moderator", "moderators"},
};

static const struct option_value registration_values[] = {
    {"members", "Who is affiliated with it"},
    {"approval", "Anyone, when an admin agrees"},
    {"anyone", "Anyone"},
    {NULL, NULL}};

#define AT(member)    .offset = offsetof(struct room_config, member)
#define LIMIT(member) .limit = offsetof(struct service_limits, member)
#define PLAIN         .status = {104, 104}

static const struct room_option room_options[] = {
    {"muc#roomconfig_roomname", OPTION_TEXT, "text-single", "Name", AT(name), PLAIN},
    {"muc#roomconfig_roomdesc", OPTION_TEXT, "text-single", "Description", AT(description), PLAIN},
    {"muc#roomconfig_lang", OPTION_TEXT, "text-single", "Language", AT(lang), PLAIN},
    {"muc#roomconfig_persistentroom", OPTION_BOOLEAN, "boolean", "Stay when the last one leaves",
     AT(persistent), PLAIN, .feature = {"muc_temporary", "muc_persistent"}},
    {"muc#roomconfig_publicroom", OPTION_BOOLEAN, "boolean", "Show in the list of rooms",
     AT(public), PLAIN, .feature = {"muc_hidden", "muc_public"}},
    {"muc#roomconfig_membersonly", OPTION_BOOLEAN, "boolean", "Only members may enter",
     AT(members_only), PLAIN, .feature = {"muc_open", "muc_membersonly"}},
    {"muc#roomconfig_moderatedroom", OPTION_BOOLEAN, "boolean", "Newcomers need voice to speak",
     AT(moderated), PLAIN, .feature = {"muc_unmoderated", "muc_moderated"}},
    {"muc#roomconfig_passwordprotectedroom", OPTION_BOOLEAN, "boolean",
     "A password is needed to enter", AT(protected), PLAIN,
     .feature = {"muc_unsecured", "muc_passwordprotected"}},
    {"muc#roomconfig_roomsecret", OPTION_TEXT, "text-private", "Password", AT(secret), PLAIN},
    {"muc#roomconfig_whois",
     OPTION_CHOICE,
     "list-single",
     "Who may see real addresses",
     AT(whois),
     whois_values,
     {173, 172},
     {"muc_semianonymous", "muc_nonanonymous"}},
    {"muc#roomconfig_maxusers", OPTION_NUMBER, "list-single", "Most occupants", AT(max_users),
     PLAIN, LIMIT(occupants)},
    {"muc#maxhistoryfetch", OPTION_NUMBER, "text-single", "Messages of history on entry",
     AT(history), PLAIN, LIMIT(history)},
    {"muc#roomconfig_changesubject", OPTION_BOOLEAN, "boolean",
     "Everybody with voice may change the subject", AT(change_subject), PLAIN},
    {"muc#roomconfig_allowinvites", OPTION_BOOLEAN, "boolean", "Members may invite",
     AT(allow_invites), PLAIN},
    {"muc#roomconfig_allowpm", OPTION_CHOICE, "list-single", "Who may send private messages",
     AT(allow_pm), pm_values, PLAIN},
    {"muc#roomconfig_presencebroadcast", OPTION_SET, "list-multi", "Whose presence is shown",
     AT(broadcast), broadcast_values, PLAIN},
    {"muc#roomconfig_getmemberlist", OPTION_SET, "list-multi", "Who may get the list of members",
     AT(member_list), role_values, PLAIN},
    {"muc#roomconfig_pubsub", OPTION_TEXT, "text-single", "Address of a pubsub node for this room",
     AT(pubsub), PLAIN},
    {"x-muc#roomconfig_registration", OPTION_CHOICE, "list-single",
     "Who may register with the room", AT(registration), registration_values, PLAIN},
    {"muc#roomconfig_enablelogging", OPTION_BOOLEAN, "boolean", "Keep a public log", AT(logging),
     .status = {171, 170}},
    {"muc#roomconfig_enablearchiving", OPTION_BOOLEAN, "boolean",
     "Keep an archive for those who may enter", AT(archiving), PLAIN},
};

#define OPTION_COUNT (sizeof room_options / sizeof *room_options)

const struct room_option *room_option_at(size_t index)
{
    return index < OPTION_COUNT ? &room_options[index] : NULL;
}

/* ---- The options as C holds them ---- */

static void *member(const struct room_option *option, const struct room_config *config)
{
    return (char *)(uintptr_t)config + option->offset;
}

static char **text_of(const struct room_option *option, const struct room_config *config)
{
    return member(option, config);
}

static unsigned number_of(const struct room_option *option, const struct room_config *config)
{
    switch (option->kind) {
    case OPTION_BOOLEAN:
        return *(bool *)member(option, config);
    case OPTION_CHOICE:
        return (unsigned)*(int *)member(option, config);
    case OPTION_NUMBER:
    case OPTION_SET:
        return *(unsigned *)member(option, config);
    case OPTION_TEXT:
        return **text_of(option, config) != '\0';
    }
    coven_assert(false);
}

static unsigned limit_of(const struct room_option *option, const struct service_limits *limits)
{
    return *(const unsigned *)((const char *)limits + option->limit);
}

void room_config_init(struct room_config *config, const struct service_limits *limits)
{
    *config = (struct room_config){
        .public = true,
        .archiving = true,
        .broadcast = BROADCAST_ALL,
        .history = limits->history < 20 ? limits->history : 20,
    };
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (room_options[i].kind == OPTION_TEXT)
            *text_of(&room_options[i], config) = mem_string("");
    }
}

void room_config_free(struct room_config *config)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (room_options[i].kind == OPTION_TEXT)
            free(*text_of(&room_options[i], config));
    }
}

void room_config_copy(struct room_config *to, const struct room_config *from)
{
    *to = *from;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (room_options[i].kind == OPTION_TEXT)
            *text_of(&room_options[i], to) = mem_string(*text_of(&room_options[i], from));
    }
}

bool room_option_equal(const struct room_option *option, const struct room_config *a,
                       const struct room_config *b)
{
    if (option->kind == OPTION_TEXT)
        return strcmp(*text_of(option, a), *text_of(option, b)) == 0;
    return number_of(option, a) == number_of(option, b);
}

const char *room_option_var(const struct room_option *option)
{
    return option->var;
}

int room_option_status(const struct room_option *option, const struct room_config *config)
{
    return option->status[number_of(option, config) != 0];
}

const char *room_option_feature(const struct room_option *option, const struct room_config *config)
{
    return option->feature[number_of(option, config) != 0];
}

unsigned room_role_bit(enum role role)
{
    static const unsigned bits[] = {
        [ROLE_NONE] = 0,
        [ROLE_VISITOR] = BROADCAST_VISITOR,
        [ROLE_PARTICIPANT] = BROADCAST_PARTICIPANT,
        [ROLE_MODERATOR] = BROADCAST_MODERATOR,
    };
    return bits[role];
}

/* The lowest role that is named opens the list to those above it too. */
bool room_config_lists_members(const struct room_config *config, enum role role)
{
    for (enum role lowest = ROLE_VISITOR; lowest <= role; lowest++) {
        if (config->member_list & room_role_bit(lowest))
            return true;
    }
    return false;
}

/* ---- Taking values over ---- */

typedef bool option_setter(const struct room_option *option, struct room_config *config,
                           const struct form_field *field, const struct service_limits *limits);

static bool set_boolean(const struct room_option *option, struct room_config *config,
                        const struct form_field *field, const struct service_limits *limits)
{
    (void)limits;
    return form_boolean(form_field_value(field), member(option, config));
}

static bool set_text(const struct room_option *option, struct room_config *config,
                     const struct form_field *field, const struct service_limits *limits)
{
    struct buf joined = BUF_INIT;
    for (size_t i = 0; i < field->value_count; i++) {
        if (i > 0)
            buf_add_char(&joined, '\n');
        buf_add_text(&joined, field->values[i]);
    }
    bool fits = joined.len <= limits->option_bytes;
    if (fits) {
        free(*text_of(option, config));
        *text_of(option, config) = buf_take(&joined);
    }
    buf_free(&joined);
    return fits;
}

/* "" and "none" are no limit of the room's own; above the service's limit is that limit's. */
static bool set_number(const struct room_option *option, struct room_config *config,
                       const struct form_field *field, const struct service_limits *limits)
{
    const char *text = form_field_value(field);
    unsigned limit = limit_of(option, limits);
    unsigned *number = member(option, config);
    if (*text == '\0' || strcmp(text, "none") == 0) {
        *number = option->offset == offsetof(struct room_config, max_users) ? 0 : limit;
        return true;
    }
    size_t digits = strspn(text, "0123456789");
    if (text[digits] != '\0' || digits > 9)
        return false;
    unsigned long value = strtoul(text, NULL, 10);
    *number = value < limit ? (unsigned)value : limit;
    return true;
}

static int value_index(const struct room_option *option, const char *text)
{
    for (int i = 0; option->values[i].value; i++) {
        if (strcmp(option->values[i].value, text) == 0)
            return i;
    }
    return -1;
}

static bool set_choice(const struct room_option *option, struct room_config *config,
                       const struct form_field *field, const struct service_limits *limits)
{
    (void)limits;
    const char *value = form_field_value(field);
    int index = value_index(option, value);
    for (size_t i = 0; index < 0 && i < sizeof aliases / sizeof *aliases; i++) {
        if (strcmp(aliases[i].value, value) == 0)
            index = value_index(option, aliases[i].means);
    }
    if (index >= 0)
        *(int *)member(option, config) = index;
    return index >= 0;
}

static bool set_set(const struct room_option *option, struct room_config *config,
                    const struct form_field *field, const struct service_limits *limits)
{
    (void)limits;
    unsigned set = 0;
    for (size_t i = 0; i < field->value_count; i++) {
        int index = value_index(option, field->values[i]);
        if (index >= 0)
            set |= 1u << index;
        else if (*field->values[i] != '\0')
            return false;
    }
    *(unsigned *)member(option, config) = set;
    return true;
}

static option_setter *const setters[] = {
    [OPTION_BOOLEAN] = set_boolean, [OPTION_TEXT] = set_text, [OPTION_NUMBER] = set_number,
    [OPTION_CHOICE] = set_choice,   [OPTION_SET] = set_set,
};

bool room_option_set(const struct room_option *option, struct room_config *config,
                     const struct form_field *field, const struct service_limits *limits,
                     struct buf *why)
{
    if (setters[option->kind](option, config, field, limits))
        return true;
    buf_printf(why, "%s: the value does not fit", option->var);
    return false;
}

/*
 * The secret and its flag. The flag rules when it was submitted, and then needs a secret; a secret
 * alone protects the room when there is one, and opens it when it is empty.
 */
static bool settle_password(struct room_config *config, const struct form *form, struct buf *why)
{
    bool flag = form_field(form, "muc#roomconfig_passwordprotectedroom") != NULL;
    bool secret = form_field(form, "muc#roomconfig_roomsecret") != NULL;
    if (flag && config->protected && *config->secret == '\0') {
        buf_add_text(why, "muc#roomconfig_roomsecret: a protected room needs a password");
        return false;
    }
    if (secret && !flag)
        config->protected = *config->secret != '\0';
    return true;
}

bool room_config_submit(struct room_config *config, const struct form *form,
                        const struct service_limits *limits, struct buf *why)
{
    struct room_config next;
    room_config_copy(&next, config);
    bool good = true;
    for (size_t i = 0; i < OPTION_COUNT && good; i++) {
        const struct form_field *field = form_field(form, room_options[i].var);
        if (field)
            good = room_option_set(&room_options[i], &next, field, limits, why);
    }
    good = good && settle_password(&next, form, why);
    room_config_free(good ? config : &next);
    if (good)
        *config = next;
    return good;
}

/* ---- Printing ---- */

void room_option_print(const struct room_option *option, const struct room_config *config,
                       struct buf *out)
{
    unsigned number = number_of(option, config);
    if (option->kind == OPTION_TEXT)
        buf_add_text(out, *text_of(option, config));
    else if (option->kind == OPTION_CHOICE)
        buf_add_text(out, option->values[number].value);
    else
        buf_printf(out, "%u", number);
}

void room_option_load(struct room_config *config, struct span var, struct span value,
                      const struct service_limits *limits)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct room_option *option = &room_options[i];
        if (!span_is(var, option->var))
            continue;
        char *text = mem_copy(value.at, value.len);
        struct form_field field = {.var = NULL, .values = &text, .value_count = 1};
        if (option->kind == OPTION_SET)
            *(unsigned *)member(option, config) = (unsigned)strtoul(text, NULL, 10);
        else
            setters[option->kind](option, config, &field, limits);
        free(text);
        return;
    }
}

static void write_number(struct xml *xml, const struct room_option *option, unsigned number)
{
    char text[16];
    int len = snprintf(text, sizeof text, "%u", number);
    bool none = number == 0 && option->offset == offsetof(struct room_config, max_users);
    form_write_value(xml, none ? span_of("none") : (struct span){text, (size_t)len});
}

/* The choices of a list of numbers: some round ones below the service's limit, what it is now,
 * none. */
static void write_number_choices(struct xml *xml, unsigned now, unsigned limit)
{
    static const unsigned round[] = {10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000};
    bool listed = now == 0;
    for (size_t i = 0; i < sizeof round / sizeof *round && round[i] <= limit; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u", round[i]);
        form_write_option(xml, text, span_of(text));
        listed = listed || round[i] == now;
    }
    if (!listed) {
        char text[16];
        snprintf(text, sizeof text, "%u", now);
        form_write_option(xml, text, span_of(text));
    }
    form_write_option(xml, "No limit", span_of("none"));
}

static void write_option(struct xml *xml, const struct room_option *option,
                         const struct room_config *config, const struct service_limits *limits)
{
    unsigned number = number_of(option, config);
    form_write_field_open(xml, option->var, option->form_type, option->label);
    switch (option->kind) {
    case OPTION_TEXT:
        form_write_value(xml, span_of(*text_of(option, config)));
        break;
    case OPTION_BOOLEAN:
        form_write_value(xml, span_of(number ? "1" : "0"));
        break;
    case OPTION_NUMBER:
        write_number(xml, option, number);
        if (strcmp(option->form_type, "list-single") == 0)
            write_number_choices(xml, number, limit_of(option, limits));
        break;
    case OPTION_CHOICE:
        form_write_value(xml, span_of(option->values[number].value));
        break;
    case OPTION_SET:
        for (int i = 0; option->values[i].value; i++) {
            if (number & 1u << i)
                form_write_value(xml, span_of(option->values[i].value));
        }
        break;
    }
    for (int i = 0; option->values && option->values[i].value; i++)
        form_write_option(xml, option->values[i].label, span_of(option->values[i].value));
    xml_close(xml);
}

void room_options_write_form(struct xml *xml, const struct room_config *config,
                             const struct service_limits *limits)
{
    for (size_t i = 0; i < OPTION_COUNT; i++)
        write_option(xml, &room_options[i], config, limits);
}
