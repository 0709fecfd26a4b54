#include "user.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "service_state.h"

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
    table_add(&service->users, &user->link, hash_span(&service->seed, bare));
    return user;
}

/* Frees the user if nothing is counted any more. */
static void forget(struct service *service, struct user *user)
{
    if (user->sessions > 0 || user->whispers > 0)
        return;
    table_remove(&service->users, &user->link);
    free(user);
}

struct user *user_of(struct service *service, struct span bare)
{
    struct user *user = find(service, bare);
    return user ? user : user_new(service, bare);
}

void user_enter(struct user *user)
{
    user->sessions++;
}

void user_leave(struct service *service, struct user *user)
{
    user->sessions--;
    forget(service, user);
}

void user_whisper(struct user *user)
{
    user->whispers++;
}

void user_unwhisper(struct service *service, struct user *user)
{
    user->whispers--;
    forget(service, user);
}

unsigned user_sessions(const struct service *service, struct span bare)
{
    const struct user *user = find(service, bare);
    return user ? user->sessions : 0;
}
