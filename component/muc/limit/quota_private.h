/* Shared by the files of the quota. */
#ifndef MUC_QUOTA_PRIVATE_H
#define MUC_QUOTA_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/bucket.h"
#include "coven/span.h"
#include "quota_table.h"

struct request;
struct service;

struct user_quota {
    struct quota_entry entry;
    struct bucket stanzas, answers, refusals;
    struct bucket invites; /* in tokens: an invitation costs 3600 */
    struct bucket load;    /* server load that the user caused in all rooms, in KiB of weight */
};

/* A user in one room, inside or not. A room that is destroyed and created again counts as another
 * one. */
struct visit_quota {
    struct quota_entry entry;
    struct bucket stanzas, history;
    struct bucket load; /* server load that the user caused in this room */
    int64_t spoke_ms;   /* when the room last accepted a message of the user */
};

struct quota {
    struct quota_table users, visits;
};

/* Return the entry of a user, and that of the sender in the request's room. */
struct user_quota *quota_user(struct service *service, struct span bare);
struct visit_quota *quota_visit(const struct request *request);

/* Returns whether the request joins the room, for the first time or again. */
bool quota_joins(const struct request *request);

/* Returns whether the sender moderates the room, or without a room administers the service. */
bool quota_exempts(const struct request *request);

/* Returns how much of a user's load is forgiven in a second, in KiB; 0: the server's speed is not
 * known. */
unsigned quota_queue_rate(const struct service *service);

/* Returns the key of the limit that refuses the request because too much is queued; NULL: none. */
const char *quota_queue_refuses(const struct request *request);

#endif
