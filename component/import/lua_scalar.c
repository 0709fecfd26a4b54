#include "lua_scalar.h"

#include <ctype.h>
#include <string.h>

static bool is_word(int c)
{
    return c >= 0 && (isalnum(c) || c == '_');
}

/* Reads the `=` between the two brackets of a long string or comment; -1: there is no second. */
static int read_level(struct literal *lua)
{
    int level = 0;
    for (; lua->c == '='; level++)
        literal_step(lua);
    return literal_skip(lua, '[') ? level : -1;
}

/* Reads up to the brackets that close this level, and over them. A first line feed is no part. */
static bool read_long(struct literal *lua, int level, struct buf *out)
{
    literal_skip(lua, '\r');
    literal_skip(lua, '\n');
    for (int seen = -1; lua->c != -1; literal_step(lua)) {
        if (lua->c == ']' && seen == level) {
            literal_step(lua);
            if (out)
                buf_cut(out, out->len - (size_t)level - 1);
            return true;
        }
        seen = lua->c == ']' ? 0 : lua->c == '=' && seen >= 0 ? seen + 1 : -1;
        if (out)
            buf_add_char(out, (char)lua->c);
    }
    return literal_fail(lua, "");
}

static bool skip_comment(struct literal *lua)
{
    literal_step(lua);
    literal_step(lua);
    if (literal_skip(lua, '[')) {
        int level = read_level(lua);
        if (level >= 0)
            return read_long(lua, level, NULL);
    }
    while (lua->c != -1 && lua->c != '\n')
        literal_step(lua);
    return true;
}

bool lua_scalar_space(struct literal *lua)
{
    for (;;) {
        while (lua->c == ' ' || (lua->c >= '\t' && lua->c <= '\r'))
            literal_step(lua);
        if (lua->c != '-' || source_file_peek(lua->file) != '-')
            return true;
        if (!skip_comment(lua))
            return false;
    }
}

/* Up to three decimal digits. */
static bool read_decimal(struct literal *lua)
{
    unsigned code = 0;
    for (int i = 0; i < 3 && literal_digit(lua->c) < 10; i++) {
        code = code * 10 + literal_digit(lua->c);
        literal_step(lua);
    }
    buf_add_char(&lua->run, (char)code);
    return code < 256 || literal_fail(lua, "this is no byte");
}

static bool read_hex(struct literal *lua)
{
    unsigned code = 0;
    literal_step(lua);
    for (int i = 0; i < 2; i++) {
        unsigned digit = literal_digit(lua->c);
        if (digit >= 16)
            return literal_fail(lua, "this is no hexadecimal digit");
        code = code * 16 + digit;
        literal_step(lua);
    }
    buf_add_char(&lua->run, (char)code);
    return true;
}

/* What is behind a backslash. A line is continued by its feed, as written by string.format("%q").
 */
static bool read_escape(struct literal *lua)
{
    static const char names[] = "abfnrtv\\\"'\n", bytes[] = "\a\b\f\n\r\t\v\\\"'\n";
    int c = lua->c;
    if (literal_digit(c) < 10)
        return read_decimal(lua);
    if (c == 'x')
        return read_hex(lua);
    const char *name = c > 0 ? strchr(names, c) : NULL;
    if (!name && c != 'z')
        return literal_fail(lua, "this is no escape");
    literal_step(lua);
    if (name)
        buf_add_char(&lua->run, bytes[name - names]);
    while (!name && lua->c > 0 && isspace(lua->c))
        literal_step(lua);
    return true;
}

static json_t *read_string(struct literal *lua)
{
    int quote = lua->c;
    buf_clear(&lua->run);
    for (literal_step(lua); lua->c != quote;) {
        if (lua->c == '\\') {
            literal_step(lua);
            if (!read_escape(lua))
                return NULL;
        } else if (lua->c == -1 || lua->c == '\n') {
            literal_fail(lua, "a string does not end");
            return NULL;
        } else {
            buf_add_char(&lua->run, (char)lua->c);
            literal_step(lua);
        }
    }
    literal_step(lua);
    return literal_string(lua);
}

