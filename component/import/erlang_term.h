/*
 * Reads terms of Erlang as text: what `ejabberdctl dump` and `dump_table` write, and the options of
 * a room in ejabberd's SQL. Each ends with a full stop and white space, or with the file.
 *
 * Atoms, binaries and strings become strings (a binary's bytes may be anything but NUL:
 * json_stringn_nocheck), tuples and lists become arrays, integers and floats numbers, and a map
 * (#{K => V}) an object. A pid, a port, a reference, a fun (#Fun<...>, <0.1.2>) becomes null.
 */
#ifndef IMPORT_ERLANG_TERM_H
#define IMPORT_ERLANG_TERM_H

#include <jansson.h>

#include "literal.h"
#include "source_file.h"

/*
 * Reads the next term. After READ_BAD the next call goes on behind the next full stop at the end of
 * a line. `text`, if it is not NULL, gets the bytes of the term as they stand in the file.
 */
enum read_result erlang_term_read(struct source_file *file, const struct literal_limits *limits,
                                  json_t **term_r, struct buf *text, struct buf *why);

#endif
