/*
 * What a store keeps, and what it is asked for. Spans are borrowed: by a call that writes them
 * until it returns, from a call that reads them until its `each` does.
 */
#ifndef COVEN_STORE_RECORDS_H
#define COVEN_STORE_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/eras.h"
#include "coven/span.h"

#define STORE_SALT 16

struct store_room {
    int64_t id;       /* made by the caller, never used twice */
    struct span name; /* the room's prepared local part */
    int64_t created;  /* milliseconds since 1970 */
    bool locked;
    bool listed;           /* may be shown in the service's list */
    struct span title;     /* what the list shows */
    struct span creator;   /* bare JID */
    struct span salt;      /* STORE_SALT bytes: the key of the room's occupant ids */
    struct span subject;   /* the rendered subject message; empty: none was set */
    uint32_t subject_to;   /* where the address goes in it */
    int64_t subject_time;  /* when it was set */
    int64_t keep_days;     /* that messages of its archive are kept; 0: no limit of its own */
    int64_t keep_messages; /* so many of them; 0: no limit of its own */
};

struct store_option {
    struct span var, value;
};

struct store_affiliation {
    struct span jid;
    int affiliation; /* enum affiliation */
    struct span nick;
    struct span reason;
};

struct store_session {
    struct span jid; /* full */
    struct span nick;
    int role;             /* enum role */
    struct span presence; /* what the client's presence said, rendered */
    int64_t change;       /* the change of presence that this is; not read back with the rest */
    int64_t joined;       /* the first of these; only read */
};

/* Which change of presence a session was let in by, and by which others last saw it change. */
struct store_standing {
    int64_t id;       /* rises with every session that comes */
    struct span room; /* its local part */
    struct span jid;
    int64_t joined, changed;
};

/* A presence that told of an end: somebody left, or goes by another nick, or is not shown. */
struct store_departure {
    int64_t change;     /* which change of presence it is */
    struct span room;   /* its local part; the room may be gone */
    struct span jid;    /* the session that it tells of */
    int audience;       /* whom it was for: the caller's own number */
    struct span stanza; /* as it was sent */
    uint32_t to_at;     /* where an address goes; UINT32_MAX: it bears one */
    struct span real;   /* the parts that only some may see, in the caller's own form */
};

/* The numbers are in stores. History shows those before STORE_SUBJECT. */
enum store_kind {
    STORE_SAID,
    STORE_RETRACTION, /* takes another message back */
    STORE_SUBJECT,
    STORE_TOMBSTONE, /* what is left of a message that was taken back */
};

struct store_message {
    int64_t key;    /* rises with every message of the service: see eras.h */
    uint64_t noise; /* the unguessable half of the id */
    int64_t room;
    int64_t number; /* counts a room's archived messages without a gap, from 1; 0: it is not
                       archived, but for history alone */
    enum store_kind kind;
    struct span author, resource; /* bare JID and the rest of the full one; empty: the room */
    struct span nick;
    int affiliation, role; /* the author's when it was said: enum affiliation, enum role */
    struct span stanza;    /* as it was sent, without an address; of no bytes when it is read: it
                              was damaged */
    uint32_t to_at;        /* where that goes */
};

/* A part of a room's archive. */
struct store_range {
    int64_t room;
    struct key_range keys;
    struct span author, resource; /* only what this user said, with that resource; empty: any */
    struct span nick;             /* only what was said under this nick; empty: any; not both */
    struct span words;            /* only messages with all of these words; empty: any */
    bool backwards;               /* the newest first */
    unsigned limit;
    unsigned search_ms; /* that a search may take */
};

/* What is not to be kept, beside what a room says for itself. */
struct store_keeping {
    int64_t now; /* milliseconds since 1970 */
    struct eras eras;
    int64_t days;     /* that messages are kept; 0: for ever */
    int64_t messages; /* of each room's archive; 0: all */
};

#define STORE_DUE_MAX 200

/* Messages that are to be deleted. */
struct store_due {
    int64_t keys[STORE_DUE_MAX];
    unsigned count;
    int64_t room; /* it is gone, and has no messages any more; 0: no room */
};

/* What is in the store. */
struct store_summary {
    int schema; /* of its tables */
    int64_t rooms, listed, sessions;
};

#endif
