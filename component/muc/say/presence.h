/* Presence of occupants with the muc#user element (XEP-0045, 7.2.2), rendered for those who may see
 * real JIDs and for those who may not. Its children always come in this order: statuses of the
 * event (or <destroy/>), items, status 110. */
#ifndef MUC_PRESENCE_H
#define MUC_PRESENCE_H

#include <stdbool.h>

#include "coven/outbox.h"
#include "coven/span.h"
#include "muc/state/privilege.h"

struct actor;
struct occupant;
struct room;
struct session;
struct xml;

#define PRESENCE_CODES_MAX 6

/* What a presence says. */
struct presence_event {
    bool unavailable;
    enum role role;
    enum affiliation affiliation;
    int codes[PRESENCE_CODES_MAX]; /* statuses; ends with a 0, or is full */
    const struct session *only;    /* the session concerned; NULL: all of the occupant's */
    const char *new_nick;          /* after a change of nick (303) */
    const struct actor *actor;     /* who caused the event; NULL: nobody is named */
    const char *reason;
    bool probed;    /* the answer to a probe, which has no status 110 */
    const char *id; /* of the stanza that caused the event, for the copy of the session that sent
                       it; NULL: none */
    struct span payload; /* children of the presence beside muc#user, rendered */
    void (*extra)(struct xml *xml,
                  void *user); /* writes children before the statuses; NULL: none */
    void *extra_user;
};

/* The occupant's present state: available, with role, affiliation and what its face shows. */
struct presence_event presence_event_of(const struct occupant *occupant);

/* The occupant leaves: unavailable, without role. */
struct presence_event presence_event_gone(const struct occupant *occupant);

void presence_event_code(struct presence_event *event, int code);

/* Renders what newcomers see of the occupant. The caller owns the reference. */
struct rendered *presence_render(const struct occupant *occupant);

/* Sends what newcomers see of the occupant to one session of somebody else, who asked for it with a
 * stanza of that id (NULL: none). */
void presence_show(const struct occupant *occupant, const struct session *viewer, const char *id);

/* Sends the event to everybody but the occupant, if the room shows its presence. */
void presence_to_others(const struct occupant *occupant, const struct presence_event *event);

/* Sends the occupant's presence to those who see a difference from `before`, its earlier rendering
 * for newcomers (NULL: none). */
void presence_update(const struct occupant *occupant, const struct rendered *before);

/* Sends the event to one session of the occupant, with the event's id and its own JIDs, and with
 * status 110 unless it answers a probe. */
void presence_to_session(const struct session *session, const struct presence_event *event);

/* The same for an event that the session's own presence has caused: instead of the occupant's face
 * it gets back what it sent. */
void presence_echo(const struct session *session, const struct presence_event *event);

/* Sends the event without its id to the other sessions of the session's occupant. */
void presence_to_fellows(const struct session *session, const struct presence_event *event);

/* Sends the occupant's present state to the others once more. */
void presence_repeat(const struct occupant *occupant);

/* Sends everybody else's presence to the session. */
void presence_of_others(const struct session *session);

/* The same to all sessions of an occupant who did not see real JIDs until now. */
void presence_reveal(const struct occupant *occupant);

/* Sends the event without its id to all sessions of the occupant. */
void presence_to_self(const struct occupant *occupant, const struct presence_event *event);

/* The occupant stays, but the room no longer shows its presence: for the others it leaves. */
void presence_vanish(const struct occupant *occupant);

/* Sends the event to the others and, without its id, to the occupant. */
void presence_announce(const struct occupant *occupant, const struct presence_event *event);

#endif
