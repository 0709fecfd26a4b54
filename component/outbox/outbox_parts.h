/*
 * What the files of the outbox share, and nobody else sees.
 *
 * Who keeps whom: a lane lives while rooms, audiences, jobs or the ring count on it; a audience
 * lives while its room or a job does; a job owns its reference to a lane, or keeps a audience.
 */
#ifndef COVEN_OUTBOX_PARTS_H
#define COVEN_OUTBOX_PARTS_H

#include <utlist.h>

#include "coven/mem.h"
#include "coven/outbox.h"
#include "coven/table.h"

/* ---- Slices ---- */

/* The bytes that are being filled. */
struct slice {
    char *data;
    size_t used;
    size_t aim;        /* all stanzas but a larger first one end before it */
    size_t size;       /* and that one before this */
    size_t lane_used;  /* what the present lane added, in this slice and in those just before */
    size_t lane_share; /* what it may add, or one stanza if that is more */
    uint64_t weight;   /* of what is in it, */
    uint64_t most;     /* and at most, or one stanza's if that is more */
    unsigned passed;   /* slots that were looked at for nothing */
    bool full;         /* a stanza came that did not fit */
    bool tired;        /* too many of those: it is time for something else */
};

/* Bytes of the stanza with that address (NULL: the stanza bears one already). */
size_t rendered_copy_len(const struct rendered *stanza, const struct blob *address, bool sees_real);

/* Adds the stanza with that address (NULL: it bears one already), or returns false: the lane's
 * share is used up, or the slice is full. */
bool slice_put(struct slice *slice, const struct rendered *stanza, const struct blob *address,
               bool sees_real);

/* ---- Audiences ---- */

#define SLOT_OPEN UINT64_MAX

/* What was true of a session from one moment to another, the latter excluded. */
struct slot {
    uint64_t from, to; /* SLOT_OPEN: it still is */
    struct blob *address;
    struct rendered *presence;
    struct audience_seat *seat; /* NULL when closed */
    uint32_t owner;
    bool sees_real;
    bool moderator;
};

/*
 * Slots are in the order of `from`. Closing is counted, so what no job can see any more is known
 * without looking: all that was closed before the oldest job was staged.
 */
struct audience {
    struct lane *lane;
    struct slot *slots;
    uint32_t count, cap;
    bool owned;       /* the room has not given its reference back; if it has, seats may be gone */
    uint64_t moment;  /* changes so far */
    uint64_t closed;  /* slots closed so far */
    uint64_t removed; /* slots closed and compacted away so far */
    struct job *jobs; /* oldest first, the staged ones too */
    uint32_t begun;   /* jobs that are on their walk */
    uint64_t shown;   /* bytes of the open slots' presences */
    uint32_t moderators; /* among the open slots */
};

/* Sessions in it now. */
uint32_t audience_open(const struct audience *audience);

/* The job sees the audience as it is now, until audience_leave(). */
void audience_enter(struct audience *audience, struct job *job);
void audience_leave(struct audience *audience, struct job *job);

/* ---- Jobs ---- */

enum job_kind {
    JOB_SEND,
    JOB_FAN,
    JOB_FAN_MODERATORS,
    JOB_CROWD,
    JOB_SILENCE, /* only ever staged: at the commit what its author has waiting is dropped */
};

/* There is one for each message that waits, so it is kept small. */
struct job {
    struct job *next;          /* in the staged queue, then in the lane's */
    struct job *older, *newer; /* in the audience */
    union {
        struct lane *lane; /* a JOB_SEND's or JOB_SILENCE's, a reference */
        struct audience *audience;
    };
    struct rendered *stanza; /* NULL: a JOB_CROWD's or JOB_SILENCE's */
    struct blob *address;    /* a JOB_CROWD's, or a JOB_SEND's whose stanza leaves it open */
    uint64_t moment;         /* of the audience: which slots it sees */
    uint64_t closed;         /* slots that were closed before it */
    uint32_t cursor;         /* the next slot */
    uint32_t except;
    uint32_t author;     /* whose talk it is; 0: none */
    uint32_t departures; /* of the lane, before it */
    uint64_t load;       /* what a server has to do for it */
    uint8_t kind;        /* enum job_kind */
    bool sees_real;      /* the address may see real JIDs */
    bool side;           /* of the line on which it was committed */
    bool hurries;        /* overtakes talk */
    bool awaited;        /* by whom it goes to, */
    bool newcomer;       /* who was sent nothing since the last departure */
};

