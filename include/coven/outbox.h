/*
 * The outbox: a queue of jobs from which the bytes for the server are made. A stanza for a whole
 * room is one job over the room's audience; its copies are made when the link asks for a slice.
 *
 * A turn stages its jobs. They leave once the turn is committed, and vanish if it is dropped. The
 * jobs of a lane leave in the order in which they were staged. Every lane gets a share of each
 * slice, so no room waits long for another room's large fan-out.
 */
#ifndef COVEN_OUTBOX_H
#define COVEN_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/blob.h"
#include "coven/hash.h"
#include "coven/span.h"

/* ---- A stanza rendered once ---- */

#define RENDERED_REAL_MAX 4
#define RENDERED_NO_TO    UINT32_MAX

/* A range of bytes that only recipients who may see real JIDs get. Ranges are in order and do not
 * overlap. */
struct rendered_real {
    uint32_t at, len;
};

/* Immutable, with a reference count. */
struct rendered {
    uint32_t refs;
    uint32_t len;   /* bytes, without the recipient's address */
    uint32_t to_at; /* where the escaped address goes, before all real parts; or RENDERED_NO_TO: the
                       stanza contains its address */
    uint32_t real_count;
    const char *bytes; /* in the same allocation, after `real` */
    struct rendered_real real[];
};

/* Copies `bytes`, at most OUTBOX_STANZA_MAX of them, and up to RENDERED_REAL_MAX real parts (none
 * with RENDERED_NO_TO). The caller owns the one reference. */
struct rendered *rendered_new(struct span bytes, uint32_t to_at, const struct rendered_real *real,
                              uint32_t real_count);

/* Both allow NULL. */
struct rendered *rendered_ref(struct rendered *rendered);
void rendered_unref(struct rendered *rendered);

/* Would one recipient get equal copies of both? `sees_real`: a recipient who may see real JIDs. */
bool rendered_equal(const struct rendered *a, const struct rendered *b, bool sees_real);

/* ---- Lanes: queues that keep their order ---- */

struct outbox;
struct lane;

/* Bytes of queued stanzas, each counted once however many copies it has. Above `high` the outbox is
 * full, until it falls below `low`. */
struct outbox_limits {
    size_t high, low;
};

struct outbox *outbox_new(const struct outbox_limits *limits, const struct hash_seed *seed);
void outbox_configure(struct outbox *outbox, const struct outbox_limits *limits);

/* Frees the outbox and its jobs (NULL is allowed). The callers have given back all their references
 * to audiences and lanes. */
void outbox_free(struct outbox *outbox);

/*
 * Returns a reference, the caller's, to the lane with that name (a room's, or "" for the service
 * itself), and creates the lane if there is none. A lane lives as long as it has references or
 * queued jobs, so a room that is destroyed and created again continues its old order.
 */
struct lane *outbox_lane(struct outbox *outbox, struct span name);

/* The same for the lane that goes before all others, for what has left already and was returned. */
struct lane *outbox_first_lane(struct outbox *outbox);
void lane_unref(struct lane *lane); /* NULL is allowed */

/* ---- Audiences: who gets what a room sends ---- */

/*
 * A room's sessions, as an append-only list of slots. A change closes a slot and adds another, so a
 * job still sees the sessions, and the state of each, at the moment when it was staged.
 */
struct audience;

/* A session's place in the audience, embedded in the session. audience_add() sets it, and
 * compaction moves it. */
struct audience_seat {
    uint32_t slot;
};

/* Takes its own reference to the lane. The caller owns the audience. */
struct audience *audience_new(struct lane *lane);

/* Gives up the audience (NULL is allowed). It lives on while queued jobs need it, and touches no
 * seat any more. */
void audience_unref(struct audience *audience);

/* The state of one session. The audience takes its own references to the address and the presence.
 */
struct audience_entry {
    struct blob *address;      /* full JID, escaped for an attribute */
    struct rendered *presence; /* the occupant's, for newcomers; NULL: none is sent */
    uint32_t owner; /* the occupant's number, shared by the sessions of a nick; never 0 */
    bool sees_real; /* may see real JIDs */
    bool moderator;
    bool local; /* a user of the server itself: see outbox_multiply() */
};

