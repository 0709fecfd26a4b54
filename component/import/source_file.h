/* A file that is read byte by byte, however large it is: little of it is in memory at a time. */
#ifndef IMPORT_SOURCE_FILE_H
#define IMPORT_SOURCE_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "coven/buf.h"

struct source_file {
    char *path; /* as error texts show it */
    FILE *stream;
    unsigned long line; /* of the next byte, from 1 */
    bool failed;        /* a read failed: what follows is missing */
};

/* False, with "PATH: reason" in `why`, if the file cannot be opened; nothing is to be closed then.
 */
bool source_file_open(struct source_file *file, const char *path, struct buf *why);

/* The same with bytes in memory, which live as long: for tests. */
void source_file_open_bytes(struct source_file *file, const char *bytes, size_t len);

void source_file_close(struct source_file *file);

/* The next byte without taking it, or taken; -1: the end, or a failed read. */
int source_file_peek(struct source_file *file);
int source_file_next(struct source_file *file);

/* Gives back up to SOURCE_FILE_BACK of the bytes that were taken last, the last one first; none of
 * them is a line feed. */
#define SOURCE_FILE_BACK 5
void source_file_back(struct source_file *file, char byte);

#endif
