#include <stdlib.h>

#include "coven/bug.h"
#include "outbox_parts.h"

/* Bytes that a lane may add before the next one's turn. */
#define SHARE_MIN 1024u
#define SHARE_MAX (16u * 1024u)

/* Bytes that a lane may add in favoured turns before it runs empty: FAVOUR_MAX, the presence of a
 * thousand occupants, and one in FAVOUR_PART of the bytes taken meanwhile. */
#define FAVOUR_MAX  (256u * 1024u)
#define FAVOUR_PART 16u

void outbox_configure(struct outbox *outbox, const struct outbox_limits *limits)
{
    coven_assert(limits->low <= limits->high);
    outbox->limits = *limits;
}

struct outbox *outbox_new(const struct outbox_limits *limits, const struct hash_seed *seed)
{
    struct outbox *outbox = mem_new(sizeof *outbox);
    outbox_configure(outbox, limits);
    outbox->seed = *seed;
    return outbox;
}

/* ---- Weight ---- */

static void outbox_mark(struct outbox *outbox)
{
    if (outbox->queued > outbox->limits.high)
        outbox->full = true;
    else if (outbox->queued < outbox->limits.low || outbox->queued == 0)
        outbox->full = false;
}

static void outbox_forget(struct outbox *outbox, struct job *job)
{
    outbox->queued -= job_weight(job);
    job_lane(job)->load -= job->load;
    outbox_mark(outbox);
    job_free(job);
}

uint64_t lane_load(const struct lane *lane)
{
    return lane->load;
}

struct outbox_tally outbox_tally(const struct outbox *outbox)
{
    return outbox->tally;
}

const uint64_t *outbox_sent(const struct outbox *outbox)
{
    return outbox->sent;
}

size_t outbox_queued(const struct outbox *outbox)
{
    return outbox->queued;
}

bool outbox_is_full(const struct outbox *outbox)
{
    return outbox->full;
}

bool outbox_is_overfull(const struct outbox *outbox)
{
    return outbox->queued > 2 * outbox->limits.high;
}

/* ---- Staging ---- */

static void outbox_stage(struct outbox *outbox, struct job *job)
{
    struct lane *lane = job_lane(job);
    coven_assert(lane->outbox == outbox);
    lane->staged++;
    job->hurries = outbox->hurries;
    job->awaited = outbox->awaited != OUTBOX_NOT_AWAITED;
    job->newcomer = outbox->awaited == OUTBOX_AWAITED_BY_NEWCOMER;
    job->departures = lane->departures;
    if (!lane->jobs.first || job->hurries)
        outbox->pressing = true;
    job_push(&outbox->staged, job);
    job->load = job_load(job);
    lane->load += job->load;
    outbox->tally.load += job->load;
    outbox->queued += job_weight(job);
    outbox_mark(outbox);
}

static void send_to(struct outbox *outbox, struct lane *lane, struct rendered *stanza,
                    struct blob *address, bool sees_real)
{
    struct job *job = job_new_send(lane);
    job->stanza = stanza;
    job->address = address;
    job->sees_real = sees_real;
    job->author = outbox->author;
    outbox->tally.answers += rendered_copy_len(stanza, address, sees_real);
    outbox_stage(outbox, job);
}

void outbox_send(struct outbox *outbox, struct lane *lane, struct rendered *stanza)
{
    coven_assert(stanza->to_at == RENDERED_NO_TO);
    send_to(outbox, lane, stanza, NULL, false);
}

void outbox_deliver(struct outbox *outbox, struct lane *lane, struct rendered *stanza,
                    struct blob *address, bool sees_real)
{
    coven_assert(stanza->to_at != RENDERED_NO_TO);
    coven_assert(address && address->len <= OUTBOX_ADDRESS_MAX);
    send_to(outbox, lane, stanza, blob_ref(address), sees_real);
}

static void fan(struct outbox *outbox, enum job_kind kind, struct audience *audience,
                struct rendered *stanza, uint32_t except)
{
    coven_assert(stanza->to_at != RENDERED_NO_TO);
    struct job *job = job_new_on(kind, audience);
    job->stanza = stanza;
    job->except = except;
    job->author = outbox->author;
    outbox_stage(outbox, job);
}

void outbox_fan(struct outbox *outbox, struct audience *audience, struct rendered *stanza,
                uint32_t except)
{
    fan(outbox, JOB_FAN, audience, stanza, except);
}

void outbox_fan_moderators(struct outbox *outbox, struct audience *audience,
                           struct rendered *stanza, uint32_t except)
{
    fan(outbox, JOB_FAN_MODERATORS, audience, stanza, except);
}

