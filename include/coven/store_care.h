/* Backups and checks of the store (coven/store.h), for another thread. */
#ifndef COVEN_STORE_CARE_H
#define COVEN_STORE_CARE_H

#include <stdatomic.h>

#include "coven/store.h"

struct store_backup;

/*
 * Begins to copy the store, as it is at this moment, into a new file at `path`, of which there is
 * a part under another name until the copy is complete. The write-ahead log of the store grows
 * meanwhile; the backup fails when it has more than `log_mib` MiB (0: no limit). STORE_NOTHING: the
 * store is in memory. STORE_FAILED: one line is in `why_r` (the caller frees it).
 */
enum store_result store_backup_begin(struct store *store, const char *path, unsigned log_mib,
                                     struct store_backup **backup_r, char **why_r);

/* Copies for some milliseconds. STORE_NOTHING: all is copied, and the file is durable and has its
 * name. After STORE_FAILED, as above, there is only the end. */
enum store_result store_backup_step(struct store_backup *backup, char **why_r);

/* In bytes. */
void store_backup_progress(const struct store_backup *backup, int64_t *done_r, int64_t *of_r);

/* Deletes the part, if the copy is not complete. Called in any thread, before the store is closed.
 */
void store_backup_end(struct store_backup *backup);

/* A check of the store; zeroed, except for its limits, it begins. */
struct store_check {
    const atomic_bool *gone; /* set by another thread: nobody waits any more */
    unsigned log_mib;        /* as for a backup */
    unsigned part;           /* what is checked next, of STORE_CHECK_PARTS */
    int64_t after;           /* where it goes on within the part */
};
#define STORE_CHECK_PARTS 24

typedef void store_fault_each(void *user, const char *fault);

/* Checks for some milliseconds, or one small table. STORE_OK: it goes on. STORE_NOTHING: it is
 * over, or the store is in memory. STORE_LATE: it is ended by one of its limits. */
enum store_result store_check_step(struct store *store, struct store_check *check,
                                   store_fault_each *each, void *user);

#endif
