#include "batch.h"

#include "coven/bug.h"
#include "statement.h"

#define KEEP_BYTES (64 * 1024) /* a larger buffer is freed */

/* The texts of a message, in their order in the batch's buffer. */
#define TEXTS 4

static void texts_of(struct store_message *message, struct span *texts[TEXTS])
{
    texts[0] = &message->author;
    texts[1] = &message->resource;
    texts[2] = &message->nick;
    texts[3] = &message->stanza;
}

/* The insert statements and their numbers of rows, the largest first. */
static const struct {
    enum statement statement;
    unsigned rows;
} ways[] = {
    {SQL_MESSAGES_ADD_32, 32},
    {SQL_MESSAGES_ADD_8, 8},
    {SQL_MESSAGE_ADD, 1},
};

#define WAY_COUNT (sizeof ways / sizeof *ways)

void batch_check(const struct store *store)
{
    int one = sqlite3_bind_parameter_count(store->statements[SQL_MESSAGE_ADD]);
    for (size_t i = 0; i < WAY_COUNT; i++) {
        sqlite3_stmt *statement = store->statements[ways[i].statement];
        coven_assert(sqlite3_bind_parameter_count(statement) == one * (int)ways[i].rows);
    }
}

static void forget(struct batch *batch)
{
    batch->count = 0;
    if (batch->bytes.cap > KEEP_BYTES)
        buf_free(&batch->bytes);
    else
        buf_clear(&batch->bytes);
}

void batch_drop(struct batch *batch)
{
    forget(batch);
    batch->failed = false;
}

enum store_result batch_add(struct store *store, const struct store_message *message)
{
    struct batch *batch = &store->batch;
    if (batch->failed || statement_is_to_fail(store))
        return STORE_FAILED;
    struct store_message *row = &batch->rows[batch->count++];
    struct span *texts[TEXTS];
    *row = *message;
    texts_of(row, texts);
    for (int i = 0; i < TEXTS; i++)
        buf_add_span(&batch->bytes, *texts[i]);
    return batch->count < BATCH_ROWS ? STORE_OK : batch_enter(store);
}

/* Only now, because the buffer moves when it grows. */
static void point_to_texts(struct batch *batch)
{
    const char *at = batch->bytes.data;
    for (unsigned i = 0; i < batch->count; i++) {
        struct span *texts[TEXTS];
        texts_of(&batch->rows[i], texts);
        for (int k = 0; k < TEXTS; k++) {
            texts[k]->at = at;
            at += texts[k]->len;
        }
    }
}

static void bind_row(struct binding *b, const struct store_message *row)
{
    bind_int(b, row->key);
    bind_int(b, (int64_t)row->noise);
    bind_int(b, row->room);
    bind_int(b, row->number);
    bind_int(b, row->kind);
    bind_text(b, row->author);
    bind_text(b, row->resource);
    bind_text(b, row->nick);
    bind_int(b, row->affiliation);
    bind_int(b, row->role);
    bind_int(b, row->said);
    bind_int(b, row->to_at);
    bind_blob(b, row->stanza);
}

static enum store_result enter_rows(struct store *store, enum statement which,
                                    const struct store_message *rows, unsigned count)
{
    struct binding b = binding_of(store, which);
    for (unsigned i = 0; i < count; i++)
        bind_row(&b, &rows[i]);
    return statement_write(store, &b);
}

enum store_result batch_enter(struct store *store)
{
    struct batch *batch = &store->batch;
    enum store_result result = batch->failed ? STORE_FAILED : STORE_OK;
    const struct store_message *row = batch->rows, *end = row + batch->count;
    point_to_texts(batch);
    for (size_t i = 0; i < WAY_COUNT; i++)
        for (; end - row >= ways[i].rows && result == STORE_OK; row += ways[i].rows)
            result = enter_rows(store, ways[i].statement, row, ways[i].rows);
    forget(batch);
    batch->failed = result != STORE_OK;
    return result;
}
