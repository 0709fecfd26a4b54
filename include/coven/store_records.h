/*
 * The records that a store takes and gives. Spans are borrowed: a call that writes needs them until
 * it returns, and those that a call reads live until its `each` returns.
 */
#ifndef COVEN_STORE_RECORDS_H
#define COVEN_STORE_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/eras.h"
#include "coven/span.h"

#define STORE_SALT                                                                                 \
    16 /* bytes of a salt that coven has made; those of other services are longer                  \
        */
#define STORE_SALT_MAX 64

struct store_room {
    int64_t id;       /* chosen by the caller, never used twice */
    struct span name; /* the room's prepared local part */
    int64_t created;  /* milliseconds since 1970 */
    bool locked;
    bool listed;           /* may be shown in the service's list */
    struct span title;     /* what the list shows */
    struct span creator;   /* bare JID */
    struct span salt;      /* of the room's occupant ids; at most STORE_SALT_MAX bytes */
    struct span subject;   /* the rendered subject message; empty: none was set */
    uint32_t subject_to;   /* byte offset of the recipient's address in `subject` */
    int64_t subject_time;  /* when the subject was set; milliseconds since 1970 */
    int64_t keep_days;     /* maximum age of archived messages, in days; 0: no limit of its own */
    int64_t keep_messages; /* maximum number of archived messages; 0: no limit of its own */
    int64_t used;          /* when the last occupant left; milliseconds since 1970; 0: nobody has */
};

/* What is left of a destroyed room, whose name nobody but its owners may take for a while. */
struct store_tombstone {
    struct span name;    /* of the room */
    struct span creator; /* of the room; only written */
    int64_t destroyed;   /* milliseconds since 1970 */
    struct span venue;   /* bare JID of the room that takes its place; empty: none */
    struct span reason;
};

/* A user who waits for the answer to a request for registration with a room. */
struct store_applicant {
    int64_t room;
    struct span jid; /* bare */
    struct span nick;
    int64_t asked; /* milliseconds since 1970 */
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
    struct span presence; /* the rendered children of the client's presence */
    int64_t change;       /* number of the last change of presence */
    int64_t joined;       /* number of the change by which the session joined; only read */
};

/* A session's changes of presence. */
struct store_presence {
    int64_t id;       /* of the session; rises with every join */
    struct span room; /* the room's local part */
    struct span jid;
    int64_t joined;  /* number of the change by which the session joined */
    int64_t changed; /* number of the last change that others saw */
};

/* An unavailable presence that was sent: a session left, changed its nick, or is hidden now. */
struct store_departure {
    int64_t change;     /* number of this change of presence */
    struct span room;   /* the room's local part; the room may be deleted */
    struct span jid;    /* of the session */
    int audience;       /* who receives the stanza; the caller defines the numbers */
    struct span stanza; /* as it was sent */
    uint32_t to_at;     /* byte offset of the recipient's address; UINT32_MAX: already set */
    struct span real;   /* the parts that only some may see; the caller defines the format */
};

/* The values are stored: do not renumber. History shows what was said. */
enum store_kind {
    STORE_SAID,
    STORE_RETRACTION, /* retracts another message */
    STORE_SUBJECT,
    STORE_TOMBSTONE, /* what is left of a retracted message */
    STORE_NOTICE,    /* the room tells that a moderator retracted a message */
    STORE_ASIDE,     /* about another message: a reaction, a read marker */
};

#define STORE_SAID_UNKNOWN (-1) /* the message was stored before this was known */

struct store_message {
    int64_t key;    /* rises with every message of the service: see eras.h */
    uint64_t noise; /* the unguessable half of the id */
    int64_t room;
    int64_t number; /* counts a room's archived messages from 1, without gaps; 0: the message is not
                       archived, only kept for history */
    enum store_kind kind;
    struct span author, resource; /* bare JID and resource; empty: the room itself */
    struct span nick;
    int affiliation, role; /* the author's at that time: enum affiliation, enum role */
    int64_t said; /* history shows no message of the room between this key and the message's own; 0:
                     none before it */
    struct span stanza; /* as it was sent, without the recipient's address; empty when read: the
                           row is damaged */
    uint32_t to_at;     /* byte offset of the recipient's address in `stanza` */
    struct span alias;  /* the id that the message had where it was imported from, which it keeps;
                           empty: it has none but key and noise. Not for store_message_add() */
};

/* A part of a room's archive. */
struct store_range {
    int64_t room;
    struct key_range keys;
    struct span author, resource; /* only messages of this user and resource; empty: of any */
    struct span nick;             /* only messages of this nick; empty: of any. Not with author */
    /* Only messages with all of these words; those without white space between them, such as the
     * parts of an address, must follow each other. Empty: messages with any words. */
    struct span words;
    struct span bytes; /* only messages with these bytes in their stanza. With author */
    bool backwards;    /* the newest first */
    unsigned limit;
    unsigned search_ms; /* time limit of a search, in milliseconds */
};

/* How long the service keeps messages. Rooms may have stricter limits of their own. */
struct store_keeping {
    int64_t now; /* milliseconds since 1970 */
    struct eras eras;
    int64_t days;     /* maximum age of messages, in days; 0: no limit */
    int64_t messages; /* maximum number in a room's archive; 0: no limit */
};

/* What lists of rooms tell. */
struct store_facts {
    int64_t id;
    struct span name, title, creator; /* as in struct store_room */
    int64_t created;
    bool locked, listed;
    int64_t occupants; /* different nicks of sessions */
    int64_t messages;  /* in the archive */
    int64_t used;      /* as in struct store_room */
    int64_t last_key;  /* of the newest message, archived or not; 0: none */
};

/* Something that a user is in a room. */
struct store_trace {
    struct span room; /* the room's local part */
    struct span jid;  /* of a session: full; of an affiliation: the user, or a domain */
    struct span nick;
    struct span reason;
    int affiliation; /* of an affiliation: enum affiliation */
};

/* A user or a domain who may not use the service. */
struct store_denied {
    struct span address; /* a bare JID, or a domain */
    int64_t since;       /* milliseconds since 1970 */
    int64_t until;       /* likewise; 0: for good */
    struct span reason;
    struct span by; /* who denied it */
};

#define STORE_DUE_MAX 200

/* Messages to delete. */
struct store_due {
    int64_t keys[STORE_DUE_MAX];
    unsigned count;
    int64_t room; /* a deleted room whose last message is deleted; 0: none */
};

struct store_summary {
    int schema; /* version of the tables */
    int64_t rooms, listed, sessions, tombstones;
};

#endif
