/*
 * Memory that is never refused: when the system has none left, the process ends with one line.
 * Nothing in coven checks an allocation; what a stranger can make grow has a limit instead.
 */
#ifndef COVEN_MEM_H
#define COVEN_MEM_H

#include <stddef.h>

/* `size` bytes, zeroed; the caller frees them with free(). */
void *mem_new(size_t size);

/* `old` (or NULL) resized to `size` bytes, what is new not zeroed. */
void *mem_resize(void *old, size_t size);

/* A copy of `len` bytes with a NUL behind them. */
char *mem_copy(const void *bytes, size_t len);

/* A copy of a string; NULL gives NULL. */
char *mem_string(const char *text);

/* Ends the process: "coven: out of memory". */
_Noreturn void mem_exhausted(void);

#endif
