/*
 * The service as the files of component/muc see it. Each part that belongs to a higher storey is
 * only a pointer here: its own header says what is in it.
 */
#ifndef MUC_SERVICE_STATE_H
#define MUC_SERVICE_STATE_H

#include <openssl/evp.h>

#include "coven/buf.h"
#include "coven/outbox.h"
#include "coven/service.h"
#include "coven/store.h"
#include "coven/table.h"
#include "era.h"
#include "journal.h"
#include "room.h"

struct occupant;
struct user;

#define NOISE_COUNT 64

/* How many rooms there are, in memory or not: counting them in the store takes longer the more
 * there are. */
struct room_counts {
    int64_t all;
    int64_t listed; /* in the service's disco */
};

/* What state asks of the storeys above it. */
struct service_calls {
    /* What newcomers see of the occupant; the caller owns the reference. */
    struct rendered *(*render)(const struct occupant *occupant);
    /* The client at that full JID asks to enter a room, so it is there. */
    void (*entered)(struct service *service, struct span jid);
};

struct service {
    struct service_settings settings;
    struct service_calls calls;
    struct store *store;
    struct outbox *outbox;
    struct hash_seed seed;
    struct lane *lane; /* for what no room sends */
    int64_t wall_ms, mono_ms;
    struct era_state era;
    struct journal journal;
    uint64_t speed;    /* weight that the server handles in a second; 0: unknown */
    bool tight;        /* memory is */
    bool store_failed; /* in this turn, which will be dropped */
    uint32_t turn;     /* number of the turn; it begins again at 0 some day */

    struct table rooms;                 /* in memory, by node */
    struct room *rooms_in[ROOM_STATES]; /* the same, by state; who came first stands first */
    unsigned idle_count;                /* of ROOM_IDLE */
    struct room *visited;               /* looked at in this turn */
    struct room *unsaved;               /* with messages that are not in the store yet */
    struct room_loading *loading;       /* one for each ROOM_LOADING */
    int64_t last_room_id;
    struct room_counts rooms_stored; /* in this turn, */
    struct room_counts rooms_kept;   /* and when the last turn was committed */
    struct table users;              /* who is inside somewhere, by bare JID */

    struct quota *quota;
    struct limit_log *limit_log;
    struct invited *invited;
    struct tasks *tasks;
    struct relays *relays;
    struct whispers *whispers;
    struct questions *questions;
    struct burial *burial;
    struct recovery *recovery;
    struct parking *parking;
    bool retention_runs;  /* a task looks for messages to be deleted */
    int64_t retention_ms; /* when the next one may begin, on the monotonic clock */

    struct buf scratch;          /* for the draft of one stanza at a time */
    EVP_MAC_CTX *mac;            /* for occupant_id_of() */
    uint64_t noise[NOISE_COUNT]; /* random, for message ids; fetched all at once */
    unsigned noise_left;
};

/* Notes when the store failed: the turn will be dropped. STORE_NOTHING is no failure. */
static inline void service_wrote(struct service *service, enum store_result result)
{
    if (result == STORE_FAILED)
        service->store_failed = true;
}

#endif
