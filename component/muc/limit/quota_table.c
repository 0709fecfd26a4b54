#include "quota_table.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/mem.h"

#define ENTRIES_MAX 200000
#define SWEEP_MAX   10000 /* entries in one call: a few milliseconds */

static struct span key_span(const uint64_t *key)
{
    return (struct span){(const char *)key, sizeof *key};
}

static bool has_key(const struct table_link *link, struct span key)
{
    const struct quota_entry *entry = TABLE_ITEM(link, const struct quota_entry, link);
    return memcmp(key.at, &entry->key, sizeof entry->key) == 0;
}

static void take_out(struct quota_table *table, struct quota_entry *entry)
{
    table_remove(&table->by_key, &entry->link);
    DL_DELETE(table->oldest, entry);
}

static struct quota_entry *entry_new(struct quota_table *table, uint64_t key)
{
    struct quota_entry *entry = table->by_key.count < ENTRIES_MAX ? NULL : table->oldest;
    if (entry) {
        take_out(table, entry);
        memset(entry, 0, table->size);
    } else {
        entry = mem_new(table->size);
    }
    entry->key = key;
    table_add(&table->by_key, &entry->link, (unsigned)key);
    DL_APPEND(table->oldest, entry);
    return entry;
}

struct quota_entry *quota_table_entry(struct quota_table *table, uint64_t key)
{
    struct table_link *link = table_find(&table->by_key, (unsigned)key, has_key, key_span(&key));
    if (!link)
        return entry_new(table, key);
    struct quota_entry *entry = TABLE_ITEM(link, struct quota_entry, link);
    if (entry != table->oldest->prev) {
        DL_DELETE(table->oldest, entry);
        DL_APPEND(table->oldest, entry);
    }
    return entry;
}

/* An entry that stays moves to the end, so the next sweep goes on with the others. */
void quota_table_sweep(struct quota_table *table,
                       bool (*is_done)(struct quota_entry *entry, void *user), void *user)
{
    struct quota_entry *entry, *first_kept = NULL;
    for (unsigned left = SWEEP_MAX; (entry = table->oldest) && entry != first_kept && left;
         left--) {
        if (is_done(entry, user)) {
            take_out(table, entry);
            free(entry);
            continue;
        }
        DL_DELETE(table->oldest, entry);
        DL_APPEND(table->oldest, entry);
        if (!first_kept)
            first_kept = entry;
    }
}

void quota_table_free(struct quota_table *table)
{
    while (table->oldest) {
        struct quota_entry *entry = table->oldest;
        take_out(table, entry);
        free(entry);
    }
}
