/*
 * The write-ahead log. Copying its pages into the database may take long, so the second connection
 * does it. SQLite restarts the log, that is, writes it from its beginning again, only when all
 * pages are copied; but commits go on meanwhile, so some pages are always left. Therefore the first
 * connection copies the rest between two turns, as soon as only few pages are left.
 */
#ifndef STORE_WAL_H
#define STORE_WAL_H

#include "store_private.h"

#define WAL_PAGE  4096               /* bytes of a page, SQLite's default */
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

/* Before and after a connection reads one state of the store for long. Meanwhile the log cannot be
 * restarted and grows, and then the second connection copies what is left, however much that is. */
void wal_hold(struct wal *wal);
void wal_release(struct wal *wal);

/* Has the log more than so many MiB? 0: no limit. */
bool wal_exceeds(struct wal *wal, unsigned mib);

#endif
