/* Reads rooms from the store as lines of JSON (transfer.h), in any thread. */
#ifndef MUC_COMMAND_EXPORT_LINES_H
#define MUC_COMMAND_EXPORT_LINES_H

#include <jansson.h>

#include "coven/eras.h"
#include "coven/service.h"
#include "coven/store.h"

enum export_part {
    EXPORT_NEXT, /* the next room is to be found */
    EXPORT_AFFILIATIONS,
    EXPORT_APPLICANTS,
    EXPORT_MESSAGES,
    EXPORT_TOMBSTONES,
};

struct export_lines {
    char *domain;
    struct service_limits limits;
    struct eras eras;
    int64_t now_ms;
    json_t *names; /* the rooms that are wanted; NULL: all */
    size_t name_at;
    bool saved; /* what was only in memory is in the store */

    enum export_part part;
    int64_t room; /* its id */
    char *name;   /* the local part */
    char *after;  /* the JID or the name that was read last */
    int64_t after_key;
    int64_t messages, affiliations; /* of the room, so far */

    json_t *rows; /* read and not all told yet */
    size_t told, bytes;
    char *missing; /* a room that is wanted and does not exist */
    bool over, failed;
};

/* Adds the first line. */
void export_lines_head(struct export_lines *lines);

/* Reads some more lines. */
void export_lines_read(struct export_lines *lines, struct store *store);

void export_lines_close(struct export_lines *lines);

#endif
