/*
 * Private to the files of the outbox and their tests.
 *
 * Ownership: rooms, audiences, jobs and the ring hold counted references to a lane. An audience
 * lives until its room has given it up and its last job is freed. A job holds either a reference to
 * a lane or a place in an audience.
 */
#ifndef COVEN_OUTBOX_PARTS_H
#define COVEN_OUTBOX_PARTS_H

#include <utlist.h>

#include "coven/buf.h"
#include "coven/mem.h"
#include "coven/outbox.h"
#include "coven/table.h"

/* ---- Slices ---- */

/* A buffer for the link. Sizes are in bytes. */
struct slice {
    char *data;
    size_t used;
    size_t aim;        /* limit of `used`, except for a larger first stanza */
    size_t size;       /* size of `data`: limit of `used` for a larger first stanza */
    size_t lane_used;  /* added by the current lane, here and in the slices just before; less for
                          copies that the server makes */
    size_t lane_share; /* limit of `lane_used`, except for a larger first stanza */
    uint64_t weight;   /* of the stanzas in it */
    uint64_t most;     /* limit of `weight`, except for a heavier first stanza */
    uint64_t sent[OUTBOX_KINDS]; /* stanzas in it, one for each recipient */
    const struct multi *multi;   /* NULL: the server makes no copies */
    unsigned passed;             /* slots that got nothing */
    bool full;                   /* the last stanza did not fit */
    bool tired;                  /* `passed` has reached its limit: other work comes first */
};

/* Bytes of one copy of the stanza. The address is NULL if the stanza contains it. */
size_t rendered_copy_len(const struct rendered *stanza, const struct blob *address, bool sees_real);

/* Writes the stanza's bytes from `from` up to `to`, without the real parts unless `sees_real`.
 * Neither end lies inside a real part. Returns the end of what it wrote. */
char *rendered_write(const struct rendered *stanza, uint32_t from, uint32_t to, bool sees_real,
                     char *out);

/* Counts the stanza as sent to so many. */
void slice_count(struct slice *slice, const struct rendered *stanza, uint32_t recipients);

/* Adds one copy of the stanza, as above. Returns false if the lane's share is used up or the slice
 * is full. */
bool slice_put(struct slice *slice, const struct rendered *stanza, const struct blob *address,
               bool sees_real);

/* ---- Audiences ---- */

#define SLOT_OPEN UINT64_MAX

/* The state of a session from one of the audience's moments until another, which is excluded. */
struct slot {
    uint64_t from, to; /* `to` is SLOT_OPEN until the slot is closed */
    struct blob *address;
    struct rendered *presence;
    struct audience_seat *seat; /* NULL: the slot is closed */
    uint32_t owner;
    bool sees_real;
    bool moderator;
    bool local;
};

/* Slots are in the order of `from`. Closed slots are counted, so the number that no job sees any
 * more is known without a search: those closed before the oldest job was staged. */
struct audience {
    struct lane *lane;
    struct slot *slots;
    uint32_t count, cap;
    bool owned;          /* by its room; once the room gives it up, seats are gone */
    uint64_t moment;     /* number of changes so far */
    uint64_t closed;     /* slots closed so far */
    uint64_t removed;    /* closed slots that compaction removed so far */
    struct job *jobs;    /* oldest first, including the staged ones */
    uint32_t begun;      /* jobs in the middle of their walk over the slots */
    uint64_t shown;      /* bytes of the open slots' presences */
    uint32_t moderators; /* among the open slots */
    uint32_t locals;     /* the same */
};

/* The number of sessions: open slots. */
uint32_t audience_open(const struct audience *audience);

/* From audience_enter() to audience_leave() the audience keeps the slots that are open now, and the
 * job sees only these. audience_leave() may free the audience. */
void audience_enter(struct audience *audience, struct job *job);
void audience_leave(struct audience *audience, struct job *job);

/* ---- Jobs ---- */

enum job_kind {
    JOB_SEND,
    JOB_FAN,
    JOB_FAN_MODERATORS,
    JOB_CROWD,
    JOB_SILENCE, /* carried out by the commit, never queued: drops its author's talk in the lane */
};

/* Small, because every waiting stanza has one. */
struct job {
    struct job *next;          /* in the queue of staged jobs, later in the lane's */
    struct job *older, *newer; /* in the audience's list */
    union {
        struct lane *lane; /* a reference, of JOB_SEND and JOB_SILENCE */
        struct audience *audience;
    };
    struct rendered *stanza; /* NULL for JOB_CROWD and JOB_SILENCE */
    struct blob *address;    /* of JOB_CROWD, and of JOB_SEND if the stanza leaves it open */
    uint64_t moment;         /* the audience's at staging: the job sees the slots open then */
    uint64_t closed;         /* the audience's `closed` at that moment */
    uint32_t cursor;         /* index of the next slot */
    uint32_t except;         /* owner of the slots to leave out; 0: none */
    uint32_t author;         /* of the talk; 0: this is no talk */
    uint32_t departures;     /* the lane's, when the job was staged */
    uint64_t load;           /* see job_load() */
    uint8_t kind;            /* enum job_kind */
    uint8_t group;           /* of the recipients that are served now, if the job is `grouped` */
    bool grouped;            /* the walk goes over the slots once for each group: multi.c */
    bool begun;              /* the walk has passed a slot */
    bool sees_real;          /* the recipient with `address` may see real JIDs */
    bool side;               /* side of the line: the outbox's `side` at the commit */
    bool hurries;            /* overtakes talk */
    bool awaited;            /* see outbox_await() */
    bool newcomer;           /* awaited by a newcomer */
};

