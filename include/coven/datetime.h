/* Date-times (XEP-0082) in UTC, as milliseconds since 1970. Years 0001 to 9999 only. */
#ifndef COVEN_DATETIME_H
#define COVEN_DATETIME_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

#define DATETIME_SIZE 25 /* "2026-01-31T23:59:59.123Z" and a NUL */

/* Prints a time, without milliseconds if they are zero. A time outside these years is clamped. */
void datetime_print(int64_t ms, char out[DATETIME_SIZE]);

/* Reads "2026-01-31T23:59:59[.frac](Z|±hh:mm)". False, and `*ms_r` untouched, for any other text.
 */
bool datetime_parse(struct span text, int64_t *ms_r);

#endif