static json_t *no_literal(struct literal *lua)
{
    literal_fail(lua, "this is no literal");
    return NULL;
}

json_t *lua_scalar_long(struct literal *lua)
{
    int level = read_level(lua);
    if (level < 0)
        return no_literal(lua);
    buf_clear(&lua->run);
    return read_long(lua, level, &lua->run) ? literal_string(lua) : NULL;
}

static json_t *read_bracketed(struct literal *lua)
{
    literal_step(lua);
    return lua_scalar_long(lua);
}

static void add_step(struct literal *lua)
{
    buf_add_char(&lua->run, (char)lua->c);
    literal_step(lua);
}

bool lua_scalar_word(struct literal *lua)
{
    buf_clear(&lua->run);
    while (is_word(lua->c) || lua->c == '.')
        add_step(lua);
    return lua->run.len > 0;
}

json_t *lua_scalar_named(struct literal *lua)
{
    struct span word = buf_span(&lua->run);
    if (!literal_count(lua))
        return NULL;
    if (span_is(word, "true") || span_is(word, "false"))
        return json_boolean(word.len == 4);
    return span_is(word, "nil") || span_is(word, "math.huge") ? json_null() : no_literal(lua);
}

static json_t *read_named(struct literal *lua)
{
    lua_scalar_word(lua);
    return lua_scalar_named(lua);
}

/* Collects digits, letters and dots; a sign belongs to it behind the letter of an exponent. */
static bool collect_number(struct literal *lua)
{
    bool is_hex = false;
    while (is_word(lua->c) || lua->c == '.') {
        int lower = lua->c | 0x20;
        is_hex = is_hex || lower == 'x';
        add_step(lua);
        if (lower == (is_hex ? 'p' : 'e') && (lua->c == '-' || lua->c == '+'))
            add_step(lua);
    }
    const char *digits = lua->run.data ? lua->run.data : "";
    digits += *digits == '-';
    return literal_digit(*digits) < 10 || *digits == '.';
}

static json_t *collected_number(struct literal *lua)
{
    const char *text = lua->run.data;
    json_t *number = literal_integer(lua, strpbrk(text, "xX") ? 16 : 10);
    if (!number)
        number = literal_real(lua);
    return number ? number : no_literal(lua);
}

/* Infinity and what is no number are written as divisions by zero. */
static json_t *divide(struct literal *lua, json_t *number)
{
    json_decref(number);
    literal_step(lua);
    if (!lua_scalar_space(lua) || !literal_skip(lua, '0') || is_word(lua->c) || lua->c == '.')
        return no_literal(lua);
    return json_null();
}

static json_t *read_number(struct literal *lua)
{
    buf_clear(&lua->run);
    if (lua->c == '-')
        add_step(lua);
    if (!lua_scalar_space(lua))
        return NULL;
    if (lua->run.len > 0 && isalpha(lua->c)) {
        lua_scalar_word(lua);
        return span_is(buf_span(&lua->run), "math.huge") ? lua_scalar_named(lua) : no_literal(lua);
    }
    if (!collect_number(lua))
        return no_literal(lua);
    json_t *number = literal_count(lua) ? collected_number(lua) : NULL;
    if (!number || !lua_scalar_space(lua) || lua->c != '/')
        return number;
    return divide(lua, number);
}

/* A division may be in brackets. */
static json_t *read_in_brackets(struct literal *lua)
{
    literal_step(lua);
    if (!lua_scalar_space(lua))
        return NULL;
    json_t *number = read_number(lua);
    if (number && (!lua_scalar_space(lua) || !literal_skip(lua, ')'))) {
        json_decref(number);
        return no_literal(lua);
    }
    return number;
}

json_t *lua_scalar_read(struct literal *lua)
{
    static const struct {
        const char *first;
        json_t *(*read)(struct literal *);
    } kinds[] = {{"\"'", read_string},
                 {"-.0123456789", read_number},
                 {"[", read_bracketed},
                 {"(", read_in_brackets}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (lua->c > 0 && strchr(kinds[i].first, lua->c))
            return kinds[i].read(lua);
    return read_named(lua);
}
