#include "coven/store_staged.h"

#include "coven/bug.h"
#include "statement.h"

#define WEAVE_ROWS 200

enum store_result store_staged_put(struct store *store, const struct store_staged *staged)
{
    struct binding b = statement_bind(store, SQL_STAGED_PUT);
    bind_int(&b, staged->room);
    bind_int(&b, staged->target);
    bind_int(&b, staged->number);
    bind_int(&b, staged->before);
    return statement_write(store, &b);
}

enum store_result store_staged_delete(struct store *store, int64_t room)
{
    struct binding b = statement_bind(store, SQL_STAGED_DELETE);
    bind_int(&b, room);
    return statement_write(store, &b);
}

enum store_result store_staged_doom(struct store *store, int64_t room)
{
    struct binding b = statement_bind(store, SQL_STAGED_DOOM);
    bind_int(&b, room);
    enum store_result result = statement_write(store, &b);
    return result == STORE_OK ? store_staged_delete(store, room) : result;
}

static bool read_staged(sqlite3_stmt *row, void *each, void *user)
{
    struct store_staged staged = {
        .room = sqlite3_column_int64(row, 0),
        .target = sqlite3_column_int64(row, 1),
        .number = sqlite3_column_int64(row, 2),
        .before = sqlite3_column_int64(row, 3),
    };
    (*(store_staged_each **)each)(user, &staged);
    return true;
}

enum store_result store_staged_all(struct store *store, store_staged_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_STAGED_ALL);
    return statement_rows(store, &b, read_staged, &each, user);
}

enum store_result store_message_bring(struct store *store, const struct store_message *message)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_BRING);
    bind_int(&b, message->key);
    bind_int(&b, (int64_t)message->noise);
    bind_int(&b, message->room);
    bind_int(&b, message->number);
    bind_int(&b, message->kind);
    bind_text(&b, message->author);
    bind_text(&b, message->resource);
    bind_text(&b, message->nick);
    bind_int(&b, message->affiliation);
    bind_int(&b, message->role);
    bind_int(&b, message->said);
    bind_int(&b, message->to_at);
    bind_blob(&b, message->stanza);
    if (message->alias.len > 0)
        bind_text(&b, message->alias);
    else
        sqlite3_bind_null(b.statement, b.next);
    enum store_result result = statement_write(store, &b);
    return result == STORE_OK && sqlite3_changes(store->db) == 0 ? STORE_NOTHING : result;
}

enum store_result store_late_add(struct store *store, int64_t room)
{
    struct binding b = statement_bind(store, SQL_LATE_ADD);
    bind_int(&b, room);
    return statement_write(store, &b);
}

/* ---- Two rooms become one ---- */

struct strand {
    int64_t key, room, number;
};

struct strands {
    struct strand list[WEAVE_ROWS];
    unsigned count;
};

static bool read_strand(sqlite3_stmt *row, void *strands_r, void *user)
{
    struct strands *strands = strands_r;
    (void)user;
    strands->list[strands->count++] = (struct strand){
        sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2)};
    return true;
}

static enum store_result read_strands(struct store *store, const struct store_staged *staged,
                                      struct strands *strands)
{
    struct binding b = statement_bind(store, SQL_WEAVE_NEXT);
    bind_int(&b, staged->room);
    bind_int(&b, staged->target);
    bind_int(&b, staged->before);
    bind_int(&b, WEAVE_ROWS);
    return statement_rows(store, &b, read_strand, strands, NULL);
}

static enum store_result move(struct store *store, const struct store_staged *staged,
                              const struct strand *strand)
{
    struct binding b = statement_bind(store, SQL_WEAVE_MOVE);
    bind_int(&b, strand->key);
    bind_int(&b, staged->target);
    bind_int(&b, staged->number);
    return statement_write(store, &b);
}

/* Once a message of the target has its number already, so have all before it: no more are to come
 * between them. */
static enum store_result move_messages(struct store *store, struct store_staged *staged)
{
    struct strands strands = {.count = 0};
    enum store_result result = read_strands(store, staged, &strands);
    for (unsigned i = 0; i < strands.count && result == STORE_OK; i++) {
        const struct strand *strand = &strands.list[i];
        if (strand->room == staged->target && strand->number == staged->number)
            return STORE_NOTHING;
        result = move(store, staged, strand);
        staged->before = strand->key;
        staged->number--;
    }
    return result == STORE_OK ? store_staged_put(store, staged) : result;
}

static enum store_result run_for_both(struct store *store, enum statement which,
                                      const struct store_staged *staged)
{
    struct binding b = statement_bind(store, which);
    bind_int(&b, staged->room);
    if (sqlite3_bind_parameter_count(b.statement) > 1)
        bind_int(&b, staged->target);
    return statement_write(store, &b);
}

static enum store_result move_the_rest(struct store *store, const struct store_staged *staged)
{
    static const enum statement steps[] = {SQL_WEAVE_PASSING, SQL_WEAVE_AFFILIATIONS,
                                           SQL_WEAVE_AFFILIATIONS_DONE};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (run_for_both(store, steps[i], staged) != STORE_OK)
            return STORE_FAILED;
    }
    return sqlite3_changes(store->db) > 0 ? STORE_OK : STORE_NOTHING;
}

enum store_result store_weave(struct store *store, struct store_staged *staged)
{
    coven_assert(staged->target != 0);
    enum store_result result = move_messages(store, staged);
    return result == STORE_NOTHING ? move_the_rest(store, staged) : result;
}
