/*
 * A hash table of items that bear their links themselves: 16 bytes in each, 4 to 8 in the table. It
 * grows and shrinks by one bucket at a time (linear hashing), so nobody ever waits while a table of
 * a million items is made anew. An empty one takes no memory and needs neither beginning nor end: a
 * zeroed `struct table` is one. Items belong to the caller, are in no order, and are hashed with
 * hash_span(), whose seed the caller has.
 */
#ifndef COVEN_TABLE_H
#define COVEN_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "coven/span.h"

struct table_link {
    struct table_link *next;
    unsigned hash;
};

struct table {
    struct table_link **buckets;
    uint32_t size, count; /* of buckets, of items */
};

/* The item in which that link is the member of that name. */
#define TABLE_ITEM(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Does the item that bears this link have that key, and not only the same hash? */
typedef bool table_match(const struct table_link *link, struct span key);

/* The link of the item with that key, or NULL. */
struct table_link *table_find(const struct table *table, unsigned hash, table_match *match,
                              struct span key);

/* Any item's link, or NULL when there is none: for taking out one after the other. */
struct table_link *table_any(const struct table *table);

void table_add(struct table *table, struct table_link *link, unsigned hash);
void table_remove(struct table *table, struct table_link *link);

#endif
