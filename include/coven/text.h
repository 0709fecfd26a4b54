/*
 * A text that somebody owns and that is mostly empty: the empty one takes no memory, and is just
 * "". What else it is was made by text_new().
 */
#ifndef COVEN_TEXT_H
#define COVEN_TEXT_H

#include "coven/span.h"

/* A copy, up to the first NUL. The caller frees it with text_free(). */
const char *text_new(struct span bytes);
void text_free(const char *text);

/* Frees what is there and puts a copy of `bytes` in its place. */
void text_set(const char **text, struct span bytes);

#endif
