/* Who is in which room, and what they say. Pure: options in, stanzas out. */
#ifndef LOAD_CROWD_H
#define LOAD_CROWD_H

#include <stdint.h>

#include "coven/buf.h"
#include "options.h"

struct traffic {
    const struct options *options;
    struct buf filling; /* what follows the mark in a body */
    uint64_t turn;      /* how many were sent, to take turns */
    uint64_t flood_turn;
};

void traffic_init(struct traffic *traffic, const struct options *options);
void traffic_free(struct traffic *traffic);

/* A place in a room, and the user who takes it. */
struct traffic_place {
    uint32_t room, seat, user;
};
struct traffic_place traffic_place(const struct traffic *traffic, uint32_t room, uint32_t seat);

/* The rooms in all: behind those that are measured the one that is flooded, if there is one. */
uint32_t traffic_rooms(const struct traffic *traffic);
/* Those who join rooms that others have created, in the order in which they do, and how many. */
uint64_t traffic_joiners(const struct traffic *traffic);
struct traffic_place traffic_joiner(const struct traffic *traffic, uint64_t index);

/* Whose turn it is: each room in turn, and each of its occupants. */
struct traffic_place traffic_next(struct traffic *traffic);
/* The same in the flooded room. */
struct traffic_place traffic_next_flood(struct traffic *traffic);

/* How many marked copies a stanza of the work brings, and how many a message to a room brings. */
uint32_t traffic_copies(const struct traffic *traffic);
uint32_t traffic_message_copies(const struct traffic *traffic, uint32_t room);

/* The stanzas, with the mark of that number: to join, to do the work, to say something to the room.
 */
void traffic_join(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                  struct buf *out);
void traffic_say(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                 struct buf *out);
void traffic_message(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                     struct buf *out);
/* The owner configures the room, whose creator `place` is: a result comes. */
void traffic_configure(const struct traffic *traffic, struct traffic_place place, struct buf *out);

#endif
