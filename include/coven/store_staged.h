/* Rooms that are imported: the store takes them in, in many turns (coven/store.h). */
#ifndef COVEN_STORE_STAGED_H
#define COVEN_STORE_STAGED_H

#include "coven/store.h"

/* A room that is being imported. Nobody sees it, because it has no row of its own yet. */
struct store_staged {
    int64_t room;
    int64_t target; /* the existing room that its messages go to; 0: none, or not yet */
    int64_t number; /* of the next message of either room, going back from the newest */
    int64_t before; /* the key down to which both rooms are one */
};

typedef void store_staged_each(void *user, const struct store_staged *staged);

/* Adds or changes the entry of a room that is being imported. */
enum store_result store_staged_put(struct store *store, const struct store_staged *staged);

/* Deletes the entry: the room is complete. */
enum store_result store_staged_delete(struct store *store, int64_t room);

/* Leaves what is there of the room to store_due(). */
enum store_result store_staged_doom(struct store *store, int64_t room);

enum store_result store_staged_all(struct store *store, store_staged_each *each, void *user);

/* Adds a message of a room that is being imported. STORE_NOTHING: its key is another's. */
enum store_result store_message_bring(struct store *store, const struct store_message *message);

/* Takes one short step of moving messages and affiliations to the target. `staged` changes, in the
 * store too. Messages are numbered anew, the newest first; an affiliation that is there already
 * stays. STORE_NOTHING: all are moved. */
enum store_result store_weave(struct store *store, struct store_staged *staged);

/* Notes that a room has messages that the index for searches has gone past. */
enum store_result store_late_add(struct store *store, int64_t room);

#endif
