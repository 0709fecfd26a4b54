/* Users across all rooms of the service: how many sessions each has inside, and how many remembered
 * private messages each has sent (private_bounce.h). */
#ifndef MUC_USER_H
#define MUC_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/table.h"

struct service;

struct user {
    struct table_link link; /* in the service's table, by bare JID */
    unsigned sessions;      /* sessions in rooms */
    unsigned whispers;      /* remembered private messages; both are 0 only for a moment */
    char bare[];
};

/* Returns the user of that bare JID, made if the service does not know it. */
struct user *user_of(struct service *service, struct span bare);

/* Count a session that enters or leaves a room, and a private message that is remembered or
 * forgotten. With the last of both the user is freed. */
void user_enter(struct user *user);
void user_leave(struct service *service, struct user *user);
void user_whisper(struct user *user);
void user_unwhisper(struct service *service, struct user *user);

/* Returns the number of sessions that the user has in rooms. */
unsigned user_sessions(const struct service *service, struct span bare);

#endif
