#include "user.h"

#include <stdlib.h>
#include <utlist.h>

#include "service_state.h"

static struct user *find(const struct service *service, struct span bare)
{
    struct user *user = NULL;
    unsigned hash = hash_span(&service->seed, bare);
    HASH_FIND_BYHASHVALUE(hh, service->users, bare.at, bare.len, hash, user);
    return user;
}

static void forget(struct service *service, struct user *user)
{
    HASH_DEL(service->users, user);
    free(user->bare);
    free(user);
}

static bool is_rested(struct service *service, struct user *user)
{
    return bucket_is_full(&user->bucket, service->settings.limits.user_rate, service->mono_ms);
}

void user_enter(struct service *service, struct span bare)
{
    struct user *user = find(service, bare);
    if (!user) {
        user = mem_new(sizeof *user);
        user->bare = mem_copy(bare.at, bare.len);
        user->bucket.at_ms = service->mono_ms;
        HASH_ADD_KEYPTR_BYHASHVALUE(hh, service->users, user->bare, bare.len,
                                    hash_span(&service->seed, bare), user);
    } else if (user->sessions == 0) {
        DL_DELETE(service->resting, user);
    }
    user->sessions++;
}

void user_leave(struct service *service, struct span bare)
{
    struct user *user = find(service, bare);
    if (!user || --user->sessions > 0)
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

void users_sweep(struct service *service, bool all)
{
    struct user *user, *next;
    DL_FOREACH_SAFE (service->resting, user, next) {
        if (!all && !is_rested(service, user))
            continue;
        DL_DELETE(service->resting, user);
        forget(service, user);
    }
}
