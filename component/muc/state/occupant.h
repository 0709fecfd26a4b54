/*
 * Who is in a room. An occupant is a nick; it has one session or more, each a full JID of the same
 * user. These functions keep memory, audience and store together; telling people is presence.h's.
 */
#ifndef MUC_OCCUPANT_H
#define MUC_OCCUPANT_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>

#include "coven/blob.h"
#include "coven/jid.h"
#include "coven/outbox.h"
#include "coven/store.h"
#include "coven/table.h"
#include "privilege.h"

struct room;
struct user;

#define OCCUPANT_ID_SIZE 33

/* A user who is in the room, whatever the nicks. */
struct person {
    struct table_link link; /* of the room, by bare JID */
    struct occupant *occupants;
};

/* There may be a million of them, so what can be had from elsewhere is not kept here. */
struct occupant {
    struct table_link link; /* of the room, by nick */
    struct room *room;
    struct occupant *prev, *next; /* of the room, in the order in which they came in */
    struct user *user;
    struct person *person;
    struct occupant *prev_same, *next_same;           /* of the person */
    struct occupant *prev_moderator, *next_moderator; /* of the room, while it is one */
    struct session *sessions;  /* the first is the one whose presence is shown */
    struct rendered *presence; /* as newcomers see it; NULL: hidden from them */
    char *address;             /* ROOM/NICK */
    uint32_t address_len;
    uint32_t number;        /* in the audience; stays the same when the nick changes */
    unsigned session_count; /* never 0 */
    enum role role;
    int64_t asked_ms;          /* when it asked for voice, */
    bool has_asked;            /* if it did */
    char id[OCCUPANT_ID_SIZE]; /* XEP-0421: of this user in this room, whatever the nick */
};

struct session {
    struct table_link link; /* of the room, by full JID */
    struct occupant *occupant;
    struct session *next;  /* of the occupant */
    struct blob *jid;      /* full */
    struct blob *address;  /* the same, escaped; mostly the same blob */
    struct blob *presence; /* what the client put into its presence, rendered */
    struct audience_seat seat;
    uint32_t changed_in; /* the turn in which its row was last written; 0: not since it was read */
    int64_t joined;      /* the change of presence with which it came in */
};

static inline struct span occupant_address(const struct occupant *occupant)
{
    return (struct span){occupant->address, occupant->address_len};
}

static inline struct span session_jid(const struct session *session)
{
    return blob_span(session->jid);
}

/* The end of its address. */
const char *occupant_nick(const struct occupant *occupant);

/* The user's bare JID. */
const char *occupant_bare(const struct occupant *occupant);

struct occupant *occupant_find(const struct room *room, struct span nick);
struct session *session_find(const struct room *room, struct span full_jid);

/* The first occupant of a user, by the bare JID; `next_same` leads to the others. NULL: not inside.
 */
struct occupant *occupant_of_user(const struct room *room, struct span bare);

/* The highest role that a user has in the room; ROLE_NONE: not inside. */
enum role occupant_highest_role(const struct room *room, struct span bare);

/*
 * Lets a session in: as a new occupant, or as one more session of the user's that is there under
 * this nick. `presence` gets a reference of its own.
 */
struct session *occupant_enter(struct room *room, struct span nick, const struct jid *user,
                               enum role role, struct blob *presence);

/* One session goes; with the last one the occupant. Both are freed. */
void session_leave(struct session *session);

/* Nothing that goes to the whole room goes to this session any more: it is about to leave. */
void session_mute(struct session *session);
bool session_is_muted(const struct session *session);

void session_set_presence(struct session *session, struct blob *presence);
void occupant_set_role(struct occupant *occupant, enum role role);

/* Others are told something new of it: its sessions' rows are to say so, if they do not yet. */
void occupant_note_change(const struct occupant *occupant);

/* The whole occupant, with all its sessions, under another nick. */
void occupant_rename(struct occupant *occupant, struct span nick);

/* What the ids are made with: to look it up for each of them would cost more than to use it. The
 * service owns it. */
EVP_MAC_CTX *occupant_id_mac(void);

/* The id of a user in a room. */
void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE]);

/* Its affiliation in the room. */
enum affiliation occupant_affiliation(const struct occupant *occupant);

/* May it see real JIDs? */
bool occupant_sees_real(const struct occupant *occupant);

/* Is its presence shown to others (muc#roomconfig_presencebroadcast)? */
bool occupant_is_shown(const struct occupant *occupant);

/* Renders again what newcomers see, after something in it changed: presence, role, affiliation, the
 * room's anonymity. */
void occupant_refresh(struct occupant *occupant);

/* A session as the store has it. */
void occupant_restore(struct room *room, const struct store_session *row);

/* Frees everybody, without a word and without touching the store. */
void occupant_forget_all(struct room *room);

#endif
