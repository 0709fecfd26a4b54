/* UTF-8 as XML allows it: no overlong forms, no surrogates, none of the characters XML 1.0 forbids.
 */
#ifndef COVEN_UTF8_H
#define COVEN_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

/*
 * Reads one code point at `*at` (before `end`) and moves `*at` behind it. Returns -1, and does not
 * move, where the bytes are not UTF-8.
 */
int32_t utf8_next(const char **at, const char *end);

/* Is all of it UTF-8, and every character one that XML 1.0 allows? */
bool utf8_is_xml(struct span text);

/* The longest length of at most `max` bytes that does not cut a character in two. */
size_t utf8_cut(struct span text, size_t max);

/* The number of code points. */
size_t utf8_count(struct span text);

#endif
