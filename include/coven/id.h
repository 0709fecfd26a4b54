/* Random bytes and identifiers. */
#ifndef COVEN_ID_H
#define COVEN_ID_H

#include <stddef.h>
#include <stdint.h>

#define ID_TEXT_SIZE 33 /* 32 hexadecimal digits and a NUL */

/* Fills `out` from the system's random source. Without one the process ends. */
void id_random_bytes(void *out, size_t len);

/* 128 random bits as 32 lower-case hexadecimal digits. */
void id_random_text(char out[ID_TEXT_SIZE]);

/* Writes `len` bytes to `out` as 2 * len lower-case hexadecimal digits and a NUL. */
void id_hex(const void *bytes, size_t len, char *out);

#endif
