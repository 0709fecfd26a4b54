/* Users as the service knows them across its rooms: who is inside somewhere, and how often; and who
 * wrote private messages that are remembered (whisper.h). */
#ifndef MUC_USER_H
#define MUC_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/table.h"

struct service;

struct user {
    struct table_link link; /* of the service, by bare JID */
    unsigned sessions;      /* in rooms */
    unsigned whispers;      /* one of the two is never 0 for long */
    char bare[];
};

/* The user of that address, made if the service does not know it. */
struct user *user_of(struct service *service, struct span bare);

/* A session of the user's enters, or leaves, a room; a private message is remembered, or forgotten.
 * With the last one of both the user is forgotten. */
void user_enter(struct user *user);
void user_leave(struct service *service, struct user *user);
void user_whisper(struct user *user);
void user_unwhisper(struct service *service, struct user *user);

/* How many sessions the user has in rooms. */
unsigned user_sessions(const struct service *service, struct span bare);

#endif
