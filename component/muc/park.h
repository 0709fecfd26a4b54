/*
 * A large room is read from the store in steps, one a turn. What comes for it meanwhile is parked,
 * and handled in its order when the room is there.
 */
#ifndef MUC_PARK_H
#define MUC_PARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "muc/state/request.h"

struct service;

struct parking {
    struct parked *first; /* in the order in which they came */
    unsigned count;
    size_t bytes;
    unsigned leaving; /* how many more may leave in this turn; 0: it is no turn for that */
};

/* Does something wait for that room already, so that nothing may overtake it? */
bool park_holds(const struct service *service, struct span node);

/* NULL: it waits now; else there is no place for it. */
const struct stanza_error *park(struct request *request);

/* Is there a stanza that may leave, or a room to be loaded? And a part of that. */
bool park_has_work(const struct service *service);
void park_step(struct service *service);

/* At the end of the turn: what was parked in one that is dropped is answered as all its stanzas
 * are. */
void park_settle(struct service *service, bool committed);

void park_free(struct service *service);

#endif
