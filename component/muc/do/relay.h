/*
 * IQs between occupants (XEP-0045, 17.4) that wait for their answers. None of this is in the store:
 * who asked before a restart asks again.
 */
#ifndef MUC_RELAY_H
#define MUC_RELAY_H

#include <stdbool.h>

#include "coven/table.h"
#include "muc/limit/place.h"

struct relay;
struct service;

struct relays {
    struct table by_id;
    struct places places;  /* of them, the users' who ask */
    struct relay *oldest;  /* in the order in which they run out */
    struct relay *touched; /* begun or answered in this turn */
};

/* Those that nobody answered in time are answered with an error. False: some of them, there are
 * more. */
bool relays_expire(struct service *service);

/* The turn ends. If it was dropped, what it began was never sent, and what it answered is open. */
void relays_settle(struct service *service, bool committed);

void relays_free(struct service *service);

#endif
