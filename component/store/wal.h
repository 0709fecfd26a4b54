/*
 * The write-ahead log. Its pages are brought into the database by the second connection, behind
 * the turns, for that may take long. While turns go on being committed, a few pages are always
 * left, and the log would grow for ever: so the first connection, when it hears that there are only
 * few, brings over the rest between two turns, and the log begins anew.
 */
#ifndef STORE_WAL_H
#define STORE_WAL_H

#include "store_private.h"

/* Makes the first connection count what it writes, and leave the log alone. */
void wal_begin(struct store *store);

/* Is there much that is in the log alone? */
bool wal_is_due(struct wal *wal);

/* Of the first connection, after a commit. */
void wal_end_turn(struct store *store);

/* Of the second one. STORE_NOTHING: there was little to do, or somebody prevented it. */
enum store_result wal_copy(struct store *store);

#endif