void outbox_crowd(struct outbox *outbox, struct audience *audience, struct blob *address,
                  bool sees_real, uint32_t except)
{
    coven_assert(address->len <= OUTBOX_ADDRESS_MAX);
    struct job *job = job_new_on(JOB_CROWD, audience);
    job->address = blob_ref(address);
    job->sees_real = sees_real;
    job->except = except;
    job->author = outbox->author;
    outbox_stage(outbox, job);
}

void outbox_speak(struct outbox *outbox, uint32_t author)
{
    outbox->author = author;
}

void outbox_hurry(struct outbox *outbox, bool hurries)
{
    outbox->hurries = hurries;
}

void outbox_await(struct outbox *outbox, enum outbox_awaited awaited)
{
    outbox->awaited = awaited;
}

void outbox_silence(struct outbox *outbox, struct lane *lane, uint32_t author)
{
    outbox_stage(outbox, job_new_silence(lane, author));
}

/* ---- The rings of lanes with work ---- */

/* Does the lane have awaited jobs that are no flood? */
static bool lane_is_favoured(const struct lane *lane)
{
    uint64_t meanwhile = lane->outbox->taken - lane->entered;
    return lane->awaited > 0 && lane->favoured < FAVOUR_MAX + meanwhile / FAVOUR_PART;
}

static struct ring *lane_ring(const struct lane *lane)
{
    if (lane->goes_first)
        return &lane->outbox->rings[RING_FIRST];
    return &lane->outbox->rings[lane_is_favoured(lane) ? RING_AWAITED : RING_OTHERS];
}

static void ring_add(struct lane *lane)
{
    lane->ring = lane_ring(lane);
    DL_APPEND(lane->ring->first, lane);
    lane->ring->len++;
}

static void ring_remove(struct lane *lane)
{
    if (lane->ring->first == lane)
        lane->ring->used = 0;
    DL_DELETE(lane->ring->first, lane);
    lane->ring->len--;
    lane->ring = NULL;
}

static void ring_enter(struct lane *lane)
{
    lane_ref(lane);
    lane->favoured = 0;
    lane->entered = lane->outbox->taken;
    ring_add(lane);
}

static void ring_leave(struct lane *lane)
{
    ring_remove(lane);
    if (lane->staged > 0)
        lane->outbox->pressing = true;
    lane_unref(lane);
}

/* Moves the lane to the end of the ring where it belongs now. */
static void ring_rotate(struct lane *lane)
{
    ring_remove(lane);
    ring_add(lane);
}

static void lane_forget(struct lane *lane, struct job *job)
{
    lane->outbox->waiting[job->side]--;
    lane->awaited -= job->awaited;
    outbox_forget(lane->outbox, job);
}

static void lane_forget_first(struct lane *lane)
{
    lane_forget(lane, job_pop(&lane->jobs));
}

/* ---- The end of a turn ---- */

static struct job *outbox_unstage(struct outbox *outbox)
{
    struct job *job = job_pop(&outbox->staged);
    job_lane(job)->staged--;
    outbox->pressing = outbox->pressing && outbox->staged.first;
    return job;
}

static void lane_add(struct lane *lane, struct job *job)
{
    struct outbox *outbox = lane->outbox;
    lane->awaited += job->awaited;
    if (!lane->jobs.first)
        ring_enter(lane);
    else if (job->awaited && lane->ring != lane_ring(lane))
        ring_rotate(lane);
    if (job->newcomer && job->author == 0)
        job_push_ahead(&lane->jobs, job);
    else if (job->hurries && job->author == 0)
        job_push_before_talk(&lane->jobs, job);
    else
        job_push(&lane->jobs, job);
    job->side = outbox->side;
    outbox->waiting[job->side]++;
}

/* Drops a list of jobs that were removed from the lane. May free the lane. */
static void lane_forget_all(struct lane *lane, struct job *job)
{
    for (struct job *next; job; job = next) {
        next = job->next;
        lane_forget(lane, job);
    }
    if (!lane->jobs.first)
        ring_leave(lane);
}

static void lane_silence(struct lane *lane, uint32_t author)
{
    if (lane->jobs.first)
        lane_forget_all(lane, job_take_talk(&lane->jobs, author));
}

void outbox_forget_presence(struct outbox *outbox)
{
    for (int i = 0; i < RINGS; i++) {
        struct lane *lane = outbox->rings[i].first, *next;
        for (; lane; lane = next) {
            next = lane->next;
            lane_forget_all(lane, job_take_presence(&lane->jobs));
        }
    }
}

