/*
 * A hash table of items that contain their links: 16 bytes in each item, and 4 to 8 per item in the
 * table. It grows and shrinks by one bucket at a time (linear hashing), so a table of a million
 * items never stalls the loop by being rebuilt. Items belong to the caller, have no order, and are
 * hashed with hash_span() and the caller's seed. A zeroed `struct table` is empty and ready to use;
 * an empty table holds no memory.
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
    uint32_t size;  /* number of buckets */
    uint32_t count; /* number of items */
};

/* The item of that type whose `member` the link is. */
#define TABLE_ITEM(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* Does the item of this link have that key? Called for items of the same hash. */
typedef bool table_match(const struct table_link *link, struct span key);

/* The link of the item with that key, or NULL. */
struct table_link *table_find(const struct table *table, unsigned hash, table_match *match,
                              struct span key);

/* Any item's link, or NULL if there is none: for removing all of them. */
struct table_link *table_any(const struct table *table);

/* Adds an item; the caller has made sure that its key is not in the table yet. */
void table_add(struct table *table, struct table_link *link, unsigned hash);

/* Removes an item, which must be in the table. */
void table_remove(struct table *table, struct table_link *link);

#endif
