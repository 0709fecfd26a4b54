/* A bounded table of counters for recently active users, one entry for each key. A sweep frees the
 * entries that count nothing any more; when the table is full, the least recently used entry gives
 * way. */
#ifndef MUC_QUOTA_TABLE_H
#define MUC_QUOTA_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/table.h"

/* The first member of the caller's struct, whose other members start as zero. */
struct quota_entry {
    struct table_link link;
    struct quota_entry *prev, *next;
    uint64_t key; /* a hash */
};

struct quota_table {
    size_t size; /* bytes of the caller's struct; set before the first use */
    struct table by_key;
    struct quota_entry *oldest; /* the least recently used */
};

/* Returns the entry of that key, made if there is none, and marks it as just used. */
struct quota_entry *quota_table_entry(struct quota_table *table, uint64_t key);

/* Frees entries for which `is_done` returns true, among the ten thousand least recently used. */
void quota_table_sweep(struct quota_table *table,
                       bool (*is_done)(struct quota_entry *entry, void *user), void *user);

void quota_table_free(struct quota_table *table);

#endif
