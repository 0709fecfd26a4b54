/* All that is kept of a person: the messages, and the person's name elsewhere. */

#include "coven/bug.h"
#include "search.h"
#include "store_message.h"

#define NAMES_A_STEP 2000

/* ---- Messages ---- */

struct reading {
    struct store *store;
    store_message_each *each;
    void *user;
    bool forgets; /* takes them out of the index for searches */
    unsigned left;
    int64_t last; /* key of the last message that was read */
    bool failed;
};

static bool take(void *user, const struct store_message *message)
{
    struct reading *reading = user;
    if (reading->forgets && search_forget(reading->store, message) == STORE_FAILED) {
        reading->failed = true;
        return false;
    }
    reading->last = message->key;
    if (!reading->each(reading->user, message))
        reading->left = 1;
    return --reading->left > 0;
}

/* Reads the author's messages from `after` to `end`, both exclusive and inclusive. */
static enum store_result read_range(struct reading *reading, struct span author, int64_t after,
                                    int64_t end)
{
    store_message_each *each = take;
    struct binding b = statement_bind(reading->store, SQL_AUTHORED);
    bind_int(&b, after);
    bind_int(&b, end);
    bind_text(&b, author);
    enum store_result result =
        statement_rows(reading->store, &b, store_message_read, &each, reading);
    return reading->failed ? STORE_FAILED : result;
}

static enum store_result read_authored(struct reading *reading, struct span author, unsigned rows,
                                       int64_t *after)
{
    int64_t end = 0;
    struct binding b = statement_bind(reading->store, SQL_SCAN_END);
    bind_int(&b, *after);
    bind_int(&b, rows);
    enum store_result result = statement_rows(reading->store, &b, statement_number, &end, NULL);
    if (result != STORE_OK || end == 0)
        return result == STORE_OK ? STORE_NOTHING : result;
    result = read_range(reading, author, *after, end);
    if (result == STORE_FAILED)
        return result;
    *after = reading->left > 0 ? end : reading->last;
    return STORE_OK;
}

enum store_result store_authored(struct store *store, struct span author, unsigned rows,
                                 int64_t *after, store_message_each *each, void *user)
{
    struct reading reading = {.store = store, .each = each, .user = user, .left = rows + 1};
    return read_authored(&reading, author, rows, after);
}

enum store_result store_authored_forget(struct store *store, struct span author, unsigned rows,
                                        int64_t *after, store_message_each *each, void *user)
{
    struct reading reading = {
        .store = store, .each = each, .user = user, .forgets = true, .left = STORE_DUE_MAX};
    int64_t reached = *after;
    coven_assert(!store->writing && store->batch.count == 0);
    if (statement_run(store, store->statements[SQL_SEARCH_BEGIN]) != STORE_OK)
        return STORE_FAILED;
    enum store_result result = read_authored(&reading, author, rows, &reached);
    if (result != STORE_FAILED && statement_run(store, store->statements[SQL_COMMIT]) == STORE_OK) {
        *after = reached;
        return result;
    }
    statement_roll_back(store);
    return STORE_FAILED;
}

enum store_result store_message_blank(struct store *store, const struct store_message *message)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_BLANK);
    bind_int(&b, message->kind);
    bind_int(&b, message->affiliation);
    bind_int(&b, message->role);
    bind_int(&b, message->to_at);
    bind_blob(&b, message->stanza);
    bind_int(&b, message->key);
    return statement_write(store, &b);
}

enum store_result store_message_delete(struct store *store, int64_t key)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_DELETE);
    bind_int(&b, key);
    return statement_write(store, &b);
}

/* ---- Names ---- */

enum store_result store_names_tidy(struct store *store, int64_t *after)
{
    int64_t last = 0;
    struct binding b = statement_bind(store, SQL_SEARCH_WHO_LAST);
    if (statement_rows(store, &b, statement_number, &last, NULL) != STORE_OK || last <= *after)
        return STORE_NOTHING;
    b = statement_bind(store, SQL_SEARCH_WHO_TIDY);
    bind_int(&b, *after);
    bind_int(&b, *after + NAMES_A_STEP);
    *after += NAMES_A_STEP;
    return statement_run(store, b.statement);
}

enum store_result store_creator_replace(struct store *store, struct span jid, struct span other)
{
    static const enum statement steps[] = {SQL_CREATOR_REPLACE, SQL_TOMBSTONE_CREATOR_REPLACE};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct binding b = statement_bind(store, steps[i]);
        bind_text(&b, jid);
        bind_text(&b, other);
        if (statement_write(store, &b) != STORE_OK)
            return STORE_FAILED;
    }
    struct binding b = statement_bind(store, SQL_TOMBSTONE_OWNER_FORGET);
    bind_text(&b, jid);
    return statement_write(store, &b);
}
