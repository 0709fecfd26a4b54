#include "task_queue.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/mem.h"
#include "coven/outbox.h"
#include "coven/task.h"
#include "permits.h"

#define UNSENT_MAX  (256u * 1024u) /* weight of a user's unsent answers: about two pages */
#define RUNNING_MAX 4              /* tasks of one user that were taken and not removed yet */
#define OVERHEAD_US 100            /* added to each task for the work before and after it */

struct task_user {
    struct table_link link; /* in the queue's table, by bare JID */
    struct task_user *prev, *next;
    struct task *waiting;
    unsigned count;   /* tasks added and not removed yet */
    unsigned running; /* those of them that were taken */
    int64_t virtual_us;
    char bare[];
};

static bool has_bare(const struct table_link *link, struct span bare)
{
    return span_is(bare, TABLE_ITEM(link, const struct task_user, link)->bare);
}

static struct task_user *find(const struct task_queue *queue, unsigned hash, struct span bare)
{
    struct table_link *link = table_find(&queue->by_bare, hash, has_bare, bare);
    return link ? TABLE_ITEM(link, struct task_user, link) : NULL;
}

static struct task_user *task_user_new(struct task_queue *queue, unsigned hash, struct span bare)
{
    struct task_user *user = mem_new(sizeof *user + bare.len + 1);
    memcpy(user->bare, bare.at, bare.len);
    table_add(&queue->by_bare, &user->link, hash);
    DL_APPEND(queue->users, user);
    return user;
}

static void forget(struct task_queue *queue, struct task_user *user)
{
    table_remove(&queue->by_bare, &user->link);
    DL_DELETE(queue->users, user);
    free(user);
}

bool task_queue_admits(const struct task_queue *queue, const struct hash_seed *seed,
                       struct span bare, unsigned all, unsigned own)
{
    const struct task_user *user = find(queue, hash_span(seed, bare), bare);
    return permits_allow(user ? user->count : 0, own, queue->count, all);
}

void task_queue_add(struct task_queue *queue, const struct hash_seed *seed, struct span bare,
                    struct task *task)
{
    unsigned hash = hash_span(seed, bare);
    struct task_user *user = find(queue, hash, bare);
    if (!user)
        user = task_user_new(queue, hash, bare);
    if (user->count++ == 0) {
        queue->busy++;
        if (user->virtual_us < queue->virtual_us)
            user->virtual_us = queue->virtual_us;
    }
    queue->count++;
    task->user = user;
}

void task_queue_make_ready(struct task *task)
{
    DL_APPEND(task->user->waiting, task);
}

static bool is_ready(const struct task_user *user, const struct outbox *outbox)
{
    return user->waiting && user->running < RUNNING_MAX &&
           (!outbox || outbox_load(outbox, span_of(user->bare)) < UNSENT_MAX);
}

/* The user with the least virtual time; of several, the one who has waited longest since the last
 * task. Users who need not be remembered any more are freed on the way. */
static struct task_user *find_next(struct task_queue *queue, const struct outbox *outbox)
{
    struct task_user *user, *following, *best = NULL;
    DL_FOREACH_SAFE (queue->users, user, following) {
        bool sooner = !best || user->virtual_us < best->virtual_us;
        if (user->count == 0 && user->virtual_us <= queue->virtual_us)
            forget(queue, user);
        else if (sooner && is_ready(user, outbox))
            best = user;
    }
    return best;
}

struct task *task_queue_next(struct task_queue *queue, const struct outbox *outbox)
{
    struct task_user *user = find_next(queue, outbox);
    if (!user)
        return NULL;
    struct task *task = user->waiting;
    DL_DELETE(user->waiting, task);
    DL_DELETE(queue->users, user);
    DL_APPEND(queue->users, user);
    user->running++;
    if (queue->virtual_us < user->virtual_us)
        queue->virtual_us = user->virtual_us;
    return task;
}

void task_queue_remove(struct task_queue *queue, struct task *task)
{
    struct task_user *user = task->user;
    if (task->taken) {
        int64_t used_us = task->used_us + OVERHEAD_US;
        user->running--;
        user->virtual_us += used_us;
        queue->virtual_us += used_us / queue->busy;
    }
    user->count--;
    queue->count--;
    queue->busy -= user->count == 0;
}

void task_queue_free_all(struct task_queue *queue)
{
    while (queue->users)
        forget(queue, queue->users);
}
