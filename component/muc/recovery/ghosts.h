/*
 * A ghost is a session that is still in a room though its client is gone. Ghosts are removed
 * together: when a server dies, hundreds of sessions are found dead within a moment, and if each
 * left at once, the room would tell each of them of all the others. So they are gathered until no
 * more come. Then, a room at a time, all of them are muted, and only after that the room tells
 * those who stay.
 */
#ifndef MUC_GHOSTS_H
#define MUC_GHOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/table.h"

struct request;
struct service;
struct session;

struct ghosts {
    struct table by_key;        /* ghosts, by room, full JID and change of entering */
    struct table rooms;         /* rooms with ghosts, by name */
    struct ghost_room *waiting; /* the same, in the order in which they got ghosts */
    int64_t first_ms, last_ms;  /* when the first and the last ghost were added */
    unsigned done;              /* ghosts that were finished in this turn */
};

/* Adds a ghost for a session that seems to be dead. `why`: the text of its last presence.
 * `notify`: the client may still be there, so it is told of its own leave. */
void ghosts_add(const struct session *session, struct span why, bool notify);

/* The same for the session of that full JID in every room; nobody is told at that address. */
void ghosts_add_everywhere(struct service *service, struct span jid, struct span why);

/* The sender does what only a living client does. A ghost of the session is given up; if its
 * removal has begun, the session leaves at once, and the request is handled like one from outside.
 */
void ghosts_note_alive(struct request *request);

/* Milliseconds until the next step is due; -1: there are no ghosts. */
int64_t ghosts_due_in(const struct service *service);

/* Removes some sessions of one room, if a step is due. */
void ghosts_step(struct service *service);

/* Ends the turn. In a dropped one nobody was removed, so the ghosts stay. */
void ghosts_settle(struct service *service, bool committed);

void ghosts_free(struct service *service);

#endif
