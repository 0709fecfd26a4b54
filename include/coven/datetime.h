/* XEP-0082 date-times, always UTC, as milliseconds since 1970. Years 0001 to 9999, nothing else. */
#ifndef COVEN_DATETIME_H
#define COVEN_DATETIME_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

#define DATETIME_SIZE 25 /* "2026-01-31T23:59:59.123Z" and a NUL */

/* Writes a time in the profile's form, with milliseconds where they are not zero. Outside the years
 * it is clamped. */
void datetime_print(int64_t ms, char out[DATETIME_SIZE]);

/* Reads "2026-01-31T23:59:59[.frac](Z|±hh:mm)". False, and `*ms_r` untouched, when it is anything
 * else. */
bool datetime_parse(struct span text, int64_t *ms_r);

#endif
