#include "coven/table.h"

#include <stdlib.h>

#include "coven/bug.h"
#include "coven/mem.h"

#define LOAD 2 /* average items per bucket before another bucket is added */

/* The largest power of two up to `number`, which is not 0. */
static uint32_t power_within(uint32_t number)
{
    return UINT32_C(1) << (31 - __builtin_clz(number));
}

/* As many low bits of the hash are used as it takes to number all buckets. If they give a bucket
 * that does not exist yet, its items are still in the bucket that will be split for it, whose
 * number lacks the highest of these bits. */
static uint32_t bucket_of(const struct table *table, unsigned hash)
{
    uint32_t half = power_within(table->size);
    uint32_t at = hash & (2 * half - 1);
    return at < table->size ? at : at - half;
}

static void push(struct table *table, struct table_link *link)
{
    struct table_link **bucket = &table->buckets[bucket_of(table, link->hash)];
    link->next = *bucket;
    *bucket = link;
}

static void push_all(struct table *table, struct table_link *links)
{
    while (links) {
        struct table_link *next = links->next;
        push(table, links);
        links = next;
    }
}

/* The allocated size is always a power of two, so that realloc() is rare. */
static void reserve(struct table *table, uint32_t size)
{
    table->buckets = mem_resize(table->buckets, size * sizeof(struct table_link *));
}

static void grow(struct table *table)
{
    uint32_t half = table->size ? power_within(table->size) : 0;
    if (table->size == half)
        reserve(table, half ? 2 * half : 1);
    table->buckets[table->size++] = NULL;
    if (half == 0)
        return;
    uint32_t split = table->size - 1 - half;
    struct table_link *links = table->buckets[split];
    table->buckets[split] = NULL;
    push_all(table, links);
}

static void shrink(struct table *table)
{
    struct table_link *links = table->buckets[--table->size];
    if (table->size == 0) {
        free(table->buckets);
        table->buckets = NULL;
        return;
    }
    push_all(table, links);
    if (table->size == power_within(table->size))
        reserve(table, table->size);
}

void table_add(struct table *table, struct table_link *link, unsigned hash)
{
    coven_assert(table->count < UINT32_MAX / 2);
    if (++table->count > LOAD * table->size)
        grow(table);
    link->hash = hash;
    push(table, link);
}

/* The limit for shrinking is below the one for growing, so an item that comes and goes does not
 * move the others. */
void table_remove(struct table *table, struct table_link *link)
{
    coven_assert(table->count > 0);
    struct table_link **at = &table->buckets[bucket_of(table, link->hash)];
    while (*at != link) {
        coven_assert(*at);
        at = &(*at)->next;
    }
    *at = link->next;
    if (--table->count < table->size)
        shrink(table);
}

struct table_link *table_find(const struct table *table, unsigned hash, table_match *match,
                              struct span key)
{
    if (table->count == 0)
        return NULL;
    struct table_link *link = table->buckets[bucket_of(table, hash)];
    while (link && !(link->hash == hash && match(link, key)))
        link = link->next;
    return link;
}

/* Buckets are removed from the end, so removing all items with this function is fast. */
struct table_link *table_any(const struct table *table)
{
    for (uint32_t at = table->size; at > 0; at--) {
        if (table->buckets[at - 1])
            return table->buckets[at - 1];
    }
    return NULL;
}
