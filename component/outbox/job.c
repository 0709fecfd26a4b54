#include <stdlib.h>

#include "coven/stored_xml.h"
#include "outbox_parts.h"

/* Addresses of a large room are scattered in memory: prefetch this many slots ahead. */
#define PREFETCH_AHEAD 6

static struct job *job_new(enum job_kind kind)
{
    struct job *job = mem_new(sizeof *job);
    job->kind = (uint8_t)kind;
    return job;
}

struct job *job_new_send(struct lane *lane)
{
    struct job *job = job_new(JOB_SEND);
    job->lane = lane_ref(lane);
    return job;
}

struct job *job_new_silence(struct lane *lane, uint32_t author)
{
    struct job *job = job_new(JOB_SILENCE);
    job->lane = lane_ref(lane);
    job->author = author;
    return job;
}

static bool is_fan(const struct job *job)
{
    return job->kind == JOB_FAN || job->kind == JOB_FAN_MODERATORS;
}

static bool is_on_audience(const struct job *job)
{
    return is_fan(job) || job->kind == JOB_CROWD;
}

struct job *job_new_on(enum job_kind kind, struct audience *audience)
{
    struct job *job = job_new(kind);
    job->audience = audience;
    audience_enter(audience, job);
    return job;
}

struct lane *job_lane(const struct job *job)
{
    return is_on_audience(job) ? job->audience->lane : job->lane;
}

void job_free(struct job *job)
{
    if (is_on_audience(job))
        audience_leave(job->audience, job);
    else
        lane_unref(job->lane);
    rendered_unref(job->stanza);
    blob_unref(job->address);
    free(job);
}

/* If `job` is the first one after a departure, all jobs in the queue were staged before that. */
static void note_departure(struct job_queue *queue, const struct job *job)
{
    if (job->departures == queue->departures)
        return;
    queue->departures = job->departures;
    queue->ahead = queue->first ? queue->last : NULL;
    queue->firm_behind = false;
}

void job_push(struct job_queue *queue, struct job *job)
{
    note_departure(queue, job);
    job->next = NULL;
    if (queue->first)
        queue->last->next = job;
    else
        queue->first = job;
    queue->last = job;
    if (job->author) {
        queue->talk++;
        return;
    }
    queue->firm = job;
    queue->firm_behind = true;
}

struct job *job_pop(struct job_queue *queue)
{
    struct job *job = queue->first;
    queue->first = job->next;
    if (job->author)
        queue->talk--;
    else if (queue->firm == job)
        queue->firm = NULL;
    if (queue->ahead == job)
        queue->ahead = NULL;
    return job;
}

/* Inserts after `behind`, which is not the last (NULL: at the beginning). */
static void insert(struct job_queue *queue, struct job *behind, struct job *job)
{
    struct job **link = behind ? &behind->next : &queue->first;
    job->next = *link;
    *link = job;
}

void job_push_before_talk(struct job_queue *queue, struct job *job)
{
    note_departure(queue, job);
    if (queue->talk == 0 || queue->firm == queue->last) {
        job_push(queue, job);
        return;
    }
    insert(queue, queue->firm, job);
    queue->firm_behind = queue->firm_behind || queue->firm == queue->ahead;
    queue->firm = job;
}

void job_push_ahead(struct job_queue *queue, struct job *job)
{
    note_departure(queue, job);
    bool is_last = !queue->first || queue->ahead == queue->last;
    if (is_last)
        job_push(queue, job);
    else
        insert(queue, queue->ahead, job);
    if (is_last || !queue->firm_behind || !queue->firm) {
        queue->firm = job;
        queue->firm_behind = false;
    }
    queue->ahead = job;
}

/* Moves the job after `before` (NULL: the first one) to the front of `list`. */
static struct job *take_out(struct job_queue *queue, struct job *before, struct job *list)
{
    struct job **link = before ? &before->next : &queue->first, *job = *link;
    *link = job->next;
    if (queue->last == job)
        queue->last = before;
    if (queue->ahead == job)
        queue->ahead = before;
    queue->talk -= job->author != 0;
    job->next = list;
    return job;
}

struct job *job_take_talk(struct job_queue *queue, uint32_t author)
{
    struct job *taken = NULL, *before = NULL, *job = queue->first, *next;
    for (uint32_t left = queue->talk; left > 0; job = next) {
        next = job->next;
        left -= job->author != 0;
        if (job->author == author)
            taken = take_out(queue, before, taken);
        else
            before = job;
    }
    return taken;
}

/* Errors are no presence: a refusal is sent once, like a message. */
static bool is_presence(const struct job *job)
{
    struct stored_xml stanza;
    if (job->kind == JOB_CROWD)
        return true;
    return job->stanza &&
           stored_xml_open((struct span){job->stanza->bytes, job->stanza->len}, &stanza) &&
           span_is(stanza.name, "presence") &&
           !stored_xml_attr_is(&stanza, "type", span_of("error"));
}

