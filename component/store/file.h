/* The files of a store as files: whose they are, who may read them, whether they are still there.
 */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include "store_private.h"

#define FILE_IN_USE "another process uses this store"

/* All that answer with a text: NULL when there is nothing to be said against it. */

/* One daemon a store: locks its folder. */
const char *file_lock(struct store *store);

/* Looks whether there is one; `*found_r`: it is to be made. */
const char *file_find(const struct store *store, bool *found_r);

/* Nobody but the owner may read what is said in rooms. */
const char *file_make_private(const struct store *store);

/* An empty file that nobody else may read, in the place of one that was there. */
const char *file_make(const char *path);

/* On the disk for good. */
bool file_sync(const char *path);

/* A finished file takes the place of the store. */
const char *file_settle(const struct store *store, const char *path);

/* The files that are open now are those that file_watch() looks for. */
void file_note(struct store *store);

/* Are they still there? Says so if not, and when they are back. */
void file_watch(struct store *store);

/* Nothing that is written now would be there at the next start. */
static inline bool file_is_lost(const struct store *store)
{
    return store->wal && atomic_load(&store->wal->lost);
}

#endif
