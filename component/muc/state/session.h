/*
 * A session of an occupant: one full JID of its user. Memory, audience and store change together
 * here; telling people is presence.h's.
 */
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
    struct session *next;      /* of the occupant */
    struct blob *jid;          /* full JID */
    struct blob *address;      /* the same, escaped; mostly the same blob */
    struct blob *presence;     /* what the client put into its presence, rendered */
    struct audience_seat seat; /* where the audience has it */
    uint32_t changed_in;       /* turn in which its row was last written; 0: not yet */
    int64_t joined;            /* number of the change of presence with which it entered */
};

static inline struct span session_jid(const struct session *session)
{
    return blob_span(session->jid);
}

/* The session of that full JID in the room; NULL: it is not inside. */
struct session *session_find(const struct room *room, struct span full_jid);

/*
 * Lets a session in: as a new occupant, or as one more session of the user's occupant of that nick.
 * Takes a reference to `presence`.
 */
struct session *session_enter(struct room *room, struct span nick, const struct jid *user,
                              enum role role, struct blob *presence);

/* Takes a session out; with the last one its occupant. Both are freed. */
void session_leave(struct session *session);

/* Takes a session that is about to leave out of the audience: nothing for the whole room reaches it
 * any more. */
void session_mute(struct session *session);
bool session_is_muted(const struct session *session);

/* Puts what the client's presence holds now in the place of what it held. Takes a reference. */
void session_set_presence(struct session *session, struct blob *presence);

/* Brings back a session that the store has; a damaged row is passed over. */
void session_restore(struct room *room, const struct store_session *row);

/* ---- For occupant.c ---- */

/* Tells the audience what is true of the session now. */
void session_reseat(struct session *session);

/* Writes the session's row. */
void session_store(struct session *session);

/* Frees the session without touching the store. */
void session_free(struct session *session);

#endif
