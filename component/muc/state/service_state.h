/* The service as the files of component/muc see it. Parts that belong to higher layers are pointers
 * here; their own headers define them. */
#ifndef MUC_SERVICE_STATE_H
#define MUC_SERVICE_STATE_H

#include <openssl/evp.h>

#include "coven/buf.h"
#include "coven/counts.h"
#include "coven/outbox.h"
#include "coven/service.h"
#include "coven/store.h"
#include "coven/table.h"
#include "era.h"
#include "imports.h"
#include "journal.h"
#include "room.h"

struct occupant;
struct user;

#define NOISE_COUNT 64

/* Numbers of rooms in the store, of destroyed ones, and of sessions. They are kept in memory
 * because counting takes longer the more rooms there are. */
struct room_counts {
    int64_t all;
    int64_t listed; /* those that the service's disco lists */
    int64_t tombstones;
    int64_t sessions;
};

/* Callbacks from state into higher layers. */
struct service_calls {
    /* Returns the presence of the occupant as newcomers see it; the caller owns the reference. */
    struct rendered *(*render)(const struct occupant *occupant);
    /* The client at that full JID enters a room, so it is alive. */
    void (*entered)(struct service *service, struct span jid);
};

struct service {
    struct service_settings settings;
    struct service_calls calls;
    struct store *store;
    struct outbox *outbox;
    struct hash_seed seed;
    struct lane *lane; /* for stanzas that no room sends */
    int64_t wall_ms, mono_ms;
    int64_t started_ms; /* when the first turn began, on the monotonic clock; -1: not yet */
    struct era_state era;
    struct journal journal;
    uint64_t speed;    /* weight that the server handles in a second; 0: unknown */
    bool tight;        /* memory is short */
    bool store_failed; /* a write failed in this turn, which will be dropped */
    uint32_t turn;     /* number of the turn; wraps around */

    struct table rooms;                 /* rooms in memory, by node */
    struct room *rooms_in[ROOM_STATES]; /* the same, by state, the oldest in it first */
    unsigned idle_count;                /* number of rooms that are ROOM_IDLE */
    struct room *visited;               /* rooms used in this turn */
    struct room *unsaved;               /* rooms with messages that are not in the store yet */
    struct room_loading *loading;       /* one for each room that is ROOM_LOADING */
    int64_t last_room_id;
    struct room_counts rooms_stored; /* in this turn */
    struct room_counts rooms_kept;   /* after the last committed turn */
    int64_t occupants;               /* of rooms in memory */
    struct table users;              /* users who are inside a room, by bare JID */

    struct quota *quota;
    struct limit_log *limit_log;
    struct invited *invited;
    struct denials *denials;
    struct top *top;
    struct counts counts;
    struct tasks *tasks;
    struct relays *relays;
    struct whispers *whispers;
    struct questions *questions;
    struct ghosts *ghosts;
    struct recovery *recovery;
    struct parking *parking;
    struct runs *runs; /* of administrative commands */
    unsigned runs_count;
    struct adhoc *adhoc; /* those of XMPP clients */
    struct imports imports;
    bool retention_runs;  /* a task is looking for messages to delete */
    int64_t retention_ms; /* when the next such task may start, on the monotonic clock */
    int64_t deep_look_ms; /* when retract_named.c may look deep into an archive again, likewise */

    struct buf scratch;          /* for short-lived text, such as the draft of one stanza */
    EVP_MAC_CTX *mac;            /* for occupant_id_of() */
    uint64_t noise[NOISE_COUNT]; /* random numbers for message ids, fetched in bulk */
    unsigned noise_left;
};

/* Notes a failed write, so that the turn will be dropped. STORE_NOTHING is no failure. */
static inline void service_wrote(struct service *service, enum store_result result)
{
    if (result == STORE_FAILED)
        service->store_failed = true;
}

#endif
