/*
 * Owned strings that are mostly empty: the empty one is the constant "" and takes no memory; all
 * others come from text_new().
 */
#ifndef COVEN_TEXT_H
#define COVEN_TEXT_H

#include "coven/span.h"

/* A copy of `bytes` up to the first NUL. The caller frees it with text_free(). */
const char *text_new(struct span bytes);
void text_free(const char *text);

/* Replaces `*text` by a copy of `bytes`, which may be part of it. */
void text_set(const char **text, struct span bytes);

#endif
