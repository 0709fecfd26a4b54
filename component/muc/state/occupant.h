/*
 * Who is in a room. An occupant is a nick; it has one session or more, each a full JID of the same
 * user. These functions keep memory, audience and store together; telling people is presence.h's.
 */
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

static inline struct span occupant_address(const struct occupant *occupant)
{
    return (struct span){occupant->address, occupant->address_len};
}

/* The end of its address. */
const char *occupant_nick(const struct occupant *occupant);

/* The user's bare JID. */
const char *occupant_bare(const struct occupant *occupant);

struct occupant *occupant_find(const struct room *room, struct span nick);

/* The first occupant of a user, by the bare JID; `next_same` leads to the others. NULL: not inside.
 */
struct occupant *occupant_of_user(const struct room *room, struct span bare);

/* The highest role that a user has in the room; ROLE_NONE: not inside. */
enum role occupant_highest_role(const struct room *room, struct span bare);

void occupant_set_role(struct occupant *occupant, enum role role);

/* Others are told something new of it: its sessions' rows are to say so, if they do not yet. */
void occupant_note_change(const struct occupant *occupant);

/* The whole occupant, with all its sessions, under another nick. */
void occupant_rename(struct occupant *occupant, struct span nick);

/* Its affiliation in the room. */
enum affiliation occupant_affiliation(const struct occupant *occupant);

/* May it see real JIDs? */
bool occupant_sees_real(const struct occupant *occupant);

/* Is its presence shown to others (muc#roomconfig_presencebroadcast)? */
bool occupant_is_shown(const struct occupant *occupant);

/* Renders again what newcomers see, after something in it changed: presence, role, affiliation, the
 * room's anonymity. */
void occupant_refresh(struct occupant *occupant);

/* For session.c: an occupant that has no session yet, or none any more. */
struct occupant *occupant_new(struct room *room, struct span nick, struct span bare,
                              enum role role);
void occupant_free(struct occupant *occupant);

/* Frees everybody, without a word and without touching the store. */
void occupant_forget_all(struct room *room);

#endif
