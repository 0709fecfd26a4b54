/* The service as the files of this folder see it. */
#ifndef MUC_SERVICE_STATE_H
#define MUC_SERVICE_STATE_H

#include <openssl/evp.h>

#include "coven/buf.h"
#include "coven/outbox.h"
#include "coven/service.h"
#include "coven/store.h"
#include "coven/table.h"
#include "era.h"
#include "muc/do/relay.h"
#include "muc/do/whisper.h"
#include "muc/limit/invited.h"
#include "muc/limit/limit_log.h"
#include "muc/limit/tasks.h"
#include "muc/park.h"
#include "muc/recovery/burial.h"
#include "muc/recovery/heal.h"
#include "muc/recovery/question.h"
#include "muc/recovery/tell.h"

struct quota;
struct room;
struct room_loading;
struct user;

#define NOISE_COUNT 64

/* How many rooms there are, also those that are not in memory: to count them for whoever asks would
 * take longer the more there are. */
struct room_counts {
    int64_t all;
    int64_t listed; /* in what the service shows */
};

struct service {
    struct service_settings settings;
    struct store *store;
    struct outbox *outbox;
    struct hash_seed seed;
    struct lane *lane;  /* of what no room sends */
    struct table users; /* who is inside somewhere, by bare JID */
    struct quota *quota;
    uint64_t speed;       /* of the server: the weight that it handles in a second; 0: unknown */
    struct table rooms;   /* in memory, by their local part */
    struct room *visited; /* looked at in this turn */
    struct room *unsaved; /* with messages that are not written yet */
    struct room_loading *loading; /* rooms of which not all is here yet */
    struct parking parking;       /* what came for them */
    struct room *locked;          /* waiting for their owners */
    struct room *vacant; /* waiting for those who were lost; the first is the next to end */
    struct room *idle;   /* nobody is in them; the first is the next to be forgotten */
    unsigned idle_count;
    struct relays relays;     /* IQs between occupants */
    struct whispers whispers; /* and private messages */
    struct telling telling;
    struct questions questions;
    struct burial burial;
    struct healing healing;
    struct tasks tasks;
    struct limit_log limit_log;
    struct invited invited;
    struct buf scratch; /* for the draft of one stanza at a time */
    EVP_MAC_CTX *mac;   /* for occupant_id_of() */
    int64_t wall_ms, mono_ms;
    struct era_state era;
    uint32_t turn; /* counted; it begins again at 0 some day */
    int64_t last_room_id;
    uint64_t noise[NOISE_COUNT]; /* random, for message ids; asked for in one go */
    unsigned noise_left;
    struct room_counts rooms_stored;
    struct room_counts rooms_kept; /* the same when the last turn was committed */
    bool store_failed;             /* in this turn */
    bool tight;                    /* memory is */
    bool keeping;                  /* it is being looked for what is not to be kept */
    int64_t retention_ms; /* when that is to be done next, by the clock that never goes back */
};

/* Notes when the store failed: the turn will be dropped. STORE_NOTHING is no failure. */
static inline void service_wrote(struct service *service, enum store_result result)
{
    if (result == STORE_FAILED)
        service->store_failed = true;
}

#endif
