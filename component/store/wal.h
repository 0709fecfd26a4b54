/*
 * The write-ahead log. Copying its pages into the database may take long, so the second connection
 * does it. SQLite restarts the log, that is, writes it from its beginning again, only when all
 * pages are copied; but commits go on meanwhile, so some pages are always left. Therefore the first
 * connection copies the rest between two turns, as soon as only few pages are left.
 */
#ifndef STORE_WAL_H
#define STORE_WAL_H

#include "store_private.h"

#define WAL_BYTES (16 * 1024 * 1024) /* a longer log is cut to this length when it restarts */

/* Makes the first connection count the pages that it writes, instead of copying them itself. */
void wal_begin(struct store *store);

/* Are many pages in the log alone? */
bool wal_is_due(struct wal *wal);

/* The first connection calls this after each commit. */
void wal_end_turn(struct store *store);

/* The second connection calls this to copy pages. STORE_NOTHING: few are left, or another program
 * prevents it. */
enum store_result wal_copy(struct store *store);

#endif
