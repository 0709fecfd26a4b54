/*
 * Rooms as lines of JSON, which leave with export-rooms and come with import-rooms. Each line is an
 * object with a "type"; coven-export(1) tells what else is in it.
 */
#ifndef MUC_COMMAND_TRANSFER_H
#define MUC_COMMAND_TRANSFER_H

#include <jansson.h>
#include <stdbool.h>

#include "coven/span.h"
#include "coven/store.h"

#define TRANSFER_VERSION 1

/* The word for a kind of message. */
const char *transfer_kind_name(enum store_kind kind);

/* False: no kind has that name. */
bool transfer_kind_named(const char *name, enum store_kind *kind_r);

/* Values of a line; empty, or false, where it has none of that name. */
struct span transfer_text(const json_t *line, const char *name);
bool transfer_time(const json_t *line, const char *name, int64_t *ms_r);

/* A salt as text: as 32 digits, or as it is. */
json_t *transfer_print_salt(struct span salt);

/* Reads it. False: it is none. `salt_r` has STORE_SALT_MAX bytes. */
bool transfer_read_salt(struct span text, char *salt_r, size_t *len_r);

#endif
