/*
 * Users as the service knows them across its rooms: how many sessions they have inside, and how
 * fast they send. None of it needs to be right after a restart.
 */
#ifndef MUC_USER_H
#define MUC_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/bucket.h"
#include "coven/span.h"
#include "coven/table.h"

struct service;

struct user {
    struct table_link link; /* of the service, by bare JID */
    unsigned sessions;      /* in rooms; 0: kept only until the bucket is full again */
    struct bucket bucket;
    struct user *prev, *next; /* among those without a session */
    char bare[];
};

/* The user of that address, made if the service does not know it. */
struct user *user_of(struct service *service, struct span bare);

/* A session of the user's enters, or leaves, a room. With the last one the user may be forgotten.
 */
void user_enter(struct service *service, struct user *user);
void user_leave(struct service *service, struct user *user);

/* How many sessions the user has in rooms. */
unsigned user_sessions(const struct service *service, struct span bare);

/* May the user send one more stanza that others see? Strangers have no bucket: nobody sees theirs.
 */
bool user_admit(struct service *service, struct span bare);

/* Forgets users who are nowhere inside and whose buckets are full; with `all` everybody. */
void users_sweep(struct service *service, bool all);

#endif