/* First in, first out, except for the two functions below that let a job overtake. */
struct job_queue {
    struct job *first, *last;
    struct job *firm;    /* the last job that is no talk, or NULL */
    uint32_t talk;       /* number of jobs that are talk */
    struct job *ahead;   /* the last job that a newcomer's may not overtake, or NULL */
    bool firm_behind;    /* `firm` comes after `ahead` */
    uint32_t departures; /* the lane's, when the last job was staged */
};

void job_push(struct job_queue *queue, struct job *job);
struct job *job_pop(struct job_queue *queue); /* requires a job in the queue */

/* Inserts a job that is no talk after `firm`, before all talk that follows it. */
void job_push_before_talk(struct job_queue *queue, struct job *job);

/* Inserts a newcomer's job after `ahead`: before all jobs since the last departure, except those of
 * earlier newcomers. */
void job_push_ahead(struct job_queue *queue, struct job *job);

/* Removes the talk of one author, and returns it as a list linked by `next`. */
struct job *job_take_talk(struct job_queue *queue, uint32_t author);

/* Removes all presence except errors, in the same way. */
struct job *job_take_presence(struct job_queue *queue);

/* The new job has a reference of its own to its lane, or is in its audience's list. The caller
 * fills in the rest. */
struct job *job_new_send(struct lane *lane);
struct job *job_new_silence(struct lane *lane, uint32_t author);
struct job *job_new_on(enum job_kind kind, struct audience *audience);
struct lane *job_lane(const struct job *job);
void job_free(struct job *job);

/* Bytes of memory that the job adds to the queue. */
size_t job_weight(const struct job *job);

/* The server's work for all copies, as outbox_tally() counts it. */
uint64_t job_load(const struct job *job);

/* Adds the next copies to the slice. Returns true when none are left. */
bool job_fill(struct job *job, struct slice *slice);

/* The next slot that was open at the job's moment and does not belong to `except`, from its cursor
 * on, which moves there; NULL: there is none. */
const struct slot *job_next(struct job *job);

/* Counts a slot that gets nothing. Returns false after too many of them. */
bool slice_pass_over(struct slice *slice);

/* ---- Copies that the server makes ---- */

struct multi {
    struct multi_terms terms;
    struct buf to;   /* the domain, escaped for an attribute */
    struct buf open; /* the tag before the list */
};

/* The group to which the recipient belongs: those of a group get the same bytes, and the server may
 * make their copies, except those of MULTI_SINGLY. */
enum multi_group { MULTI_REAL, MULTI_HIDDEN, MULTI_SINGLY };
enum multi_group multi_group_of(const struct job *job, const struct slot *slot);

/* Is the stanza small enough for a list, and to come back? */
bool multi_takes(const struct multi *multi, const struct rendered *stanza);

/* job_fill() for a job that is `grouped`; slice->multi may be NULL. */
bool multi_fill(struct job *job, struct slice *slice);

/* ---- Lanes ---- */

struct lane {
    struct table_link link; /* of the outbox, by name */
    struct outbox *outbox;
    struct lane *prev, *next; /* in `ring` */
    struct ring *ring;        /* NULL: the lane has no committed jobs */
    struct job_queue jobs;    /* committed */
    uint32_t awaited;         /* number of committed jobs that are awaited */
    uint64_t favoured;        /* of `taken`, in favoured turns, which its awaited jobs gave it */
    uint64_t entered;    /* the outbox's `taken` when the lane last got work after having none */
    uint64_t load;       /* of all its jobs, including the staged ones */
    uint32_t staged;     /* number of staged jobs */
    uint32_t departures; /* sessions removed from its audiences so far; may wrap around */
    uint32_t refs;
    bool goes_first; /* before all other lanes */
    char name[];
};

struct lane *lane_ref(struct lane *lane);

/* ---- The outbox ---- */

/* Lanes with committed jobs. The first one is served next. */
struct ring {
    struct lane *first;
    size_t len;
    size_t used; /* bytes of its share that the first lane has used */
};

enum {
    RING_FIRST,   /* the lane of outbox_first_lane(), until it is empty */
    RING_AWAITED, /* lanes that are favoured, or were when they last took their place */
    RING_OTHERS,
    RINGS,
};

struct outbox {
    struct outbox_limits limits;
    struct hash_seed seed;
    struct table lanes; /* by name */
    struct ring rings[RINGS];
    unsigned turn;  /* of lanes, modulo TURNS */
    uint64_t taken; /* bytes so far, as charged to lanes (slice.lane_used) */
    struct job_queue staged;
    bool pressing;     /* a staged job would leave at once; see outbox_is_pressing() */
    bool side;         /* side of the line where jobs are committed now; each new line flips it */
    size_t waiting[2]; /* number of committed jobs on each side */
    size_t queued;     /* sum of job_weight() */
    bool full;         /* see outbox_is_full() */
    struct multi multi;
    bool multiplies; /* `multi` holds what the server's module takes */
    struct outbox_tally tally;
    uint64_t sent[OUTBOX_KINDS]; /* stanzas that were taken */
    uint32_t author;             /* for the next jobs, like the two below */
    bool hurries;                /* see outbox_hurry() */
    enum outbox_awaited awaited; /* see outbox_await() */
};

#endif
