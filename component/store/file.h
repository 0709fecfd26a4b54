/* The files of a store: the lock, the permissions, the creation, the check that they still exist.
 */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include "store_private.h"

#define FILE_IN_USE "another process uses this store"

/* The functions that return a text return NULL on success, otherwise one line for the operator. */

/* Locks the folder of the store, so that only one process uses it. */
const char *file_lock(struct store *store);

/* Sets `*found_r` if the store exists. An error if it is damaged or incomplete. */
const char *file_find(const struct store *store, bool *found_r);

/* Makes all files of the store readable by their owner only. */
const char *file_make_private(const struct store *store);

/* Creates an empty file that only its owner may read; deletes an older one. */
const char *file_make(const char *path);

/* Writes a file through to the disk. False: errno says why not. */
bool file_sync(const char *path);

/* Renames a finished file to the store's name, durably. */
const char *file_settle(const struct store *store, const char *path);

/* Remembers the identity of the open files for file_watch(). */
void file_note(struct store *store);

/* Checks, at most once a second, that the files are in their place. Logs when they are lost and
 * when they are back. */
void file_watch(struct store *store);

/* Are the files lost? Then nothing that is written would exist at the next start. */
static inline bool file_is_lost(const struct store *store)
{
    return store->wal && atomic_load(&store->wal->lost);
}

#endif
