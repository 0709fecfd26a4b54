/* The text of one field of an answer. */
#ifndef COVENCTL_CELL_H
#define COVENCTL_CELL_H

#include <jansson.h>

#include "coven/command.h"

/* Writes a value as a person reads it (`person`), or as it came. Characters that would move the
 * cursor, or turn the direction of text, are written as \n, \t or \u{...}. */
void cell_write(struct buf *out, const json_t *value, enum command_type type, bool person);

/* Writes a text in that way. */
void cell_text(struct buf *out, const char *text);

/* The columns of a terminal that the text takes. */
size_t cell_width(struct span text);

/* The longest part of the text within that width. */
size_t cell_cut(struct span text, size_t width);

#endif
