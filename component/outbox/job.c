#include <stdlib.h>

#include "outbox_parts.h"

/* A slot and what it points at are elsewhere in memory in a large room: asked for that far ahead.
 */
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

struct job *job_new_on(enum job_kind kind, struct roster *roster)
{
    struct job *job = job_new(kind);
    job->roster = roster;
    roster_enter(roster, job);
    return job;
}

struct lane *job_lane(const struct job *job)
{
    return job->kind == JOB_SEND ? job->lane : job->roster->lane;
}

void job_free(struct job *job)
{
    if (job->kind == JOB_SEND)
        lane_unref(job->lane);
    else
        roster_leave(job->roster, job);
    if (job->kind == JOB_CROWD)
        blob_unref(job->address);
    else
        rendered_unref(job->stanza);
    free(job);
}

void job_push(struct job_queue *queue, struct job *job)
{
    job->next = NULL;
    if (queue->first)
        queue->last->next = job;
    else
        queue->first = job;
    queue->last = job;
}

struct job *job_pop(struct job_queue *queue)
{
    struct job *job = queue->first;
    queue->first = job->next;
    return job;
}

size_t job_weight(const struct job *job)
{
    return sizeof *job + (job->kind == JOB_CROWD ? 0 : job->stanza->len);
}

/* The next slot that was open at the job's moment and is not excepted, or NULL. */
static const struct slot *job_next(struct job *job)
{
    const struct roster *roster = job->roster;
    for (; job->cursor < roster->count; job->cursor++) {
        const struct slot *slot = &roster->slots[job->cursor];
        if (slot->from > job->moment)
            return NULL;
        if (roster->count - job->cursor > PREFETCH_AHEAD)
            __builtin_prefetch(slot[PREFETCH_AHEAD].address);
        if (job->moment < slot->to && slot->owner != job->except)
            return slot;
    }
    return NULL;
}

static bool send_fill(struct job *job, struct slice *slice)
{
    return slice_put(slice, job->stanza, NULL, false);
}

static bool fan_fill(struct job *job, struct slice *slice)
{
    for (const struct slot *slot; (slot = job_next(job)); job->cursor++)
        if (!slice_put(slice, job->stanza, slot->address, slot->sees_real))
            return false;
    return true;
}

static bool crowd_fill(struct job *job, struct slice *slice)
{
    for (const struct slot *slot; (slot = job_next(job)); job->cursor++)
        if (slot->presence && !slice_put(slice, slot->presence, job->address, job->sees_real))
            return false;
    return true;
}

static bool (*const fill_of[])(struct job *job, struct slice *slice) = {
    [JOB_SEND] = send_fill,
    [JOB_FAN] = fan_fill,
    [JOB_CROWD] = crowd_fill,
};

bool job_fill(struct job *job, struct slice *slice)
{
    return fill_of[job->kind](job, slice);
}
