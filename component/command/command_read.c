/* Checks arguments, wherever they come from, and brings each into one form. */

#include <stdlib.h>
#include <string.h>

#include "coven/command.h"
#include "coven/jid.h"

#define NUMBER_MAX 999999999

struct reading {
    struct span domain; /* of the service */
    struct buf *why;
};

/* Reads a value into its form; the caller owns it. NULL: it is wrong; what would be right is
 * written behind "must be". */
typedef json_t *value_reader(const struct command_argument *argument, const char *text,
                             const struct reading *reading);

static json_t *jid_json(struct span text)
{
    return json_stringn(text.at, text.len);
}

static json_t *read_text(const struct command_argument *argument, const char *text,
                         const struct reading *reading)
{
    (void)argument;
    (void)reading;
    return json_string(text);
}

/* A name alone is one of this service. */
static json_t *read_room(const struct command_argument *argument, const char *text,
                         const struct reading *reading)
{
    struct jid jid;
    (void)argument;
    bool good = strchr(text, '@') ? jid_parse_typed(span_of(text), &jid)
                                  : jid_make(span_of(text), reading->domain, span_of(""), &jid);
    if (good && jid.node_len > 0 && !jid_has_resource(&jid) &&
        span_equal(jid_domain(&jid), reading->domain))
        return jid_json(jid_bare(&jid));
    buf_printf(reading->why, "the name of a room, or its address at %.*s", (int)reading->domain.len,
               reading->domain.at);
    return NULL;
}

static json_t *read_venue(const struct command_argument *argument, const char *text,
                          const struct reading *reading)
{
    struct jid jid;
    (void)argument;
    bool good = strchr(text, '@') ? jid_parse_typed(span_of(text), &jid)
                                  : jid_make(span_of(text), reading->domain, span_of(""), &jid);
    if (good && jid.node_len > 0)
        return jid_json(jid_bare(&jid));
    buf_add_text(reading->why, "the name of a room, or an address such as "
                               "lobby@conference.example.org");
    return NULL;
}

static json_t *read_user(const struct command_argument *argument, const char *text,
                         const struct reading *reading)
{
    struct jid jid;
    (void)argument;
    if (jid_parse_typed(span_of(text), &jid) && jid.node_len > 0)
        return jid_json(jid_bare(&jid));
    buf_add_text(reading->why, "an address such as juliet@example.org");
    return NULL;
}

/* A name that lacks its domain would concern everybody at a domain of that name: a word alone must
 * not do that. */
static bool is_meant(const char *text)
{
    return strpbrk(text, ".@[") != NULL;
}

static json_t *read_address(const struct command_argument *argument, const char *text,
                            const struct reading *reading)
{
    struct jid jid;
    (void)argument;
    if (is_meant(text) && jid_parse_typed(span_of(*text == '@' ? text + 1 : text), &jid))
        return jid_json(jid_bare(&jid));
    buf_add_text(reading->why, "an address such as juliet@example.org, or a domain such as "
                               "example.org (one without a dot with @ before it: @localhost)");
    return NULL;
}

/* Reads digits, and returns what stands behind them; NULL: there are none, or too many. */
static const char *read_digits(const char *text, json_int_t *number_r)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9)
        return NULL;
    *number_r = strtol(text, NULL, 10);
    return text + digits;
}

static json_t *read_number(const struct command_argument *argument, const char *text,
                           const struct reading *reading)
{
    json_int_t number = 0;
    const char *rest = read_digits(text, &number);
    (void)argument;
    if (rest && *rest == '\0')
        return json_integer(number);
    buf_printf(reading->why, "a whole number from 0 to %d", NUMBER_MAX);
    return NULL;
}

static json_t *read_flag(const struct command_argument *argument, const char *text,
                         const struct reading *reading)
{
    (void)argument;
    if (strcmp(text, "1") == 0 || strcmp(text, "true") == 0)
        return json_true();
    if (strcmp(text, "0") == 0 || strcmp(text, "false") == 0)
        return json_false();
    buf_add_text(reading->why, "true or false");
    return NULL;
}

static json_t *read_word(const struct command_argument *argument, const char *text,
                         const struct reading *reading)
{
    for (size_t i = 0; argument->words[i]; i++) {
        if (strcmp(argument->words[i], text) == 0)
            return json_string(text);
    }
    for (size_t i = 0; argument->words[i]; i++) {
        const char *before = i == 0 ? "" : argument->words[i + 1] ? ", " : " or ";
        buf_printf(reading->why, "%s%s", before, argument->words[i]);
    }
    return NULL;
}