/* The first one that came leaves first. */
struct job_queue {
    struct job *first, *last;
    struct job *firm;    /* the last that is no talk; NULL: there is none */
    uint32_t talk;       /* how many are */
    struct job *ahead;   /* the last that a newcomer's may not overtake; NULL: there is none */
    bool firm_behind;    /* `firm` comes after that one */
    uint32_t departures; /* before the last job */
};

void job_push(struct job_queue *queue, struct job *job);
struct job *job_pop(struct job_queue *queue); /* there is one */

/* Before all the talk behind which there is nothing else; the job itself is none. */
void job_push_before_talk(struct job_queue *queue, struct job *job);

/* Before all that came since the last departure, but for what newcomers before it got. */
void job_push_ahead(struct job_queue *queue, struct job *job);

/* Takes out all that is that author's talk: a list of them, by `next`. */
struct job *job_take_talk(struct job_queue *queue, uint32_t author);

/* Takes out all presence, in the same way. */
struct job *job_take_presence(struct job_queue *queue);

/* A job with a reference of its own to its lane, or in its audience's list; the rest is up to the
 * caller. */
struct job *job_new_send(struct lane *lane);
struct job *job_new_silence(struct lane *lane, uint32_t author);
struct job *job_new_on(enum job_kind kind, struct audience *audience);
struct lane *job_lane(const struct job *job);
void job_free(struct job *job);

/* What it counts for as long as it is queued. */
size_t job_weight(const struct job *job);

/* What it makes the server do, OUTBOX_COPY_WEIGHT counted in. */
uint64_t job_load(const struct job *job);

/* Puts the next stanzas into the slice; true when there are none left. */
bool job_fill(struct job *job, struct slice *slice);

/* ---- Lanes ---- */

struct lane {
    struct table_link link; /* of the outbox, by name */
    struct outbox *outbox;
    struct lane *prev, *next; /* in its ring, while there are committed jobs */
    struct ring *ring;        /* NULL: there are none */
    struct job_queue jobs;    /* committed */
    uint32_t awaited;         /* how many of them are, */
    uint64_t favoured;        /* and what was taken in turns that it had because of it */
    uint64_t entered;         /* its ring, when so much of all had been taken */
    uint64_t load;            /* of those, and of those that are staged */
    uint32_t staged;          /* jobs that are not committed */
    uint32_t departures; /* sessions that were removed from its audiences; it may begin again */
    uint32_t refs;
    char name[];
};

struct lane *lane_ref(struct lane *lane);

/* ---- The outbox ---- */

/* Lanes with committed jobs; the first one is served next. */
struct ring {
    struct lane *first;
    size_t len;
    size_t used; /* of its share, by the first one */
};

enum {
    RING_AWAITED, /* lanes that are favoured, or were when their turn began */
    RING_OTHERS,
    RINGS,
};

struct outbox {
    struct outbox_limits limits;
    struct hash_seed seed;
    struct table lanes; /* by name */
    struct ring rings[RINGS];
    unsigned turn;  /* of lanes, counted round */
    uint64_t taken; /* bytes so far */
    struct job_queue staged;
    bool pressing;     /* some of them are of a lane that has no committed job */
    bool side;         /* of the line on which jobs are committed now; each line changes it */
    size_t waiting[2]; /* committed jobs on either side */
    size_t queued;
    bool full;
    struct outbox_tally tally;
    uint32_t author;             /* of what is being staged; */
    bool hurries;                /* does it overtake talk, */
    enum outbox_awaited awaited; /* and is it awaited? */
};

#endif
