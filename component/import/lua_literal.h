/*
 * Reads the data files of Prosody's internal storage: literals of Lua, which are data here and
 * never run. A file `.dat` is `return` and a table; a file `.list` is a row of `item(TABLE);`.
 *
 * A table becomes an object: named items under their keys (a number or boolean as a key becomes its
 * text, an integral number without a fraction), items without a key as the array "__array", which
 * is also how Prosody writes a table as JSON. Strings may have any bytes but NUL
 * (json_stringn_nocheck); nil items are left out.
 */
#ifndef IMPORT_LUA_LITERAL_H
#define IMPORT_LUA_LITERAL_H

#include <jansson.h>

#include "literal.h"
#include "source_file.h"

/* Reads `return VALUE;` up to the end of the file. An empty file is READ_END. */
enum read_result lua_literal_read(struct source_file *file, const struct literal_limits *limits,
                                  json_t **value_r, struct buf *why);

/*
 * Reads the next `item(VALUE);`. After READ_BAD the next call goes on at the next line that begins
 * with `item(`; what is between is left out.
 */
enum read_result lua_literal_item(struct source_file *file, const struct literal_limits *limits,
                                  json_t **value_r, struct buf *why);

#endif
