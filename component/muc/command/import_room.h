/* A room that comes in: what import-rooms has of it so far. */
#ifndef MUC_COMMAND_IMPORT_ROOM_H
#define MUC_COMMAND_IMPORT_ROOM_H

#include <jansson.h>

#include "coven/buf.h"
#include "coven/jid.h"
#include "muc/state/options.h"

struct service;

/* What becomes of a room that there is already. */
enum existing { EXISTING_LEAVE, EXISTING_MERGE, EXISTING_REPLACE };

struct import_room {
    struct service *service;
    enum existing existing;
    char *address;  /* in the file; NULL: no room is under way */
    struct jid to;  /* the address here */
    int64_t id;     /* 0: its lines are passed over */
    char *why;      /* why that is so; NULL: it is not, yet */
    int64_t target; /* the room that it goes into; 0: none */

    struct room_config config;
    char *creator;
    int64_t created, used, subject_time;
    char salt[STORE_SALT_MAX];
    size_t salt_len; /* 0: it comes without one */
    struct buf subject, card, hashes;
    uint32_t subject_to;
    json_t *applicants; /* their lines */

    int64_t last_key, said; /* of the newest message, and of the newest that history shows */
    int64_t archived;       /* messages with a number */
    int64_t messages, affiliations, known;
    int64_t lines_messages, lines_affiliations; /* that came, taken or not */
    json_t *left_out;                           /* how often something was, by what and why */
};

/* Each returns false if it has to be called again with the same line, because a room here is being
 * loaded; then nothing is done yet. */
bool import_room_begin(struct import_room *import, struct service *service, enum existing existing,
                       const json_t *line);
bool import_room_end(struct import_room *import, const json_t *line);

/* Lines of the room between those two. */
void import_room_affiliation(struct import_room *import, const json_t *line);
void import_room_applicant(struct import_room *import, const json_t *line);
void import_room_message(struct import_room *import, const json_t *line);

/* Counts something that does not come in. */
void import_room_leave_out(struct import_room *import, const char *what);

/* The row that tells what came of it. */
json_t *import_room_report(const struct import_room *import);

/* Gives up a room that is not complete, and frees what is kept of it; the next one may begin. */
void import_room_close(struct import_room *import);

#endif
