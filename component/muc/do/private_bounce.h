/* Private messages that were delivered recently, in memory only. A copy that bounces comes back to
 * the room. When all copies of a message have bounced, the room sends an error to its author. */
#ifndef MUC_PRIVATE_BOUNCE_H
#define MUC_PRIVATE_BOUNCE_H

#include <stdbool.h>
#include <stdint.h>

struct occupant;
struct request;
struct service;
struct whisper;

/* A ring, in which a new message replaces the oldest: there are many each second, hardly any
 * bounces, and the ring needs no allocations. A bounce is searched for among the hashes. */
struct whispers {
    struct whisper *ring;
    unsigned *hashes; /* of the whispers in `ring`; 0: the place is empty */
    unsigned size, count;
    unsigned next;           /* index for the next message */
    unsigned fresh;          /* number of messages sent in this turn */
    struct whisper *touched; /* list of those that bounced in this turn */
};

/* Remembers the message to that occupant, unless a limit is reached. */
void private_bounce_remember(const struct request *request, const struct occupant *recipient);

/* Handles the error if it is a bounce of a remembered message; returns false if it is none. */
bool private_bounce_handle(struct request *request);

/* Forgets old messages. Called every second. */
void private_bounce_expire(struct service *service);

/* The end of a turn. If the turn was dropped, its messages were not sent, and its bounces will be
 * handled again. */
void private_bounce_settle(struct service *service, bool committed);

void private_bounce_free(struct service *service);

#endif
