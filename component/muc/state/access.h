/*
 * What somebody may know of a room. Every way to what a room holds asks here; nothing else decides.
 *
 *                          inside     affiliated  stranger     outcast
 *   listed, open           INSIDE     INSIDE      INSIDE       DOOR
 *   listed, closed         INSIDE     INSIDE      SIGN         DOOR
 *   hidden, open           INSIDE     INSIDE      INSIDE       DOOR
 *   hidden, closed         INSIDE     INSIDE      DOOR         DOOR
 *   not configured yet     INSIDE     NOTHING *   NOTHING      NOTHING      * owners: INSIDE
 *
 * A closed room is for members only or has a password, so a stranger may not enter it as he is; who
 * may enter an open one could as well go in and look around. A hidden room (publicroom = 0) is not
 * listed by the service, but who knows its name finds it (XEP-0045, 3 and 6.4): that it exists is
 * no secret, so what is refused is forbidden, and not item-not-found. What is logged or archived
 * (enablelogging, enablearchiving) changes nothing in this table.
 *
 * Two things are not asked here: what only those inside may do at all (to speak, to probe, to ask
 * an occupant) is refused by the table in route.c, before anything is looked up; and the lists of
 * affiliations and roles are a right of those who keep them (admin_list.c).
 */
#ifndef MUC_ACCESS_H
#define MUC_ACCESS_H

#include <stdbool.h>

struct occupant;
struct request;

/* Each has what those before it have. */
enum access {
    ACCESS_NOTHING, /* as if there were no such room */
    ACCESS_DOOR,   /* what it calls itself, what it takes to enter, and how many are inside: who was
                      given its name wants to know (6.4) */
    ACCESS_SIGN,   /* what its owners show the world beside that: avatar, node */
    ACCESS_INSIDE, /* what goes on in it: archive, subject, who is there, who owns it */
};

/* What the sender may know of the room of its request. */
enum access access_of(const struct request *request);

/*
 * May the sender get the list of those inside? Of a hidden room, and of any where the operator says
 * so (list_occupants), only those may who are inside themselves.
 */
bool access_lists(const struct request *request);

/* May the sender know that this occupant is inside? Whose presence is not shown is known to itself
 * and to moderators, who are to look after it. */
bool access_sees(const struct request *request, const struct occupant *occupant);

/* How many those are. */
unsigned access_count(const struct request *request);

#endif
