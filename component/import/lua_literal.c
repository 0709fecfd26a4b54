#include "lua_literal.h"

#include <ctype.h>
#include <string.h>

#include "lua_scalar.h"

static json_t *read_value(struct literal *lua);

/* Infinity is null, too, but was not collected under this name. */
static bool is_nil(const struct literal *lua, const json_t *value)
{
    return json_is_null(value) && span_is(buf_span(&lua->run), "nil");
}

/* Takes over a value without a key, if there is one. */
static bool add_unnamed(struct literal *lua, json_t **array, json_t *value)
{
    if (!value)
        return false;
    if (is_nil(lua, value)) {
        json_decref(value);
        return true;
    }
    if (!*array)
        *array = json_array();
    return json_array_append_new(*array, value) == 0;
}

/* Behind a key. */
static bool read_named_item(struct literal *lua, json_t *table, size_t at)
{
    if (!lua_scalar_space(lua) || (!literal_skip(lua, '=') && !literal_fail(lua, "= is missing")) ||
        !lua_scalar_space(lua))
        return false;
    json_t *value = read_value(lua);
    if (!value)
        return false;
    literal_set(lua, table, at, is_nil(lua, value) ? NULL : value);
    return true;
}

/* Behind [: a key, or a long string without one. */
static bool read_key_item(struct literal *lua, json_t *table, json_t **array)
{
    size_t at;
    literal_step(lua);
    if (lua->c == '[' || lua->c == '=')
        return add_unnamed(lua, array, lua_scalar_long(lua));
    if (!lua_scalar_space(lua) || !literal_key(lua, read_value(lua), &at) || !lua_scalar_space(lua))
        return false;
    if (!literal_skip(lua, ']'))
        return literal_fail(lua, "] is missing");
    return read_named_item(lua, table, at);
}

/* A word: a key, or a value by its name. */
static bool read_word_item(struct literal *lua, json_t *table, json_t **array)
{
    size_t at;
    lua_scalar_word(lua);
    struct span word = buf_span(&lua->run);
    if (!lua_scalar_space(lua))
        return false;
    if (lua->c == '=' && !memchr(word.at, '.', word.len))
        return literal_key(lua, literal_string(lua), &at) && read_named_item(lua, table, at);
    return add_unnamed(lua, array, lua_scalar_named(lua));
}

static bool read_item(struct literal *lua, json_t *table, json_t **array)
{
    if (lua->c == '[')
        return read_key_item(lua, table, array);
    if (lua->c > 0 && (isalpha(lua->c) || lua->c == '_'))
        return read_word_item(lua, table, array);
    return add_unnamed(lua, array, read_value(lua));
}

static bool read_separator(struct literal *lua)
{
    if (!lua_scalar_space(lua))
        return false;
    return literal_skip(lua, ';') || literal_skip(lua, ',') || lua->c == '}' ||
           literal_fail(lua, "this is no literal");
}

static bool read_items(struct literal *lua, json_t *table, json_t **array)
{
    while (lua_scalar_space(lua) && lua->c != '}')
        if (!read_item(lua, table, array) || !read_separator(lua))
            return false;
    return !lua->is_bad;
}

static json_t *read_table(struct literal *lua)
{
    if (!literal_enter(lua))
        return NULL;
    json_t *table = json_object(), *array = NULL;
    bool is_read = read_items(lua, table, &array);
    if (array)
        json_object_set_new_nocheck(table, "__array", array);
    if (is_read) {
        literal_leave(lua);
        return table;
    }
    json_decref(table);
    return NULL;
}

static json_t *read_value(struct literal *lua)
{
    return lua->c == '{' ? read_table(lua) : lua_scalar_read(lua);
}

/* Steps over bytes that have to follow, and the white space behind them. */
static bool skip(struct literal *lua, const char *bytes)
{
    for (; *bytes; bytes++)
        if (!literal_skip(lua, *bytes))
            return literal_fail(lua, "this is no literal");
    return lua_scalar_space(lua);
}

/* False at the end of the file. What is between two records does not count for its length. */
static bool begin(struct literal *lua, struct source_file *file,
                  const struct literal_limits *limits, struct buf *why)
{
    literal_open(lua, file, limits, why);
    lua_scalar_space(lua);
    literal_begin(lua, NULL);
    return lua->c != -1 || lua->is_bad;
}

static enum read_result end(struct literal *lua, json_t *value, json_t **value_r)
{
    literal_close(lua);
    *value_r = lua->is_bad ? NULL : value;
    if (!lua->is_bad)
        return READ_OK;
    json_decref(value);
    return READ_BAD;
}

enum read_result lua_literal_read(struct source_file *file, const struct literal_limits *limits,
                                  json_t **value_r, struct buf *why)
{
    struct literal lua;
    json_t *value = NULL;
    if (!begin(&lua, file, limits, why))
        return READ_END;
    if (skip(&lua, "return"))
        value = read_value(&lua);
    if (value && lua_scalar_space(&lua) && literal_skip(&lua, ';'))
        lua_scalar_space(&lua);
    if (lua.c != -1)
        literal_fail(&lua, "this is no literal");
    while (lua.is_bad && source_file_next(file) != -1)
        ;
    return end(&lua, value, value_r);
}

/*
 * Goes on at an item: where a line begins with one, or at the word that was no literal, as when a
 * server stopped while it wrote.
 */
static void find_item(struct literal *lua)
{
    static const char word[] = "item(";
    enum { LEN = sizeof word - 1, NONE };
    bool is_at = lua->c == '(' && lua->before == 'm' && span_is(buf_span(&lua->run), "item");
    size_t seen = is_at ? LEN - 1 : lua->before == '\n' ? 0 : NONE;
    for (int c = lua->is_cut ? source_file_next(lua->file) : lua->c; c != -1;
         c = source_file_next(lua->file)) {
        bool fits = seen < LEN && c == word[seen];
        seen = fits ? seen + 1 : c == '\n' ? 0 : NONE;
        if (seen == LEN)
            break;
    }
    for (size_t i = seen == LEN ? LEN : 0; i-- > 0;)
        source_file_back(lua->file, word[i]);
}

enum read_result lua_literal_item(struct source_file *file, const struct literal_limits *limits,
                                  json_t **value_r, struct buf *why)
{
    struct literal lua;
    json_t *value = NULL;
    if (!begin(&lua, file, limits, why))
        return READ_END;
    if (skip(&lua, "item") && skip(&lua, "("))
        value = read_value(&lua);
    /* The last byte is not stepped over: the one behind it belongs to the next item. */
    if (value && lua_scalar_space(&lua) && skip(&lua, ")") && lua.c != ';')
        literal_fail(&lua, "; is missing");
    if (lua.is_bad)
        find_item(&lua);
    return end(&lua, value, value_r);
}