/* Finds the new `firm`. */
static void find_firm(struct job_queue *queue)
{
    bool is_behind = !queue->ahead;
    queue->firm = NULL;
    for (struct job *job = queue->first; job; job = job->next) {
        if (job->author == 0) {
            queue->firm = job;
            queue->firm_behind = is_behind;
        }
        is_behind = is_behind || job == queue->ahead;
    }
}

struct job *job_take_presence(struct job_queue *queue)
{
    struct job *taken = NULL, *before = NULL, *job = queue->first, *next;
    for (; job; job = next) {
        next = job->next;
        if (is_presence(job))
            taken = take_out(queue, before, taken);
        else
            before = job;
    }
    find_firm(queue);
    return taken;
}

/* Bytes of a JOB_SEND's only copy. */
static size_t sent_len(const struct job *job)
{
    return rendered_copy_len(job->stanza, job->address, job->sees_real);
}

size_t job_weight(const struct job *job)
{
    if (job->kind == JOB_SEND)
        return sizeof *job + sent_len(job);
    return sizeof *job + (job->stanza ? job->stanza->len : 0);
}

/* Of a fan to `count` recipients, of whom `locals` are local. */
static uint64_t fan_load(const struct job *job, uint32_t count, uint32_t locals)
{
    uint64_t copy = OUTBOX_COPY_WEIGHT + job->stanza->len;
    const struct outbox *outbox = job->audience->lane->outbox;
    bool multiplies = outbox->multiplies && locals > 1 && multi_takes(&outbox->multi, job->stanza);
    return copy * count -
           (multiplies ? copy * locals / MULTI_WEIGHT_PART * (MULTI_WEIGHT_PART - 1) : 0);
}

uint64_t job_load(const struct job *job)
{
    const struct audience *audience = job->audience;
    switch ((enum job_kind)job->kind) {
    case JOB_SEND:
        return OUTBOX_COPY_WEIGHT + sent_len(job);
    case JOB_FAN:
        return fan_load(job, audience_open(audience), audience->locals);
    case JOB_FAN_MODERATORS:
        return fan_load(job, audience->moderators, 0);
    case JOB_CROWD:
        return audience_open(audience) * (uint64_t)OUTBOX_COPY_WEIGHT + audience->shown;
    case JOB_SILENCE:
        break;
    }
    return 0;
}

const struct slot *job_next(struct job *job)
{
    const struct audience *audience = job->audience;
    for (; job->cursor < audience->count; job->cursor++) {
        const struct slot *slot = &audience->slots[job->cursor];
        if (slot->from > job->moment)
            return NULL;
        if (audience->count - job->cursor > PREFETCH_AHEAD)
            __builtin_prefetch(slot[PREFETCH_AHEAD].address);
        if (job->moment < slot->to && slot->owner != job->except)
            return slot;
    }
    return NULL;
}

static bool send_fill(struct job *job, struct slice *slice)
{
    return slice_put(slice, job->stanza, job->address, job->sees_real);
}

static bool fan_fill(struct job *job, struct slice *slice)
{
    for (const struct slot *slot; (slot = job_next(job)); job->cursor++)
        if (!slice_put(slice, job->stanza, slot->address, slot->sees_real))
            return false;
    return true;
}

#define PASSED_MAX 100000 /* slots in a slice: about a millisecond */

bool slice_pass_over(struct slice *slice)
{
    slice->tired = ++slice->passed > PASSED_MAX;
    return !slice->tired;
}

static bool fan_moderators_fill(struct job *job, struct slice *slice)
{
    for (const struct slot *slot; (slot = job_next(job)); job->cursor++)
        if (slot->moderator ? !slice_put(slice, job->stanza, slot->address, slot->sees_real)
                            : !slice_pass_over(slice))
            return false;
    return true;
}

static bool crowd_fill(struct job *job, struct slice *slice)
{
    for (const struct slot *slot; (slot = job_next(job)); job->cursor++)
        if (slot->presence ? !slice_put(slice, slot->presence, job->address, job->sees_real)
                           : !slice_pass_over(slice))
            return false;
    return true;
}

static bool (*const fill_of[])(struct job *job, struct slice *slice) = {
    [JOB_SEND] = send_fill,
    [JOB_FAN] = fan_fill,
    [JOB_FAN_MODERATORS] = fan_moderators_fill,
    [JOB_CROWD] = crowd_fill,
};

bool job_fill(struct job *job, struct slice *slice)
{
    if (!job->begun)
        job->grouped = slice->multi && is_fan(job) && job->audience->locals > 1;
    bool done = job->grouped ? multi_fill(job, slice) : fill_of[job->kind](job, slice);
    if (is_on_audience(job) && !job->begun && (job->cursor > 0 || job->group > 0)) {
        job->begun = true;
        job->audience->begun++;
    }
    return done;
}
