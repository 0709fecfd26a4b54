/* Prepared statements: a statement is bound, parameter by parameter, then run. */
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

/* Begins to bind a statement, after inserting the waiting messages, so that it sees them. */
static inline struct binding statement_bind(struct store *store, enum statement which)
{
    if (store->batch.count > 0)
        batch_enter(store);
    return binding_of(store, which);
}

void bind_int(struct binding *b, int64_t value);
void bind_text(struct binding *b, struct span text); /* borrowed until the statement has run */
void bind_blob(struct binding *b, struct span bytes);

/* Prepares the statements from `from` up to but not including `to`. Returns SQLite's code. */
int statement_prepare(struct store *store, int from, int to);

/* Logs a failed call to SQLite, but not the same failure repeatedly. Returns STORE_FAILED, or
 * STORE_LATE for a search that reached its time limit, which is not logged. */
enum store_result statement_failed(struct store *store, int code);

/* Notes a successful write: the next failure is logged again. */
void statement_works(struct store *store);

/* Is this the step that store_fail_at() makes fail? */
bool statement_is_to_fail(struct store *store);

/* Rolls the transaction back, if one is open. */
void statement_roll_back(struct store *store);

/* Runs a statement that returns no rows, in or outside a transaction. */
enum store_result statement_run(struct store *store, sqlite3_stmt *statement);

/* Runs a statement that writes, in the turn's transaction; opens that if need be. */
enum store_result statement_write(struct store *store, struct binding *b);

/* Builds a record from a row and passes it to the caller's `each`. False: reading ends. */
typedef bool row_reader(sqlite3_stmt *row, void *each, void *user);

/* Runs a statement that returns rows. STORE_NOTHING: there were none. */
enum store_result statement_rows(struct store *store, struct binding *b, row_reader *read,
                                 void *each, void *user);

/* The bytes of column `i`, which live as long as the row. */
struct span statement_column(sqlite3_stmt *row, int i);

/* A row reader for a single number, an int64_t. */
row_reader statement_number;

/* A row reader for a single text, which goes to a store_text_each. */
row_reader statement_text;

#endif
