/*
 * The dead leave together. Whoever turns out to be gone is not sent out at once: when a server
 * ends, hundreds do within a moment, and each would be told of all the others. They are gathered
 * until no more of them come. Then, a room at a time, all of them are taken out of what the room
 * sends, and only then those who stay are told.
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
    struct table graves;         /* the sessions, by room and full JID */
    struct table rooms;          /* the same, by room */
    struct burial_room *waiting; /* the same, in the order in which they came */
    int64_t first_ms, last_ms;   /* when the first and the last of them were found */
    unsigned done;               /* those that need not be buried any more, if the turn is kept */
};

/* The session seems to be gone. `why` is the text that others read in its last presence. `knows`:
 * its client may be there all the same, and is told. */
void burial_add(const struct session *session, struct span why, bool knows);

/* The same for every room that the full JID is in. */
void burial_add_everywhere(struct service *service, struct span jid, struct span why);

/* The sender does something that only the living do: it is not buried. If that is begun, it is out
 * at once, and as anybody else from outside. */
void burial_see(struct request *request);

/* How many milliseconds it is until a step is due; -1: nobody is to be buried. */
int64_t burial_due_in(const struct service *service);

/* Buries some, if it is time. */
void burial_step(struct service *service);

/* The turn ends. If it was dropped, those it buried are still to be. */
void burial_settle(struct service *service, bool committed);

void burial_free(struct service *service);

#endif