void outbox_commit(struct outbox *outbox)
{
    while (outbox->staged.first) {
        struct job *job = outbox_unstage(outbox);
        if (job->kind != JOB_SILENCE) {
            lane_add(job_lane(job), job);
            continue;
        }
        lane_silence(job->lane, job->author);
        outbox_forget(outbox, job);
    }
}

void outbox_drop(struct outbox *outbox)
{
    while (outbox->staged.first)
        outbox_forget(outbox, outbox_unstage(outbox));
}

/* ---- Taking ---- */

/* The share of a lane: small enough, if possible, for every lane with work to get into the slice.
 */
static size_t outbox_share(const struct outbox *outbox, size_t aim)
{
    size_t len = outbox->rings[RING_AWAITED].len + outbox->rings[RING_OTHERS].len;
    size_t share = aim / (len ? len : 1);
    if (share < SHARE_MIN)
        return SHARE_MIN;
    return share < SHARE_MAX ? share : SHARE_MAX;
}

/* Favoured lanes go first, but one in this many turns belongs to the other lanes, so nobody can
 * hold them up with requests. */
#define TURNS 3

static struct ring *outbox_ring(struct outbox *outbox)
{
    struct ring *awaited = &outbox->rings[RING_AWAITED], *others = &outbox->rings[RING_OTHERS];
    if (outbox->rings[RING_FIRST].first)
        return &outbox->rings[RING_FIRST];
    if (!awaited->first || !others->first)
        return awaited->first ? awaited : others;
    return outbox->turn == TURNS - 1 ? others : awaited;
}

static void lane_fill(struct lane *lane, struct slice *slice)
{
    while (lane->jobs.first && job_fill(lane->jobs.first, slice))
        lane_forget_first(lane);
}

/* Returns false if the lane's next stanza does not fit. The lane then stays in front, and begins
 * the next slice with the rest of its share: slices may be small. */
static bool ring_serve(struct outbox *outbox, struct ring *ring, struct slice *slice)
{
    struct lane *lane = ring->first;
    slice->lane_used = ring->used;
    lane_fill(lane, slice);
    size_t taken = slice->lane_used - ring->used;
    outbox->taken += taken;
    if (lane->awaited > 0 && ring == &outbox->rings[RING_AWAITED])
        lane->favoured += taken;
    ring->used = slice->lane_used;
    if (!lane->jobs.first)
        ring_leave(lane);
    else if (!slice->full)
        ring_rotate(lane);
    if (slice->full)
        return false;
    outbox->turn = (outbox->turn + 1) % TURNS;
    return true;
}

size_t outbox_take(struct outbox *outbox, char *slice, size_t size, uint64_t most,
                   uint64_t *weight_r)
{
    struct slice out = {.data = slice, .size = size, .most = most};
    out.multi = outbox->multiplies ? &outbox->multi : NULL;
    out.aim = size < OUTBOX_SLICE_AIM ? size : OUTBOX_SLICE_AIM;
    out.lane_share = outbox_share(outbox, most < out.aim ? most : out.aim);
    while (outbox_has_work(outbox) && !out.tired && ring_serve(outbox, outbox_ring(outbox), &out))
        ;
    coven_assert(out.used > 0 || !out.full);
    if (out.used == 0 && out.tired)
        slice[out.used++] = ' ';
    for (int i = 0; i < OUTBOX_KINDS; i++)
        outbox->sent[i] += out.sent[i];
    *weight_r = out.weight;
    return out.used;
}

bool outbox_draw_line(struct outbox *outbox)
{
    if (!outbox_is_past_line(outbox))
        return false;
    outbox->side = !outbox->side;
    return true;
}

bool outbox_is_past_line(const struct outbox *outbox)
{
    return outbox->waiting[!outbox->side] == 0;
}

bool outbox_has_work(const struct outbox *outbox)
{
    for (int i = 0; i < RINGS; i++) {
        if (outbox->rings[i].first)
            return true;
    }
    return false;
}

bool outbox_is_pressing(const struct outbox *outbox)
{
    return outbox->pressing;
}

void outbox_free(struct outbox *outbox)
{
    if (!outbox)
        return;
    outbox_drop(outbox);
    while (outbox_has_work(outbox)) {
        struct lane *lane = outbox_ring(outbox)->first;
        while (lane->jobs.first)
            lane_forget_first(lane);
        ring_leave(lane);
    }
    coven_assert(outbox->lanes.count == 0);
    buf_free(&outbox->multi.to);
    buf_free(&outbox->multi.open);
    free(outbox);
}
