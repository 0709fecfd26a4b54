/* IQs between occupants that wait for an answer (XEP-0045, 17.4). They are in memory only: after a
 * restart the client asks again. */
#ifndef MUC_RELAY_H
#define MUC_RELAY_H

#include <stdbool.h>

#include "coven/table.h"
#include "muc/limit/permits.h"

struct relay;
struct service;

struct relays {
    struct table by_id;
    struct permits permits; /* of open IQs, by the user who asks */
    struct relay *oldest;   /* in the order in which they expire */
    struct relay *touched;  /* sent or answered in this turn */
};

/* Answers expired IQs with an error. False: there are more of them. */
bool relays_expire(struct service *service);

/* Ends the turn. In a dropped turn nothing was sent, and nothing answered. */
void relays_settle(struct service *service, bool committed);

void relays_free(struct service *service);

#endif
