/* Statements, prepared once: bound in the order of their parameters, then run. */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include "coven/span.h"
#include "store_private.h"

struct binding {
    sqlite3_stmt *statement;
    int next;
};

static inline struct binding binding_of(struct store *store, enum statement which)
{
    return (struct binding){store->statements[which], 1};
}

/* What follows sees every message that was added. */
static inline struct binding statement_bind(struct store *store, enum statement which)
{
    if (store->batch.count > 0)
        batch_enter(store);
    return binding_of(store, which);
}

void bind_int(struct binding *b, int64_t value);
void bind_text(struct binding *b, struct span text); /* borrowed until the statement was run */
void bind_blob(struct binding *b, struct span bytes);

/* Prepares all statements from the one up to, but not with, the other. A code of SQLite's. */
int statement_prepare(struct store *store, int from, int to);

/* The last call to SQLite failed: says so, but not again and again. STORE_FAILED, or, for a search
 * that took too long, STORE_LATE, which is nothing that an operator could mend. */
enum store_result statement_failed(struct store *store, int code);

/* Something was written: what fails from now on is news. */
void statement_works(struct store *store);

/* Is this the step that store_fail_at() makes fail? */
bool statement_is_to_fail(struct store *store);

/* Ends the transaction, if one is open, without what it wrote. */
void statement_roll_back(struct store *store);

/* Runs a statement that answers nothing, without looking after the transaction. */
enum store_result statement_run(struct store *store, sqlite3_stmt *statement);

/* Runs one that changes something, in the turn's transaction, which the first of them opens. */
enum store_result statement_write(struct store *store, struct binding *b);

/* Builds a record of the row and gives it to the caller's `each`. False: no more rows, please. */
typedef bool row_reader(sqlite3_stmt *row, void *each, void *user);

enum store_result statement_rows(struct store *store, struct binding *b, row_reader *read,
                                 void *each, void *user);

struct span statement_column(sqlite3_stmt *row, int i);

/* A row reader for a single number, an int64_t. */
row_reader statement_number;

#endif
