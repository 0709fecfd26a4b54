/*
 * Allocation that never fails: if the system has no memory left, the process ends with one line. So
 * callers check nothing; everything that a stranger can make grow has a limit instead. The caller
 * frees all results with free().
 */
#ifndef COVEN_MEM_H
#define COVEN_MEM_H

#include <stddef.h>

/* `size` zeroed bytes. */
void *mem_new(size_t size);

/* `size` bytes that are not zeroed: malloc() for libraries that let it be replaced. */
void *mem_block(size_t size);

/* Resizes `old`, which may be NULL, to `size` bytes; added bytes are not zeroed. */
void *mem_resize(void *old, size_t size);

/* A copy of `len` bytes, with a NUL after them. */
char *mem_copy(const void *bytes, size_t len);

/* A copy of a string; NULL gives NULL. */
char *mem_string(const char *text);

/* Ends the process: "coven: out of memory". */
_Noreturn void mem_exhausted(void);

#endif
