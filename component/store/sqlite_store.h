/* What the files of the SQLite backend share. */
#ifndef STORE_SQLITE_STORE_H
#define STORE_SQLITE_STORE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "coven/store.h"
#include "sqlite_schema.h"

struct sqlite_store {
    struct store store;
    sqlite3 *db;
    bool writing;   /* a transaction is open */
    int64_t tidied; /* the last room that was looked at for messages that are too many */
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

extern const struct store_ops sqlite_ops;

static inline struct sqlite_store *sqlite_of(struct store *store)
{
    return (struct sqlite_store *)store;
}

#endif
