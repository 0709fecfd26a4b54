#include "task_queue.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/mem.h"
#include "coven/outbox.h"
#include "coven/task.h"
#include "place.h"

#define BEHIND_LOAD (256u * 1024u) /* about two pages */
#define AT_ONCE     4 /* of one user's are being run, or wait for the thread and for nobody else */
#define LEAST_US    100 /* that an task counts: there is work for it before and behind it, too */

struct asker {
    struct table_link link; /* of the queue, by bare JID */
    struct asker *prev, *next;
    struct task *waiting;
    unsigned count; /* of tasks that were not freed yet */
    unsigned out;   /* of them are being run */
    int64_t clock_us;
    char bare[];
};

static bool has_bare(const struct table_link *link, struct span bare)
{
    return span_is(bare, TABLE_ITEM(link, const struct asker, link)->bare);
}

static struct asker *find(const struct task_queue *queue, unsigned hash, struct span bare)
{
    struct table_link *link = table_find(&queue->by_bare, hash, has_bare, bare);
    return link ? TABLE_ITEM(link, struct asker, link) : NULL;
}

static struct asker *asker_new(struct task_queue *queue, unsigned hash, struct span bare)
{
    struct asker *asker = mem_new(sizeof *asker + bare.len + 1);
    memcpy(asker->bare, bare.at, bare.len);
    table_add(&queue->by_bare, &asker->link, hash);
    DL_APPEND(queue->askers, asker);
    return asker;
}

static void forget(struct task_queue *queue, struct asker *asker)
{
    table_remove(&queue->by_bare, &asker->link);
    DL_DELETE(queue->askers, asker);
    free(asker);
}

bool task_queue_is_admitted(const struct task_queue *queue, const struct hash_seed *seed,
                            struct span bare, unsigned all, unsigned own)
{
    const struct asker *asker = find(queue, hash_span(seed, bare), bare);
    return place_allows(asker ? asker->count : 0, own, queue->count, all);
}

void task_queue_take_place(struct task_queue *queue, const struct hash_seed *seed, struct span bare,
                           struct task *task)
{
    unsigned hash = hash_span(seed, bare);
    struct asker *asker = find(queue, hash, bare);
    if (!asker)
        asker = asker_new(queue, hash, bare);
    if (asker->count++ == 0) {
        queue->busy++;
        if (asker->clock_us < queue->clock_us)
            asker->clock_us = queue->clock_us;
    }
    queue->count++;
    task->asker = asker;
}

void task_queue_wait(struct task *task)
{
    DL_APPEND(task->asker->waiting, task);
}

static bool is_ready(const struct asker *asker, const struct outbox *outbox)
{
    return asker->waiting && asker->out < AT_ONCE &&
           (!outbox || outbox_load(outbox, span_of(asker->bare)) < BEHIND_LOAD);
}

/* Whose clock is behind all others; of several, who was not served for the longest time. Those of
 * whom nothing needs to be remembered are met on the way. */
static struct asker *find_next(struct task_queue *queue, const struct outbox *outbox)
{
    struct asker *asker, *following, *best = NULL;
    DL_FOREACH_SAFE (queue->askers, asker, following) {
        bool sooner = !best || asker->clock_us < best->clock_us;
        if (asker->count == 0 && asker->clock_us <= queue->clock_us)
            forget(queue, asker);
        else if (sooner && is_ready(asker, outbox))
            best = asker;
    }
    return best;
}

struct task *task_queue_next(struct task_queue *queue, const struct outbox *outbox)
{
    struct asker *asker = find_next(queue, outbox);
    if (!asker)
        return NULL;
    struct task *task = asker->waiting;
    DL_DELETE(asker->waiting, task);
    DL_DELETE(queue->askers, asker);
    DL_APPEND(queue->askers, asker);
    asker->out++;
    if (queue->clock_us < asker->clock_us)
        queue->clock_us = asker->clock_us;
    return task;
}

void task_queue_free_place(struct task_queue *queue, struct task *task)
{
    struct asker *asker = task->asker;
    if (task->taken) {
        int64_t used_us = task->used_us + LEAST_US;
        asker->out--;
        asker->clock_us += used_us;
        queue->clock_us += used_us / queue->busy;
    }
    asker->count--;
    queue->count--;
    queue->busy -= asker->count == 0;
}

void task_queue_free_all(struct task_queue *queue)
{
    while (queue->askers)
        forget(queue, queue->askers);
}
