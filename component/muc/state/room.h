/* A room: its options, affiliations, subject and occupants. Memory holds what the store holds: the
 * functions of this folder change both. */
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
#include "roll.h"

struct occupant;
struct room_loading;
struct service;
struct session;
struct unarchived;

#define ARCHIVED_UNKNOWN (-1) /* the number has not been needed yet */

/* The stages of a room's life in memory; room.c has the table of allowed changes. */
enum room_state {
    ROOM_LOADING, /* only the room's own row was read yet; nothing but room_load.c may touch it */
    ROOM_LOCKED,  /* new: the owner has not configured it yet (XEP-0045, 10.1.2) */
    ROOM_OPEN,    /* in use, or visited in this turn */
    ROOM_VACANT,  /* temporary; all occupants were lost, and it waits for them to come back */
    ROOM_IDLE,    /* empty; kept in memory in case somebody needs it soon */
    ROOM_GONE,    /* destroyed, or to be loaded again; freed at the end of the turn */
    ROOM_STATES,
};

struct room {
    struct table_link link; /* in the service's table, by node */
    struct service *service;
    enum room_state state;
    int64_t since_ms;         /* when it entered its state, on the monotonic clock */
    struct room *prev, *next; /* in the service's list of rooms in this state */
    int64_t id;
    char *address; /* the room's bare JID */
    size_t node_len, address_len;
    int64_t created;           /* milliseconds since 1970 */
    char *creator;             /* bare JID */
    char salt[STORE_SALT_MAX]; /* of its occupant ids */
    size_t salt_len;
    struct room_config config;
    struct rendered *subject; /* the message that set it; NULL: nobody has */
    int64_t subject_time;
    int64_t used;         /* when the last occupant left; milliseconds since 1970; 0: nobody has */
    char *avatar;         /* hashes of its avatar, in hex, one after the other; NULL: none */
    int64_t archived;     /* number of the newest message in its archive */
    int64_t said;         /* key of the newest message that its history shows, or unknown */
    uint32_t retractions; /* since the room was loaded */

    struct roll rolls[AFFILIATION_KINDS]; /* all entries, by affiliation */
    struct table affiliations_by_jid;     /* all entries */
    struct table reserved;                /* the entries with a nick, by nick */
    uint32_t domains;                     /* number of entries for a whole domain */

    struct unarchived *unarchived; /* messages that are not in the store yet */
    unsigned unarchived_count;
    struct room *prev_unsaved, *next_unsaved; /* in the service's list, while there are any */

    struct occupant *occupants;     /* all, in the order in which they entered */
    struct table occupants_by_nick; /* all */
    struct table persons;           /* the users inside, by bare JID */
    struct occupant *moderators;
    unsigned in_role[ROLE_KINDS]; /* number of occupants who have the role */
    struct table sessions;        /* of all occupants, by full JID */
    uint32_t last_number;         /* the last number that an occupant was given */
    struct lane *lane;
    struct audience *audience;

    struct bucket bucket;               /* rate of messages and presences */
    unsigned speakers, speakers_before; /* users who spoke in this period, and in the last */
    int64_t speakers_ms;                /* when the present period began */

    bool listed;                  /* the service's disco lists it; the store says the same */
    bool changed;                 /* changed in this turn */
    bool visited;                 /* it is in the service's list of this turn */
    struct room *next_visited;    /* in that list */
    struct room_loading *loading; /* state of loading; NULL unless ROOM_LOADING */
};

static inline struct span room_address(const struct room *room)
{
    return (struct span){room->address, room->address_len};
}

static inline struct span room_node(const struct room *room)
{
    return (struct span){room->address, room->node_len};
}

/* Does the room keep an archive? If not, messages are kept for its history only. */
static inline bool room_is_archived(const struct room *room)
{
    return room->config.archiving || room->config.logging;
}

static inline bool room_is_locked(const struct room *room)
{
    return room->state == ROOM_LOCKED;
}

static inline bool room_is_gone(const struct room *room)
{
    return room->state == ROOM_GONE;
}

/* Returns the room of that name if it is in memory; NULL: it is not. */
struct room *room_in_memory(const struct service *service, struct span node);

/* Adds an empty room to the service's table, in the state ROOM_LOADING or ROOM_LOCKED. */
struct room *room_new(struct service *service, struct span node, enum room_state state);

/*
 * Changes the room's state; nothing else does. A locked, vacant or idle room is in the service's
 * list of that state. A room that is gone is not found any more, and is freed when the turn ends.
 */
void room_set_state(struct room *room, enum room_state state);

/* Marks the room as used in this turn: it is not idle, and is settled when the turn ends. */
void room_visit(struct room *room);

/* Marks the room as changed in this turn: if the turn is dropped, it is unloaded, and later loaded
 * again. */
void room_touch(struct room *room);

/* Returns whether the room is full for one more occupant of that affiliation (XEP-0045, 7.2.9). */
bool room_is_full(const struct room *room, enum affiliation affiliation);

/* Stores the room's own row: lock, title, listing, subject. */
void room_save(struct room *room);

/* Sets the salt of the room's occupant ids. */
void room_set_salt(struct room *room, struct span salt);

/* Sets whether the service lists the room, and keeps the count of listed rooms. */
void room_set_listed(struct room *room, bool listed);

/* Unlocks the room and stores that: others may enter. Only now the room has replaced an earlier one
 * of that name, whose tombstone goes. */
void room_unlock(struct room *room);

/* Stores the present value of an option. */
void room_save_option(struct room *room, const struct room_option *option);

/* Replaces the configuration, in memory and store. Takes over the strings of `config`. */
void room_configure(struct room *room, struct room_config *config);

#endif
