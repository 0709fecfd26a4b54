#include "user.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/mem.h"
#include "service_state.h"

#define SWEEP_MAX 10000 /* at once: a few milliseconds */

static bool has_bare(const struct table_link *link, struct span bare)
{
    return span_is(bare, TABLE_ITEM(link, const struct user, link)->bare);
}

static struct user *find(const struct service *service, struct span bare)
{
    unsigned hash = hash_span(&service->seed, bare);
    struct table_link *link = table_find(&service->users, hash, has_bare, bare);
    return link ? TABLE_ITEM(link, struct user, link) : NULL;
}

static struct user *user_new(struct service *service, struct span bare)
{
    struct user *user = mem_new(sizeof *user + bare.len + 1);
    memcpy(user->bare, bare.at, bare.len);
    user->bucket.at_ms = service->mono_ms;
    table_add(&service->users, &user->link, hash_span(&service->seed, bare));
    DL_APPEND(service->resting, user);
    return user;
}

static void forget(struct service *service, struct user *user)
{
    table_remove(&service->users, &user->link);
    free(user);
}

static bool is_rested(struct service *service, struct user *user)
{
    return bucket_is_full(&user->bucket, service->settings.limits.user_rate, service->mono_ms);
}

struct user *user_of(struct service *service, struct span bare)
{
    struct user *user = find(service, bare);
    return user ? user : user_new(service, bare);
}

void user_enter(struct service *service, struct user *user)
{
    if (user->sessions++ == 0)
        DL_DELETE(service->resting, user);
}

void user_leave(struct service *service, struct user *user)
{
    if (--user->sessions > 0)
        return;
    if (is_rested(service, user))
        forget(service, user);
    else
        DL_APPEND(service->resting, user);
}

unsigned user_sessions(const struct service *service, struct span bare)
{
    const struct user *user = find(service, bare);
    return user ? user->sessions : 0;
}

bool user_admit(struct service *service, struct span bare)
{
    const struct service_limits *limits = &service->settings.limits;
    struct user *user = limits->user_rate ? find(service, bare) : NULL;
    return !user ||
           bucket_take(&user->bucket, limits->user_rate, limits->user_burst, service->mono_ms);
}

/* Once around, or a part of that: who stays goes to the end. */
void users_sweep(struct service *service, bool all)
{
    unsigned left = all ? UINT_MAX : SWEEP_MAX;
    struct user *user, *first_kept = NULL;
    for (; (user = service->resting) && user != first_kept && left > 0; left--) {
        DL_DELETE(service->resting, user);
        if (all || is_rested(service, user)) {
            forget(service, user);
            continue;
        }
        DL_APPEND(service->resting, user);
        if (!first_kept)
            first_kept = user;
    }
}
