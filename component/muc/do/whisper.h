/*
 * Private messages that were passed on not long ago. If all copies of one come back, its author is
 * told, and nobody else: the error comes to the room, which alone knows whom it is for. None of
 * this is in the store.
 */
#ifndef MUC_WHISPER_H
#define MUC_WHISPER_H

#include <stdbool.h>
#include <stdint.h>

struct occupant;
struct request;
struct service;
struct whisper;

/*
 * A ring: each takes the place of the oldest, in memory that is there already, for there are many
 * each second, and next to none of them ever comes back. One that does is looked for by its hash
 * alone.
 */
struct whispers {
    struct whisper *ring;
    unsigned *hashes; /* of the same; 0: nothing is there */
    unsigned size, count;
    unsigned next;           /* where the next one goes */
    unsigned fresh;          /* those sent in this turn */
    struct whisper *touched; /* come back in this turn */
};

/* The message goes to that occupant; more than the limits allow are not remembered. */
void whisper_add(const struct request *request, const struct occupant *recipient);

/* Is this error a private message's that came back? Then that was dealt with. */
bool whisper_bounce(struct request *request);

/* Forgets those that are old. Each second. */
void whispers_expire(struct service *service);

/* The turn ends. If it was dropped, what was sent in it was not, and what came back will come
 * again. */
void whispers_settle(struct service *service, bool committed);

void whispers_free(struct service *service);

#endif
