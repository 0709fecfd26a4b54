/* Bringing a room back from the store, and the steps that loading shares with making one. */
#ifndef MUC_ROOM_LOAD_H
#define MUC_ROOM_LOAD_H

#include "room.h"

/* The room, or the beginning of a large one, which has `loading` then. STORE_NOTHING: there is no
 * such room. After STORE_FAILED nothing is in memory. */
enum store_result room_load(struct service *service, struct span node, struct room **room_r);

/* All that is left of it, at once. */
enum store_result room_load_rest(struct room *room);

/* One more step with one of those that are being loaded. */
void room_load_some(struct service *service);

/* Forgets how far it is. */
void room_load_end(struct room *room);

bool room_is_loading(const struct service *service, struct span node);

/*
 * In room.c: an empty room in the service's table, the way out of it (the room is freed when the
 * turn ends), an entry in its list of affiliations, the affiliation
 * of one, the nick that is reserved by it.
 */
struct room *room_new(struct service *service, struct span node);
void room_visit(struct room *room);
void room_withdraw(struct room *room);
struct affiliation_entry *affiliation_put(struct room *room, struct span bare);
void affiliation_assign(struct room *room, struct affiliation_entry *entry,
                        enum affiliation affiliation);
void affiliation_reserve(struct room *room, struct affiliation_entry *entry, struct span nick);

#endif
