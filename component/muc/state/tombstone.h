/* Tombstones of destroyed rooms. The name of a room that was to stay is not free at once: clients
 * that have it among their bookmarks would create it again, for users who never owned it. For a
 * while nobody but its owners may take the name, and the others are told where the room went. */
#ifndef MUC_TOMBSTONE_H
#define MUC_TOMBSTONE_H

#include "room.h"

struct tombstone {
    char *venue;  /* bare JID of the room that takes its place; empty: none */
    char *reason; /* may be empty */
};

/* Leaves a tombstone of a room that is about to be destroyed, unless it is temporary or nobody has
 * configured it yet. Removes the oldest one of the same creator if there are too many. */
void tombstone_leave(const struct room *room, struct span venue, struct span reason);

/* Finds the tombstone of the room of that name, which does not exist. After STORE_OK the caller
 * ends with tombstone_free(). */
enum store_result tombstone_find(struct service *service, struct span node,
                                 struct tombstone *tombstone_r);
void tombstone_free(struct tombstone *tombstone);

/* Did the user own the room? Admins of the service own every room. */
bool tombstone_is_owner(struct service *service, struct span node, struct span bare);

/* Removes the tombstone of that name, if there is one. */
void tombstone_remove(struct service *service, struct span node);

/* Removes some of the tombstones that are old or too many. False: there are more of them. Called
 * once a second. */
bool tombstone_tick(struct service *service);

#endif
