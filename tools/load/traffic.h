/* Who is in which room, and what they send. Pure: options go in, stanzas come out. */
#ifndef LOAD_TRAFFIC_H
#define LOAD_TRAFFIC_H

#include <stdint.h>

#include "coven/buf.h"
#include "options.h"

struct traffic {
    const struct options *options;
    struct buf filling; /* what follows the mark in a body */
    uint64_t turn;      /* stanzas sent; selects the next sender */
    uint64_t flood_turn;
};

void traffic_init(struct traffic *traffic, const struct options *options);
void traffic_free(struct traffic *traffic);

/* A place in a room, and its user. */
struct traffic_place {
    uint32_t room, seat, user;
};
struct traffic_place traffic_place(const struct traffic *traffic, uint32_t room, uint32_t seat);

/* The number of rooms, including the flooded one, which is the last. */
uint32_t traffic_rooms(const struct traffic *traffic);
/* Those who join rooms that others created: their number, and the one at that place. */
uint64_t traffic_joiners(const struct traffic *traffic);
struct traffic_place traffic_joiner(const struct traffic *traffic, uint64_t index);

/* The next sender: each room in turn, and each of its occupants. */
struct traffic_place traffic_next(struct traffic *traffic);
/* The next sender of the flooded room. */
struct traffic_place traffic_next_flood(struct traffic *traffic);

/* How many marked copies a stanza of the work brings, and a message to a room. */
uint32_t traffic_copies(const struct traffic *traffic);
uint32_t traffic_message_copies(const struct traffic *traffic, uint32_t room);

/* Write a stanza with the mark of that number: a join, the work, a message to the room. */
void traffic_join(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                  struct buf *out);
void traffic_say(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                 struct buf *out);
void traffic_message(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                     struct buf *out);
/* Writes the configuration of the room by its creator, in `place`. A result comes back. */
void traffic_configure(const struct traffic *traffic, struct traffic_place place, struct buf *out);

#endif
