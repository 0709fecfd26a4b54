/*
 * The outbox: what is to be sent, kept as work to be done and not as bytes. A stanza for a whole
 * room is one job over the room's audience; copies are made when the link asks for a slice.
 *
 * What a turn wants to send is staged, and goes out only when the turn was committed (or is dropped
 * with it). Order: the jobs of a lane leave in the order in which they were staged; every lane gets
 * its share of each slice, so no room waits long for another's large fan-out.
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

/* A part that only those who may see real JIDs get. Ranges are in order and do not overlap. */
struct rendered_real {
    uint32_t at, len;
};

/* Immutable and counted. `to_at` is where the recipient's escaped address goes, before every real
 * part. */
struct rendered {
    uint32_t refs;
    uint32_t len;
    uint32_t to_at; /* RENDERED_NO_TO: the stanza bears its address already */
    uint32_t real_count;
    const char *bytes; /* behind the parts */
    struct rendered_real real[];
};

/* One reference, owned by the caller; `bytes` are copied, at most OUTBOX_STANZA_MAX. Without a
 * `to_at` there are no real parts. */
struct rendered *rendered_new(struct span bytes, uint32_t to_at, const struct rendered_real *real,
                              uint32_t real_count);
struct rendered *rendered_ref(struct rendered *rendered);
void rendered_unref(struct rendered *rendered); /* NULL is allowed */

/* Does whoever sees real JIDs, or does not, get the same of both? */
bool rendered_equal(const struct rendered *a, const struct rendered *b, bool sees_real);

/* ---- Lanes: one order each ---- */

struct outbox;
struct lane;

/* In bytes of queued stanzas, not of their copies. The outbox is full from above `high` until below
 * `low`. */
struct outbox_limits {
    size_t high, low;
};

struct outbox *outbox_new(const struct outbox_limits *limits, const struct hash_seed *seed);
void outbox_configure(struct outbox *outbox, const struct outbox_limits *limits);
void outbox_free(
    struct outbox *outbox); /* every audience and lane reference was given back before */

/*
 * The lane of that name (a room's, or "" for the service itself), made if there is none. It lives
 * as long as somebody holds a reference or jobs wait in it, so a room that is destroyed and made
 * again goes on in the old order.
 */
struct lane *outbox_lane(struct outbox *outbox, struct span name);
void lane_unref(struct lane *lane);

/* ---- Audiences: who gets what a room sends ---- */

/*
 * The append-only list of a room's sessions. A change closes a slot and adds one, so a job that was
 * staged earlier still sends to those who were in, and what was true, at its moment.
 */
struct audience;

/* Where a session sits; embedded in the session, filled by audience_add(), moved by compaction. */
struct audience_seat {
    uint32_t slot;
};

struct audience *audience_new(struct lane *lane); /* holds a reference to the lane */
void audience_unref(
    struct audience *audience); /* the room's own reference; queued jobs keep theirs */

/* What a slot says about a session. */
struct audience_entry {
    struct blob
        *address; /* the session's full JID, escaped for an attribute; a reference is taken */
    struct rendered *presence; /* what newcomers get to see of the occupant; NULL for nothing; a
                                  reference is taken */
    uint32_t owner; /* the occupant's number: sessions under one nick share it; never 0 */
    bool sees_real; /* may see real JIDs */
    bool moderator;
};

void audience_add(struct audience *audience, struct audience_seat *seat,
                  const struct audience_entry *entry);
void audience_change(struct audience *audience, struct audience_seat *seat,
                     const struct audience_entry *entry);
void audience_remove(struct audience *audience, struct audience_seat *seat);

/* One that was removed before is gone now: what newcomers await does not overtake what it was sent
 * since. */
void audience_depart(struct audience *audience);

/* ---- Staging ---- */

/* One stanza to one address, which it bears already. Takes the caller's reference. */
void outbox_send(struct outbox *outbox, struct lane *lane, struct rendered *stanza);

/*
 * One stanza that leaves its address open to one address (escaped), which may see real JIDs or not.
 * Takes the caller's reference to the stanza and one of its own to the address.
 */
void outbox_deliver(struct outbox *outbox, struct lane *lane, struct rendered *stanza,
                    struct blob *address, bool sees_real);

/*
 * One stanza to every session in the audience now, but not to those of the occupant `except` (0: to
 * all). Takes the caller's reference.
 */
void outbox_fan(struct outbox *outbox, struct audience *audience, struct rendered *stanza,
                uint32_t except);

/* The same to moderators alone. */
void outbox_fan_moderators(struct outbox *outbox, struct audience *audience,
                           struct rendered *stanza, uint32_t except);

