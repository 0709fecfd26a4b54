#include "statement.h"

enum store_result store_tombstone_put(struct store *store, const struct store_tombstone *tombstone)
{
    struct binding b = statement_bind(store, SQL_TOMBSTONE_PUT);
    bind_text(&b, tombstone->name);
    bind_text(&b, tombstone->creator);
    bind_int(&b, tombstone->destroyed);
    bind_text(&b, tombstone->venue);
    bind_text(&b, tombstone->reason);
    return statement_write(store, &b);
}

enum store_result store_tombstone_put_owner(struct store *store, struct span name, struct span jid)
{
    struct binding b = statement_bind(store, SQL_TOMBSTONE_PUT_OWNER);
    bind_text(&b, name);
    bind_text(&b, jid);
    return statement_write(store, &b);
}

enum store_result store_tombstone_delete(struct store *store, struct span name)
{
    static const enum statement steps[] = {SQL_TOMBSTONE_DELETE, SQL_TOMBSTONE_DELETE_OWNERS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct binding b = statement_bind(store, steps[i]);
        bind_text(&b, name);
        if (statement_write(store, &b) != STORE_OK)
            return STORE_FAILED;
    }
    return STORE_OK;
}

struct reading {
    struct span name;
    store_tombstone_each *each;
};

static bool read_tombstone(sqlite3_stmt *row, void *each, void *user)
{
    const struct reading *reading = each;
    struct store_tombstone tombstone = {
        .name = reading->name,
        .destroyed = sqlite3_column_int64(row, 0),
        .venue = statement_column(row, 1),
        .reason = statement_column(row, 2),
    };
    reading->each(user, &tombstone);
    return true;
}

enum store_result store_tombstone_get(struct store *store, struct span name,
                                      store_tombstone_each *each, void *user)
{
    struct reading reading = {name, each};
    struct binding b = statement_bind(store, SQL_TOMBSTONE_GET);
    bind_text(&b, name);
    return statement_rows(store, &b, read_tombstone, &reading, user);
}

enum store_result store_tombstone_owner(struct store *store, struct span name, struct span jid)
{
    int64_t one;
    struct binding b = statement_bind(store, SQL_TOMBSTONE_OWNER);
    bind_text(&b, name);
    bind_text(&b, jid);
    return statement_rows(store, &b, statement_number, &one, NULL);
}

enum store_result store_tombstone_oldest(struct store *store, int64_t time, store_text_each *each,
                                         void *user)
{
    struct binding b = statement_bind(store, SQL_TOMBSTONE_OLDEST);
    bind_int(&b, time);
    return statement_rows(store, &b, statement_text, &each, user);
}

enum store_result store_tombstone_of(struct store *store, struct span creator, unsigned skip,
                                     store_text_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_TOMBSTONE_OF);
    bind_text(&b, creator);
    bind_int(&b, skip);
    return statement_rows(store, &b, statement_text, &each, user);
}

static bool read_whole(sqlite3_stmt *row, void *each, void *user)
{
    struct store_tombstone tombstone = {
        .name = statement_column(row, 0),
        .creator = statement_column(row, 1),
        .destroyed = sqlite3_column_int64(row, 2),
        .venue = statement_column(row, 3),
        .reason = statement_column(row, 4),
    };
    (*(store_tombstone_each **)each)(user, &tombstone);
    return true;
}

enum store_result store_tombstones(struct store *store, struct span after, unsigned limit,
                                   store_tombstone_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_TOMBSTONES);
    bind_text(&b, after);
    bind_int(&b, limit);
    return statement_rows(store, &b, read_whole, &each, user);
}

enum store_result store_tombstone_owners(struct store *store, struct span name,
                                         store_text_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_TOMBSTONE_OWNERS);
    bind_text(&b, name);
    return statement_rows(store, &b, statement_text, &each, user);
}