static json_t *read_duration(const struct command_argument *argument, const char *text,
                             const struct reading *reading)
{
    static const struct {
        const char *unit;
        json_int_t seconds;
    } units[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}};
    json_int_t number = 0;
    const char *rest = read_digits(text, &number);
    (void)argument;
    for (size_t i = 0; rest && number > 0 && i < sizeof units / sizeof *units; i++) {
        bool fits = number <= NUMBER_MAX / units[i].seconds;
        if (fits && strcmp(units[i].unit, rest) == 0)
            return json_integer(number * units[i].seconds);
    }
    buf_add_text(reading->why,
                 "a number with a unit, such as 90s, 15m, 12h, 30d or 4w, of 30 years at most");
    return NULL;
}

static json_t *read_setting(const struct command_argument *argument, const char *text,
                            const struct reading *reading)
{
    (void)argument;
    const char *equals = strchr(text, '=');
    if (equals && equals != text)
        return json_string(text);
    buf_add_text(reading->why, "OPTION=VALUE");
    return NULL;
}

static value_reader *const readers[] = {
    [ARGUMENT_TEXT] = read_text,       [ARGUMENT_ROOM] = read_room,
    [ARGUMENT_NEW_ROOM] = read_room,   [ARGUMENT_USER] = read_user,
    [ARGUMENT_VENUE] = read_venue,     [ARGUMENT_ADDRESS] = read_address,
    [ARGUMENT_NUMBER] = read_number,   [ARGUMENT_FLAG] = read_flag,
    [ARGUMENT_WORD] = read_word,       [ARGUMENT_DURATION] = read_duration,
    [ARGUMENT_SETTING] = read_setting,
};

/* Writes a number or a flag as text. False: the value is of another type. */
static bool write_text(const json_t *value, struct buf *text)
{
    if (json_is_string(value))
        buf_add_text(text, json_string_value(value));
    else if (json_is_integer(value))
        buf_printf(text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        buf_add_text(text, json_is_true(value) ? "true" : "false");
    else
        return false;
    return true;
}

static json_t *read_value(const struct command_argument *argument, const json_t *value,
                          const struct reading *reading)
{
    struct buf text = BUF_INIT;
    json_t *result = NULL;
    buf_printf(reading->why, "%s must be ", argument->name);
    if (write_text(value, &text))
        result = readers[argument->kind](argument, text.data ? text.data : "", reading);
    else
        buf_add_text(reading->why, "text");
    buf_free(&text);
    if (result)
        buf_clear(reading->why);
    return result;
}

/* A single value stands for a list of one. */
static json_t *read_values(const struct command_argument *argument, json_t *values,
                           const struct reading *reading)
{
    json_t *list = json_array(), *item;
    size_t i, count = json_is_array(values) ? json_array_size(values) : 1;
    for (i = 0; i < count; i++) {
        item = read_value(argument, json_is_array(values) ? json_array_get(values, i) : values,
                          reading);
        if (!item) {
            json_decref(list);
            return NULL;
        }
        json_array_append_new(list, item);
    }
    return list;
}

static bool is_missing(const struct command_argument *argument, const json_t *args)
{
    const json_t *value = json_object_get(args, argument->name);
    return argument->required && (!value || (argument->many && json_array_size(value) == 0));
}

static bool check_required(const struct command *command, const json_t *args, struct buf *why)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        if (is_missing(argument, args)) {
            buf_printf(why, "%s: %s is missing", command->name, argument->name);
            return false;
        }
    }
    return true;
}

/* An empty text counts as not given: so do forms say it. */
static bool is_given(const struct command_argument *argument, const json_t *value)
{
    const char *text = json_string_value(value);
    return !json_is_null(value) && !(text && *text == '\0' && argument->kind != ARGUMENT_TEXT);
}

static bool read_all(const struct command *command, json_t *given, json_t *args,
                     const struct reading *reading)
{
    const char *name;
    json_t *value;
    json_object_foreach(given, name, value)
    {
        const struct command_argument *argument = command_argument_find(command, name);
        if (!argument) {
            buf_printf(reading->why, "%s has no argument \"%s\"", command->name, name);
            return false;
        }
        if (!is_given(argument, value))
            continue;
        json_t *read = argument->many ? read_values(argument, value, reading)
                                      : read_value(argument, value, reading);
        if (!read)
            return false;
        json_object_set_new(args, name, read);
    }
    return check_required(command, args, reading->why);
}

json_t *command_read(const struct command *command, json_t *given, struct span domain,
                     struct buf *why)
{
    struct reading reading = {.domain = domain, .why = why};
    json_t *args = json_object();
    if (!json_is_object(given))
        buf_add_text(why, "the arguments must be an object");
    else if (read_all(command, given, args, &reading))
        return args;
    json_decref(args);
    return NULL;
}
