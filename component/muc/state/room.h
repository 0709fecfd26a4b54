/*
 * A room: its options, affiliations, subject and who is in it. What is in memory here is what the
 * store holds; whoever changes the one changes the other, with the functions of this header.
 */
#ifndef MUC_ROOM_H
#define MUC_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/bucket.h"
#include "coven/jid.h"
#include "coven/outbox.h"
#include "coven/store.h"
#include "coven/table.h"
#include "options.h"
#include "privilege.h"

struct service;
struct occupant;
struct session;
struct unarchived;

#define ARCHIVED_UNKNOWN (-1) /* nobody had to know it yet */

struct affiliation_entry {
    struct table_link by_jid;
    struct table_link by_nick; /* while a nick is reserved */
    struct affiliation_entry *prev, *next;
    const char *nick;   /* reserved for this user; "" for none */
    const char *reason; /* why; "" for none */
    enum affiliation affiliation;
    char jid[]; /* bare JID, or a domain for everybody there and below it */
};

struct room {
    struct table_link link; /* of the service, by node */
    struct service *service;
    int64_t id;
    char *address; /* the room's bare JID */
    size_t node_len, address_len;
    int64_t created;   /* milliseconds since 1970 */
    int64_t locked_ms; /* since when it was, by the clock that never goes back */
    int64_t vacant_ms; /* the same */
    char *creator;     /* bare JID */
    unsigned char salt[STORE_SALT];
    struct room_config config;
    struct rendered *subject; /* the message that set it; NULL: none did */
    int64_t subject_time;
    int64_t archived;                       /* the number of the newest message in its archive */
    uint32_t retractions;                   /* counted while it is in memory */
    struct affiliation_entry *affiliations; /* without those of "none" and no nick */
    struct table affiliations_by_jid;       /* the same */
    uint32_t domains;                       /* those of them that are for a whole domain */
    unsigned owners;                        /* those of them who are owners */
    struct table reserved;                  /* those of them with a nick, by it */
    struct unarchived *unarchived;          /* messages that are not written yet */
    unsigned unarchived_count;
    struct room *prev_unsaved, *next_unsaved; /* while there are any */
    char *avatar;                             /* hashes of its avatar; NULL: it has none */
    struct occupant *occupants;
    struct table occupants_by_nick; /* the same */
    struct table persons;           /* who they are, by bare JID */
    struct occupant *moderators;    /* those of them who are */
    unsigned moderator_count;
    struct table sessions; /* of all of them, by full JID */
    uint32_t last_number;  /* of an occupant */
    struct lane *lane;
    struct audience *audience;
    struct bucket bucket;               /* of messages and presences */
    unsigned speakers, speakers_before; /* since then, and in as much time before */
    int64_t speakers_ms;
    bool listed;                  /* in what the service shows, as the store has it */
    bool locked;                  /* new, and not yet configured by its owner */
    bool vacant;                  /* temporary, and all who were in it were lost */
    bool visited;                 /* in the service's list of this turn */
    bool changed;                 /* in this turn */
    bool gone;                    /* destroyed; kept until the turn ends */
    bool idle;                    /* in the service's list of idle rooms */
    struct room_loading *loading; /* NULL: all of it is here */
    struct room *next_visited;
    struct room *prev, *next; /* in the service's list of locked rooms, of vacant or of idle ones */
};

static inline struct span room_address(const struct room *room)
{
    return (struct span){room->address, room->address_len};
}

static inline struct span room_node(const struct room *room)
{
    return (struct span){room->address, room->node_len};
}

/* ---- Life ---- */

/* The room of that name, from memory or from the store, where a large one takes long.
 * STORE_NOTHING: there is none. */
enum store_result room_find(struct service *service, struct span node, struct room **room_r);

/* The same, but of a large room that is not in memory only the beginning: it has `loading` then,
 * and is not to be touched. */
enum store_result room_reach(struct service *service, struct span node, struct room **room_r);

/* Has it no place left for one more occupant of that affiliation (7.2.9)? */
bool room_is_full(const struct room *room, enum affiliation affiliation);

/* A new, locked room with its first owner. */
struct room *room_create(struct service *service, struct span node, struct span creator);

/* Writes the room's own row: lock, title, listing, subject. */
void room_save(struct room *room);

/* It changes in this turn: if the turn is dropped, the room is forgotten and loaded again. */
void room_touch(struct room *room);

/* Its owner is content: others may enter. */
void room_unlock(struct room *room);

/* Takes the room out of memory and store. Nobody is told: that was done before. */
void room_destroy(struct room *room);

/* Frees a room that nobody is in, or that is to be loaded again. */
void room_free(struct room *room);

/* Keeps a room that nobody is in for a while, and frees the one that was kept longest if there are
 * too many. */
void room_rest(struct room *room);

/* Puts a new configuration in the place of the old one, and into the store. */
void room_configure(struct room *room, struct room_config *config);

/* ---- Affiliations ---- */

/* Of a bare JID: its own, or that of its domain, or of the nearest domain above that one. Admins of
 * the service are owners everywhere. */
enum affiliation affiliation_in(const struct room *room, struct span bare);

/* The entry of a bare JID, or NULL. */
struct affiliation_entry *affiliation_entry(const struct room *room, struct span bare);

/* NULL for `nick` or `reason` keeps what there is. */
void affiliation_set(struct room *room, struct span bare, enum affiliation affiliation,
                     const char *nick, const char *reason);

/* The entry for whom this nick is reserved, or NULL. */
struct affiliation_entry *affiliation_nick_holder(const struct room *room, struct span nick);

#endif
