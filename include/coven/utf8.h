/* UTF-8 as XML 1.0 allows it. */
#ifndef COVEN_UTF8_H
#define COVEN_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

/* Reads the code point at `*at` and moves `*at` after it. Returns -1 without moving `*at` at `end`
 * and at bytes that are not UTF-8, such as overlong forms and surrogates. */
int32_t utf8_next(const char **at, const char *end);

/* Is all of the text UTF-8, without characters that XML 1.0 forbids? */
bool utf8_is_xml(struct span text);

/* The longest length up to `max` bytes that does not split a character. */
size_t utf8_cut(struct span text, size_t max);

/* The number of code points in valid UTF-8. */
size_t utf8_count(struct span text);

#endif
