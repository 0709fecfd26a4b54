/* Who is in which room, and what they say. Pure: options in, stanzas out. */
#ifndef LOAD_CROWD_H
#define LOAD_CROWD_H

#include <stdint.h>

#include "coven/buf.h"
#include "options.h"

struct crowd {
    const struct options *options;
    struct buf filling; /* what follows the mark in a body */
    uint64_t turn;      /* how many were sent, to take turns */
    uint64_t flood_turn;
};

void crowd_init(struct crowd *crowd, const struct options *options);
void crowd_free(struct crowd *crowd);

/* A place in a room, and the user who takes it. */
struct place {
    uint32_t room, seat, user;
};
struct place crowd_place(const struct crowd *crowd, uint32_t room, uint32_t seat);

/* The rooms in all: behind those that are measured the one that is flooded, if there is one. */
uint32_t crowd_rooms(const struct crowd *crowd);
/* Those who join rooms that others have created, in the order in which they do, and how many. */
uint64_t crowd_joiners(const struct crowd *crowd);
struct place crowd_joiner(const struct crowd *crowd, uint64_t index);

/* Whose turn it is: each room in turn, and each of its occupants. */
struct place crowd_next(struct crowd *crowd);
/* The same in the flooded room. */
struct place crowd_next_flood(struct crowd *crowd);

/* How many marked copies a stanza of the work brings, and how many a message to a room brings. */
uint32_t crowd_copies(const struct crowd *crowd);
uint32_t crowd_message_copies(const struct crowd *crowd, uint32_t room);

/* The stanzas, with the mark of that number: to join, to do the work, to say something to the room.
 */
void crowd_join(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out);
void crowd_say(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out);
void crowd_message(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out);
/* The owner configures the room, whose creator `place` is: a result comes. */
void crowd_configure(const struct crowd *crowd, struct place place, struct buf *out);

#endif
