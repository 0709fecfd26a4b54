/* The part of the SQLite backend that finds and deletes what is not to be kept: see store.h. */
#ifndef STORE_SQLITE_DUE_H
#define STORE_SQLITE_DUE_H

#include "coven/store.h"

enum store_result sqlite_due(struct store *store, const struct store_keeping *keeping,
                             struct store_due *due_r);
enum store_result sqlite_due_delete(struct store *store, const struct store_due *due);

#endif
