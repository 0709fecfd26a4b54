#include "literal.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

void literal_open(struct literal *literal, struct source_file *file,
                  const struct literal_limits *limits, struct buf *why)
{
    *literal = (struct literal){.file = file, .limits = limits, .why = why, .before = '\n'};
    literal->left = SIZE_MAX;
    literal->c = source_file_next(file);
}

void literal_begin(struct literal *literal, struct buf *text)
{
    literal->left = literal->limits->bytes;
    literal->text = text;
    if (text)
        buf_clear(text);
}

void literal_close(struct literal *literal)
{
    buf_free(&literal->run);
    buf_free(&literal->keys);
}

static bool fail(struct literal *literal, const char *before, size_t number, const char *behind)
{
    if (literal->is_bad)
        return false;
    literal->is_bad = true;
    unsigned long line = literal->file->line - (literal->c == '\n');
    buf_clear(literal->why);
    buf_printf(literal->why, "line %lu: %s", line, before);
    if (behind)
        buf_printf(literal->why, " %zu %s", number, behind);
    return false;
}

void literal_cut(struct literal *literal)
{
    if (literal->c == -1)
        return;
    fail(literal, "this is longer than", literal->limits->bytes, "bytes");
    literal->is_cut = true;
    literal->before = literal->c;
    literal->c = -1;
}

bool literal_skip(struct literal *literal, char byte)
{
    if (literal->c != (unsigned char)byte)
        return false;
    literal_step(literal);
    return true;
}

bool literal_fail(struct literal *literal, const char *reason)
{
    return fail(literal, literal->c == -1 ? "this ends too early" : reason, 0, NULL);
}

bool literal_count(struct literal *literal)
{
    if (literal->values++ < literal->limits->values)
        return true;
    return fail(literal, "this has more than", literal->limits->values, "values");
}

bool literal_enter(struct literal *literal)
{
    unsigned max = literal->limits->depth;
    if (max > LITERAL_DEPTH_MAX)
        max = LITERAL_DEPTH_MAX;
    if (literal->depth >= max)
        return fail(literal, "this is nested in more than", max, "levels");
    literal->depth++;
    literal_step(literal);
    return literal_count(literal);
}

void literal_leave(struct literal *literal)
{
    literal->depth--;
    literal_step(literal);
}

json_t *literal_string(struct literal *literal)
{
    const struct buf *run = &literal->run;
    if (run->len > 0 && memchr(run->data, '\0', run->len)) {
        fail(literal, "a string has a NUL in it", 0, NULL);
        return NULL;
    }
    return literal_count(literal) ? json_stringn_nocheck(run->len ? run->data : "", run->len)
                                  : NULL;
}

json_t *literal_real(const struct literal *literal)
{
    char *end;
    double number = strtod(literal->run.data, &end);
    if (end == literal->run.data || *end != '\0')
        return NULL;
    return isfinite(number) ? json_real(number) : json_null();
}

json_t *literal_integer(const struct literal *literal, int base)
{
    char *end;
    errno = 0;
    long long number = strtoll(literal->run.data, &end, base);
    bool is_number = end > literal->run.data && *end == '\0' && errno == 0;
    return is_number ? json_integer(number) : NULL;
}

/* A number that is whole is written without a fraction, however it came. */
static bool add_number(struct buf *out, double number)
{
    if (number >= -0x1p63 && number < 0x1p63 && number == trunc(number))
        buf_printf(out, "%" PRId64, (int64_t)number);
    else
        buf_printf(out, "%.17g", number);
    return true;
}

static bool add_key(struct buf *out, const json_t *key)
{
    switch (json_typeof(key)) {
    case JSON_STRING:
        buf_add(out, json_string_value(key), json_string_length(key));
        return true;
    case JSON_INTEGER:
        buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(key));
        return true;
    case JSON_REAL:
        return add_number(out, json_real_value(key));
    case JSON_TRUE:
    case JSON_FALSE:
        buf_add_text(out, json_is_true(key) ? "true" : "false");
        return true;
    default:
        return false;
    }
}

bool literal_key(struct literal *literal, json_t *key, size_t *at_r)
{
    *at_r = literal->keys.len;
    bool is_key = key && add_key(&literal->keys, key);
    buf_add_char(&literal->keys, '\0');
    if (key && !is_key)
        fail(literal, "this is no key", 0, NULL);
    json_decref(key);
    return is_key;
}

void literal_set(struct literal *literal, json_t *table, size_t at, json_t *value)
{
    json_object_set_new_nocheck(table, literal->keys.data + at, value);
    buf_cut(&literal->keys, at);
}

unsigned literal_digit(int c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z' ? (unsigned)(lower - 'a') + 10 : 36;
}

void literal_add_code(struct buf *out, unsigned long code)
{
    static const struct {
        unsigned long end;
        unsigned char lead;
    } forms[] = {{0x80, 0}, {0x800, 0xc0}, {0x10000, 0xe0}, {0x110000, 0xf0}};
    unsigned form = 0;
    while (form < 3 && code >= forms[form].end)
        form++;
    buf_add_char(out, (char)(forms[form].lead | (code >> (6 * form))));
    while (form-- > 0)
        buf_add_char(out, (char)(0x80 | (code >> (6 * form) & 0x3f)));
}