/* A seat lives from audience_add() until audience_remove(), or until the audience is given up. */
void audience_add(struct audience *audience, struct audience_seat *seat,
                  const struct audience_entry *entry);
void audience_change(struct audience *audience, struct audience_seat *seat,
                     const struct audience_entry *entry);
void audience_remove(struct audience *audience, struct audience_seat *seat);

/* Counts another departure, of a session that was removed earlier: what newcomers await does not
 * overtake anything staged before this call. */
void audience_depart(struct audience *audience);

/* ---- Staging ---- */

/* One stanza that contains its address. Takes the caller's reference. */
void outbox_send(struct outbox *outbox, struct lane *lane, struct rendered *stanza);

/*
 * One stanza with an open address to one (escaped) address. Takes the caller's reference to the
 * stanza, and a reference of its own to the address.
 */
void outbox_deliver(struct outbox *outbox, struct lane *lane, struct rendered *stanza,
                    struct blob *address, bool sees_real);

/*
 * One stanza with an open address to every session in the audience now, except those of the
 * occupant with the number `except` (0: no exception). Takes the caller's reference.
 */
void outbox_fan(struct outbox *outbox, struct audience *audience, struct rendered *stanza,
                uint32_t except);

/* The same to moderators only. */
void outbox_fan_moderators(struct outbox *outbox, struct audience *audience,
                           struct rendered *stanza, uint32_t except);

/*
 * The presence of every occupant in the audience now, except the one with the number `except`, to
 * one (escaped) address. Takes its own reference to the address.
 */
void outbox_crowd(struct outbox *outbox, struct audience *audience, struct blob *address,
                  bool sees_real, uint32_t except);

/*
 * outbox_speak() marks the following jobs as talk of `author`, an occupant's number; 0: as no talk.
 * outbox_silence() is staged like a job: the commit drops the author's talk that is queued in the
 * lane, including the rest of a fan that is half sent.
 */
void outbox_speak(struct outbox *outbox, uint32_t author);
void outbox_silence(struct outbox *outbox, struct lane *lane, uint32_t author);

/* The following jobs, unless they are talk, overtake the talk at the end of their lane, up to the
 * last job that is no talk. */
void outbox_hurry(struct outbox *outbox, bool hurries);

/*
 * The following jobs are awaited: somebody asked for them and can do nothing until they arrive.
 * Until they are taken, their lane goes before lanes where nothing is awaited. The other lanes
 * still get one turn in three, and a lane whose awaited jobs never end loses its preference.
 *
 * Within its lane an awaited job overtakes nothing, unless it is for a newcomer: a session that
 * joined in this turn. Then it overtakes all that was staged since the last departure. None of that
 * is for the newcomer, so everybody still gets everything in the same order.
 */
enum outbox_awaited { OUTBOX_NOT_AWAITED, OUTBOX_AWAITED, OUTBOX_AWAITED_BY_NEWCOMER };
void outbox_await(struct outbox *outbox, enum outbox_awaited awaited);

/* Drops all committed presence, including the rest of what is half sent, but not errors: after a
 * reconnect the rooms send presence again. Called between turns. */
void outbox_forget_presence(struct outbox *outbox);

/* The end of a turn: its staged jobs are queued, or dropped. */
void outbox_commit(struct outbox *outbox);
void outbox_drop(struct outbox *outbox);

/* ---- Copies that the server makes ---- */

/*
 * With the module mod_coven_multi, the server takes one stanza with a list of recipients and makes
 * the copies itself:
 *
 *   <message from='room@DOMAIN/nick' to='DOMAIN' …><multi xmlns='urn:coven:multi:0' key='KEY'>
 *   a@example.org/r⇥b@example.org/r</multi>…</message>
 *
 * without the line break; between two addresses is a tab, which no address contains. The first
 * child is taken out, and each recipient becomes `to`. A module that does not take the stanza
 * leaves it to the server, which returns it to DOMAIN as it is: then nobody has got it.
 */
