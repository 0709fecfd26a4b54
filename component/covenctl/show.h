/* Shows an answer: to a person as a table or as a card, to a program as lines. */
#ifndef COVENCTL_SHOW_H
#define COVENCTL_SHOW_H

#include <jansson.h>

#include "coven/command.h"

struct show {
    const struct command *command;
    bool json;      /* an object a line */
    bool terminal;  /* a person reads it; else fields are separated by tabs */
    json_t *rows;   /* of a table, until its columns are known */
    size_t *widths; /* of the columns, once known; NULL: not yet */
    size_t count;   /* rows so far */
    bool progress;  /* is on the terminal */
};

struct show show_begin(const struct command *command, bool json);
void show_row(struct show *show, json_t *row);
void show_progress(struct show *show, int64_t done, int64_t of);

/* Writes what waits. */
void show_flush(struct show *show);

/* `done`: the command has worked. */
void show_end(struct show *show, bool done);

/* On stderr, behind "covenctl: ". */
void show_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
