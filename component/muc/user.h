/* Users as the service knows them across its rooms: who is inside somewhere, and how often. */
#ifndef MUC_USER_H
#define MUC_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/table.h"

struct service;

struct user {
    struct table_link link; /* of the service, by bare JID */
    unsigned sessions;      /* in rooms; never 0 for long */
    char bare[];
};

/* The user of that address, made if the service does not know it. */
struct user *user_of(struct service *service, struct span bare);

/* A session of the user's enters, or leaves, a room. With the last one the user is forgotten. */
void user_enter(struct user *user);
void user_leave(struct service *service, struct user *user);

/* How many sessions the user has in rooms. */
unsigned user_sessions(const struct service *service, struct span bare);

#endif
