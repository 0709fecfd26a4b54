/* A large room is loaded in steps, one in a turn. Stanzas to it are parked meanwhile, and handled
 * in their order when the room is loaded. */
#ifndef MUC_PARK_H
#define MUC_PARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muc/state/request.h"

struct service;

struct parking {
    struct parked *first; /* parked stanzas, the oldest first */
    unsigned count;
    size_t bytes;
    unsigned to_release; /* how many more may be handled in this turn, plus one; 0: none */
};

/* Returns whether a stanza for that room is parked: a later one must not overtake it. */
bool park_holds(const struct service *service, struct span node);

/* Parks the request's stanza. Returns NULL, or the error if the limits leave no place for it. */
const struct stanza_error *park(struct request *request);

/* park_has_work() returns whether a stanza may be handled or a room is loading; park_step() takes a
 * step of loading, and lets service_unpark() give out stanzas in this turn. */
bool park_has_work(const struct service *service);
void park_step(struct service *service);

/* Ends the turn. What a dropped turn parked is taken out, since the turn's stanzas are refused. */
void park_settle(struct service *service, bool committed);

void park_free(struct service *service);

#endif
