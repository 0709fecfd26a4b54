/* Reads what is no table in a literal of Lua: strings, numbers and names of values. */
#ifndef IMPORT_LUA_SCALAR_H
#define IMPORT_LUA_SCALAR_H

#include "literal.h"

/* Steps over white space and comments. */
bool lua_scalar_space(struct literal *lua);

/* Reads a value that is no table; infinity and what is no number are null, like nil. */
json_t *lua_scalar_read(struct literal *lua);

/* Reads a long string behind its first bracket. */
json_t *lua_scalar_long(struct literal *lua);

/* Collects a word, dots included; false: there is none. */
bool lua_scalar_word(struct literal *lua);

/* What is collected as the name of a value. */
json_t *lua_scalar_named(struct literal *lua);

#endif
