/* Setting options: from a submitted form, all or nothing, and from the store. */

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "coven/text.h"
#include "options_private.h"

/* Values that some clients send because another service uses them. */
static const struct {
    const char *value, *means;
} aliases[] = {
    {"everyone", "anyone"},
    {"visitor", "anyone"},
    {"participant", "participants"},
    {"moderator", "moderators"},
};

#define NUMBER_DIGITS 9
#define NUMBER_MAX    999999999u /* with that many digits */

typedef bool option_setter(const struct room_option *option, struct room_config *config,
                           const struct form_field *field, const struct service_limits *limits);

static bool set_boolean(const struct room_option *option, struct room_config *config,
                        const struct form_field *field, const struct service_limits *limits)
{
    (void)limits;
    return form_boolean(form_field_value(field), options_member(option, config));
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
    if (fits)
        text_set(options_text(option, config), buf_span(&joined));
    buf_free(&joined);
    return fits;
}

/* "" and "none" remove the room's own limit; a number above the service's limit becomes it. */
static bool set_number(const struct room_option *option, struct room_config *config,
                       const struct form_field *field, const struct service_limits *limits)
{
    const char *text = form_field_value(field);
    unsigned limit = options_limit(option, limits);
    unsigned *number = options_member(option, config);
    if (*text == '\0' || strcmp(text, "none") == 0) {
        *number = option->unlimited ? 0 : limit;
        return true;
    }
    size_t digits = strspn(text, "0123456789");
    if (text[digits] != '\0' || digits > NUMBER_DIGITS)
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
        *(int *)options_member(option, config) = index;
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
    *(unsigned *)options_member(option, config) = set;
    return true;
}

static option_setter *const setters[] = {
    [OPTION_BOOLEAN] = set_boolean, [OPTION_TEXT] = set_text, [OPTION_NUMBER] = set_number,
    [OPTION_CHOICE] = set_choice,   [OPTION_SET] = set_set,
};

/* ---- From a form ---- */

/* Writes "a, b or c". */
static void write_values(const struct option_value *values, struct buf *why)
{
    for (int i = 0; values[i].value; i++) {
        if (i > 0)
            buf_add_text(why, values[i + 1].value ? ", " : " or ");
        buf_add_text(why, values[i].value);
    }
}

void options_explain(const struct room_option *option, const struct service_limits *limits,
                     struct buf *why)
{
    unsigned limit = options_limit(option, limits);
    switch (option->kind) {
    case OPTION_BOOLEAN:
        buf_add_text(why, "1 (yes) or 0 (no)");
        break;
    case OPTION_TEXT:
        if (option->wants)
            buf_printf(why, "%s, and ", option->wants);
        buf_printf(why, "no longer than %u bytes", limits->option_bytes);
        break;
    case OPTION_NUMBER:
        buf_printf(why, "a whole number between %d and %u%s", option->unlimited ? 1 : 0,
                   limit < NUMBER_MAX ? limit : NUMBER_MAX,
                   option->unlimited ? ", or none for no limit" : "");
        break;
    case OPTION_SET:
        buf_add_text(why, "nothing, or any of ");
        write_values(option->values, why);
        break;
    case OPTION_CHOICE:
        write_values(option->values, why);
        break;
    }
}

static bool text_fits(const struct room_option *option, const char *text)
{
    return !option->fits || *text == '\0' || option->fits(span_of(text));
}

/* A text that is there already is not checked again: the form of a room of an earlier version can
 * always be sent back. */
static bool take_field(const struct room_option *option, const struct room_config *before,
                       struct room_config *next, const struct form_field *field,
                       const struct service_limits *limits)
{
    return setters[option->kind](option, next, field, limits) &&
           (option->kind != OPTION_TEXT || options_equal(option, before, next) ||
            text_fits(option, *options_text(option, next)));
}

/* Settles the secret and its flag. A submitted flag decides, and needs a secret when it is set. A
 * secret alone protects the room, an empty one opens it. */
static bool settle_password(struct room_config *config, const struct form *form, struct buf *why)
{
    bool flag = form_field(form, "muc#roomconfig_passwordprotectedroom") != NULL;
    bool secret = form_field(form, "muc#roomconfig_roomsecret") != NULL;
    if (flag && config->protected && *config->secret == '\0') {
        buf_add_text(why, "Password: a protected room needs a password");
        return false;
    }
    if (secret && !flag)
        config->protected = *config->secret != '\0';
    return true;
}

/* The field that sets the option. Clients that know a former name may send back what they got
 * beside it, so the present name counts. */
static const struct form_field *field_of(const struct room_option *option, const struct form *form)
{
    const struct form_field *field = form_field(form, option->var);
    return field || !option->former ? field : form_field(form, option->former);
}

static bool keeps_fixed(const struct room_config *before, const struct room_config *next,
                        const bool *fixed, struct buf *why)
{
    const struct room_option *option;
    for (size_t i = 0; fixed && (option = options_at(i)); i++) {
        if (!fixed[i] || options_equal(option, before, next))
            continue;
        buf_printf(why, "%s: the service does not let owners change this", option->label);
        return false;
    }
    return true;
}

bool options_submit(struct room_config *config, const struct form *form, const bool *fixed,
                    const struct service_limits *limits, struct buf *why)
{
    struct room_config next;
    options_copy(&next, config);
    bool good = true;
    const struct room_option *option;
    for (size_t i = 0; good && (option = options_at(i)); i++) {
        const struct form_field *field = field_of(option, form);
        good = !field || take_field(option, config, &next, field, limits);
        if (good)
            continue;
        buf_printf(why, "%s: must be ", option->label);
        options_explain(option, limits, why);
    }
    good = good && settle_password(&next, form, why) && keeps_fixed(config, &next, fixed, why);
    options_free(good ? config : &next);
    if (good)
        *config = next;
    return good;
}

/* ---- From the operator ---- */

#define WORDS_MAX 8 /* more than any set has */

/* False: there are too many words. */
static bool split_words(char *text, char **words, size_t *count_r)
{
    char *rest = NULL;
    *count_r = 0;
    for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
        if (*count_r == WORDS_MAX)
            return false;
        words[(*count_r)++] = word;
    }
    return true;
}

bool options_assign(struct room_config *config, const struct room_option *option, const char *text,
                    const struct service_limits *limits)
{
    char *copy = mem_string(text), *values[WORDS_MAX] = {copy};
    struct form_field field = {.var = NULL, .values = values, .value_count = 1};
    bool good = option->kind == OPTION_SET ? split_words(copy, values, &field.value_count)
                                           : option->kind != OPTION_TEXT || text_fits(option, text);
    good = good && setters[option->kind](option, config, &field, limits);
    free(copy);
    return good;
}

/* ---- From the store ---- */

static bool is_named(const struct room_option *option, struct span var)
{
    return span_is(var, option->var) || (option->former && span_is(var, option->former));
}

void options_load(struct room_config *config, struct span var, struct span value,
                  const struct service_limits *limits)
{
    const struct room_option *option;
    for (size_t i = 0; (option = options_at(i)); i++) {
        if (!is_named(option, var))
            continue;
        char *text = mem_copy(value.at, value.len);
        struct form_field field = {.var = NULL, .values = &text, .value_count = 1};
        if (option->kind == OPTION_SET)
            *(unsigned *)options_member(option, config) = (unsigned)strtoul(text, NULL, 10);
        else
            setters[option->kind](option, config, &field, limits);
        free(text);
        return;
    }
}