/*
 * The presence of every occupant in the audience now, but not of `except`, to one address (escaped;
 * a reference is taken).
 */
void outbox_crowd(struct outbox *outbox, struct audience *audience, struct blob *address,
                  bool sees_real, uint32_t except);

/*
 * What is staged from here on is talk of that author, a number of the lane's user; 0: it is no
 * talk. outbox_silence() is staged like anything else: at the commit, what is queued of the
 * author's talk in the lane, whole or in part, is forgotten.
 */
void outbox_speak(struct outbox *outbox, uint32_t author);
void outbox_silence(struct outbox *outbox, struct lane *lane, uint32_t author);

/* What is staged from here on, if it is no talk, overtakes all the talk in its lane behind which
 * there is nothing else. */
void outbox_hurry(struct outbox *outbox, bool hurries);

/*
 * What is staged from here on is awaited: somebody has asked for it and can do nothing before it
 * comes. Until it was taken its lane goes before those in which nothing is awaited. These get a
 * part all the time, and a lane in which there is no end of it is one as the others.
 *
 * Within the lane it overtakes nothing, unless it is for a session that came in just now. Then it
 * overtakes what was staged since a session was removed the last time: none of that is for the
 * newcomer, so everybody gets everything in the same order all the same.
 */
enum outbox_awaited { OUTBOX_NOT_AWAITED, OUTBOX_AWAITED, OUTBOX_AWAITED_BY_NEWCOMER };
void outbox_await(struct outbox *outbox, enum outbox_awaited awaited);

/* Forgets what is committed of presence, whole or in part: after the link was away all of it is
 * told again, or has come to nothing. Between two turns. */
void outbox_forget_presence(struct outbox *outbox);

/* What was staged since the last of these two is to be sent, or is forgotten. */
void outbox_commit(struct outbox *outbox);
void outbox_drop(struct outbox *outbox);

/* ---- Measuring ---- */

/*
 * What a server has to do for a stanza: so much, and one for each byte. For a copy, however small,
 * servers that are written in a language of scripts need about as long as for so many bytes more.
 */
#define OUTBOX_COPY_WEIGHT (2u * 1024u)

/* What was ever staged: the weight of all copies, and bytes of what went to one address. */
struct outbox_tally {
    uint64_t load, answers;
};

struct outbox_tally outbox_tally(const struct outbox *outbox);

/* The weight of what is queued in a lane: the whole of it, until the last copy was taken. */
uint64_t lane_load(const struct lane *lane);

/* The same of the lane of that name; 0 if there is none. */
uint64_t outbox_load(const struct outbox *outbox, struct span name);

/* ---- Taking ---- */

/*
 * Fills `slice` with whole stanzas of committed jobs, at most `size` bytes, and returns how many; 0
 * only when there was nothing to send. It stops at OUTBOX_SLICE_AIM bytes, so that the next slice
 * soon has room for others; only a single stanza larger than that makes a larger slice. The longest
 * one, with its address, needs OUTBOX_SLICE_MIN bytes: a smaller `size` is for those who know what
 * was staged. It also stops before it weighs more than `most`, but not before one stanza is in; and
 * when it looked at very many sessions to whom nothing goes, which gives a single space, meaning
 * nothing, if it found nobody else.
 */
#define OUTBOX_STANZA_MAX  (1024u * 1024u) /* what is rendered, without the address */
#define OUTBOX_ADDRESS_MAX (18u * 1024u)   /* a JID of 3071 bytes, each of them escaped */
#define OUTBOX_SLICE_MIN   (OUTBOX_STANZA_MAX + OUTBOX_ADDRESS_MAX)
#define OUTBOX_SLICE_AIM   (256u * 1024u)
size_t outbox_take(struct outbox *outbox, char *slice, size_t size, uint64_t most,
                   uint64_t *weight_r);

/*
 * Draws a line behind all that is committed; what is staged will lie behind it. False: something
 * from before the last line still waits, and that one stays.
 */
bool outbox_draw_line(struct outbox *outbox);

/* Was everything before the line taken? */
bool outbox_is_past_line(const struct outbox *outbox);

/* Is anything committed and not yet taken? It may turn out to have no recipient. */
bool outbox_has_work(const struct outbox *outbox);

/* Could something that is staged leave at once if it were committed? (Not if all that is staged is
 * behind others in its lane.) */
bool outbox_is_pressing(const struct outbox *outbox);

/* Is it above the high-water mark, and was not below the low one since? New work is to be refused.
 */
bool outbox_is_full(const struct outbox *outbox);

/* Is it twice as far? */
bool outbox_is_overfull(const struct outbox *outbox);

/* Bytes of queued stanzas. */
size_t outbox_queued(const struct outbox *outbox);

#endif
