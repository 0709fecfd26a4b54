/* A session of an occupant: one full JID of its user. These functions keep memory, audience and
 * store together; presence.h sends what others see. */
#ifndef MUC_SESSION_H
#define MUC_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/blob.h"
#include "coven/jid.h"
#include "coven/outbox.h"
#include "coven/store.h"
#include "coven/table.h"
#include "privilege.h"

struct occupant;
struct room;

struct session {
    struct table_link link; /* in the room's table, by full JID */
    struct occupant *occupant;
    struct session *next;      /* the occupant's next session */
    struct blob *jid;          /* full JID */
    struct blob *address;      /* the same, escaped for XML; usually the same blob */
    struct blob *presence;     /* the contents of the client's presence, rendered */
    struct audience_seat seat; /* place in the audience */
    uint32_t changed_in;       /* turn in which its row was last written; 0: not yet */
    int64_t joined;            /* number of the presence change with which it entered */
    int64_t spoke;             /* the occupant's session that spoke last has the highest number */
    int8_t priority;           /* of its presence */
};

static inline struct span session_jid(const struct session *session)
{
    return blob_span(session->jid);
}

/* Returns the session of that full JID in the room; NULL: it is not inside. */
struct session *session_find(const struct room *room, struct span full_jid);

/* Adds a session, in memory and store: as a new occupant, or to the user's occupant of that nick.
 * Takes a reference to `presence`. */
struct session *session_enter(struct room *room, struct span nick, const struct jid *user,
                              enum role role, struct blob *presence);

/* Removes the session from memory and store, and its occupant with the last session. Frees both. */
void session_leave(struct session *session);

/* Removes from the audience a session that is about to leave: stanzas for the whole room no longer
 * reach it. */
void session_mute(struct session *session);
bool session_is_muted(const struct session *session);

/* Replaces the contents of the client's presence. Takes a reference. */
void session_set_presence(struct session *session, struct blob *presence);

/* The session, one of several, speaks. Returns whether it has become the occupant's face. */
bool session_speak(struct session *session);

/* Returns the <priority/> in the contents of a presence; 0: none, or not a valid one. */
int8_t session_priority(struct span presence);

/* Restores a session from its row in the store; a damaged row is ignored. */
void session_restore(struct room *room, const struct store_session *row);

/* ---- For occupant.c ---- */

/* Updates the session's entry in the audience. */
void session_reseat(struct session *session);

/* Stores the session's row. */
void session_store(struct session *session);

/* Gives the session's row a new change number. */
void session_store_change(struct session *session);

/* Frees the session; the store is not changed. */
void session_free(struct session *session);

#endif
