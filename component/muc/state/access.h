/*
 * What a user may know of a room. Whatever reveals something about a room asks here.
 *
 *                          inside     affiliated  stranger     outcast
 *   listed, open           INSIDE     INSIDE      INSIDE       DOOR
 *   listed, closed         INSIDE     INSIDE      SIGN         DOOR
 *   hidden, open           INSIDE     INSIDE      INSIDE       DOOR
 *   hidden, closed         INSIDE     INSIDE      DOOR         DOOR
 *   not configured yet     INSIDE     NOTHING *   NOTHING      NOTHING      * owners: INSIDE
 *
 * A closed room is members-only or has a password, so a stranger cannot enter it. A stranger can
 * enter an open room and look around, so nothing in it is kept secret. A hidden room
 * (publicroom = 0) is not listed by the service, but users who know its name find it (XEP-0045, 3
 * and 6.4): since its existence is no secret, the error is forbidden, not item-not-found. Whether a
 * room is logged or archived (enablelogging, enablearchiving) changes nothing in this table.
 *
 * Two things are decided elsewhere: what only occupants may do (speak, probe, query an occupant) is
 * refused by the table in route.c; and the lists of affiliations and roles are a right of those who
 * maintain them (admin_list.c).
 */
#ifndef MUC_ACCESS_H
#define MUC_ACCESS_H

#include <stdbool.h>

struct occupant;
struct request;
struct room;

/* Each level includes those before it. */
enum access {
    ACCESS_NOTHING, /* the room seems not to exist */
    ACCESS_DOOR,    /* name, requirements to enter, number of occupants (6.4) */
    ACCESS_SIGN,    /* also what the owners show everybody: avatar, node */
    ACCESS_INSIDE,  /* also what is in the room: archive, subject, occupants, owners */
};

/* Returns what the sender may know of the request's room, which is not NULL. */
enum access access_of(const struct request *request);

/* Returns whether everybody may find the room and enter it. */
bool access_is_public(const struct room *room);

/* Returns whether the sender may list the occupants. Only occupants may list those of a hidden
 * room, or of any room unless the operator allows it (list_occupants). */
bool access_lists(const struct request *request);

/* Returns whether the sender may know that this occupant is inside. An occupant whose presence is
 * not shown is known to its own user and to moderators. */
bool access_sees(const struct request *request, const struct occupant *occupant);

/* Returns the number of occupants that the sender may know of. */
unsigned access_count(const struct request *request);

#endif