#define MULTI_RECIPIENTS_MAX 250u
#define MULTI_BYTES_MAX      (32u * 1024u)
#define MULTI_KEY_MAX        64u

/* What the module takes. */
struct multi_terms {
    char key[MULTI_KEY_MAX + 1]; /* of the connection; nothing in it needs to be escaped */
    uint32_t recipients;         /* of a stanza, from 2 to MULTI_RECIPIENTS_MAX */
    uint32_t bytes;              /* of a stanza, at most MULTI_BYTES_MAX */
};

/* From now on, what is for many local recipients goes to the module. `domain` is DOMAIN. `terms`
 * NULL: every copy is made here, the rest of what is half sent included. */
void outbox_multiply(struct outbox *outbox, const char *domain, const struct multi_terms *terms);

/* ---- Measuring ---- */

/* Weight estimates a server's work, in bytes: a copy weighs its length plus this constant, because
 * servers written in scripting languages need about as long for a stanza as for so many bytes. */
#define OUTBOX_COPY_WEIGHT (2u * 1024u)

/* A copy that the server makes is a fraction of that work, with this denominator. */
#define MULTI_WEIGHT_PART 4u

/* Sums over everything staged so far, dropped turns included. */
struct outbox_tally {
    uint64_t load;    /* weight of all copies */
    uint64_t answers; /* bytes of single stanzas: outbox_send() and outbox_deliver() */
};

struct outbox_tally outbox_tally(const struct outbox *outbox);

/* Stanzas that were taken, one for each recipient, also where the server makes the copies:
 * messages, presences, IQs. */
#define OUTBOX_KINDS 3
const uint64_t *outbox_sent(const struct outbox *outbox);

/* The weight of the jobs in a lane. A job counts in full until its last copy is taken. */
uint64_t lane_load(const struct lane *lane);

/* The load of the lane with that name; 0 if there is none. */
uint64_t outbox_load(const struct outbox *outbox, struct span name);

/* ---- Taking ---- */

/*
 * Fills `slice` with whole stanzas of committed jobs and returns the number of bytes, at most
 * `size`; 0 if there is nothing to send. `*weight_r` is the weight of the slice.
 *
 * The slice ends at OUTBOX_SLICE_AIM bytes, or before it weighs more than `most`; a single stanza
 * may exceed both. The longest stanza needs OUTBOX_SLICE_MIN bytes; a smaller `size` requires that
 * every staged stanza fits. The slice also ends after a long walk past sessions that get nothing.
 * If it is empty then, it becomes a single space, which means nothing to the server.
 */
#define OUTBOX_STANZA_MAX  (1024u * 1024u) /* bytes of a rendered stanza, without the address */
#define OUTBOX_ADDRESS_MAX (18u * 1024u)   /* bytes of a JID of 3071 bytes, all of them escaped */
#define OUTBOX_SLICE_MIN   (OUTBOX_STANZA_MAX + OUTBOX_ADDRESS_MAX)
#define OUTBOX_SLICE_AIM   (256u * 1024u)
size_t outbox_take(struct outbox *outbox, char *slice, size_t size, uint64_t most,
                   uint64_t *weight_r);

/*
 * Draws a line after all committed jobs and before all staged ones. There is one line at a time:
 * returns false, and draws none, while a job from before the last line is queued.
 */
bool outbox_draw_line(struct outbox *outbox);

/* Has everything before the line been taken? */
bool outbox_is_past_line(const struct outbox *outbox);

/* Are committed jobs queued? They may turn out to have no recipient. */
bool outbox_has_work(const struct outbox *outbox);

/* Would a commit let a staged job leave at once? (Not if every staged job has others before it in
 * its lane.) */
bool outbox_is_pressing(const struct outbox *outbox);

/* Has the queue exceeded the high-water mark, and not fallen below the low one since? The caller
 * should refuse new work. */
bool outbox_is_full(const struct outbox *outbox);

/* Does the queue exceed twice the high-water mark? */
bool outbox_is_overfull(const struct outbox *outbox);

/* Bytes of queued stanzas, the staged ones and the jobs' own memory included. */
size_t outbox_queued(const struct outbox *outbox);

#endif
