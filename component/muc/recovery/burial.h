/*
 * Sessions that were found dead leave their room together. When a server ends, hundreds of sessions
 * die within a moment, and if each left at once the room would tell each of them of all the others.
 * So they are gathered until no more come. Then, a room at a time, all of them are muted first, and
 * only after that the room tells those who stay. A grave is a dead session that waits for this
 * burial.
 */
#ifndef MUC_BURIAL_H
#define MUC_BURIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/table.h"

struct request;
struct service;
struct session;

struct burial {
    struct table graves;         /* graves, by room and full JID */
    struct table rooms;          /* rooms with graves, by name */
    struct burial_room *waiting; /* the same, in the order of their first graves */
    int64_t first_ms, last_ms;   /* when the first and the last grave were added */
    unsigned done;               /* graves that were finished in this turn */
};

/* Adds a grave for a session that seems to be dead. `why`: the text of its last presence.
 * `notify`: the client may still be there, so it is told of its own leave. */
void burial_add(const struct session *session, struct span why, bool notify);

/* The same for the session of that full JID in every room; nobody is told at that address. */
void burial_add_everywhere(struct service *service, struct span jid, struct span why);

/* The sender does what only a living client does. A grave of the session is given up; if its burial
 * has begun, the session leaves at once, and the request is handled like one from outside. */
void burial_note_alive(struct request *request);

/* Milliseconds until the next step is due; -1: there are no graves. */
int64_t burial_due_in(const struct service *service);

/* Buries some sessions of one room, if a step is due. */
void burial_step(struct service *service);

/* Ends the turn. In a dropped one nobody was buried, so the graves stay. */
void burial_settle(struct service *service, bool committed);

void burial_free(struct service *service);

#endif
