/* The occupants of a room. An occupant is a nick with one or more sessions, each a full JID of the
 * same user. These functions keep memory, audience and store together; presence.h sends what others
 * see. */
#ifndef MUC_OCCUPANT_H
#define MUC_OCCUPANT_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/outbox.h"
#include "coven/table.h"
#include "occupant_id.h"
#include "privilege.h"
#include "session.h"

struct room;
struct user;

/* A user in the room, who may have several occupants with different nicks. */
struct person {
    struct table_link link; /* in the room's table, by bare JID */
    struct occupant *occupants;
};

/* There may be a million occupants, so nothing is kept here that can be found elsewhere. */
struct occupant {
    struct table_link link; /* in the room's table, by nick */
    struct room *room;
    struct occupant *prev, *next; /* in the room, in the order in which they entered */
    struct user *user;
    struct person *person;
    struct occupant *prev_same, *next_same; /* in the person's list */
    struct occupant *prev_moderator,
        *next_moderator;       /* in the room's list, while this is a moderator */
    struct session *sessions;  /* in the order in which they entered */
    struct rendered *presence; /* as newcomers see it; NULL: not shown to them */
    char *address;             /* ROOM/NICK */
    uint32_t address_len;
    uint32_t number;        /* in the audience; a change of nick keeps it */
    unsigned session_count; /* never 0 */
    enum role role;
    int64_t asked_ms;          /* when the occupant last asked for voice, on the monotonic clock */
    bool has_asked;            /* `asked_ms` is set */
    bool silenced;             /* a visitor by a moderator's word, not by the room's setting */
    char id[OCCUPANT_ID_SIZE]; /* XEP-0421: of this user in this room, under any nick */
};

static inline struct span occupant_address(const struct occupant *occupant)
{
    return (struct span){occupant->address, occupant->address_len};
}

/* Part of the address; valid until the nick changes. */
const char *occupant_nick(const struct occupant *occupant);

/* The user's bare JID. */
const char *occupant_bare(const struct occupant *occupant);

struct occupant *occupant_find(const struct room *room, struct span nick);

/* Returns the session that stands for the occupant: others see its presence, and it gets the IQs.
 * It is the one of the highest priority and, among equals, the one that spoke last. */
struct session *occupant_face(const struct occupant *occupant);

/* Returns the first occupant of a user, by bare JID; `next_same` leads to the others. NULL: the
 * user is not inside. */
struct occupant *occupant_of_user(const struct room *room, struct span bare);

/* Returns the highest role that a user has in the room; ROLE_NONE: not inside. */
enum role occupant_highest_role(const struct room *room, struct span bare);

/* Ends what occupant_silence() has noted, if the role is not that of a visitor. */
void occupant_set_role(struct occupant *occupant, enum role role);

/* Notes that a moderator silences the occupant, who is a visitor or becomes one next. */
void occupant_silence(struct occupant *occupant);

/* Gives the rows of the occupant's sessions a new change number, once in a turn (journal.h). To be
 * called before others are told of a change. */
void occupant_note_change(const struct occupant *occupant);

/* Gives the occupant, with all its sessions, another nick. */
void occupant_rename(struct occupant *occupant, struct span nick);

/* Returns the affiliation of the occupant's user in the room. */
enum affiliation occupant_affiliation(const struct occupant *occupant);

/* Returns whether the occupant may see real JIDs. */
bool occupant_sees_real(const struct occupant *occupant);

/* Returns whether the occupant's presence is shown to others (muc#roomconfig_presencebroadcast). */
bool occupant_is_shown(const struct occupant *occupant);

/* Renders the occupant's presence for newcomers again. To be called after a change of presence,
 * role, affiliation, or the room's anonymity. */
void occupant_refresh(struct occupant *occupant);

/* For session.c: creates an occupant without a session, and frees one that has none any more. */
struct occupant *occupant_new(struct room *room, struct span nick, struct span bare,
                              enum role role);
void occupant_free(struct occupant *occupant);

/* Frees all occupants; nobody is told, and the store is not changed. */
void occupant_forget_all(struct room *room);

#endif
