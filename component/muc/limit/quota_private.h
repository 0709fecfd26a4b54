/* What the files of the quota share. */
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
    struct bucket invites; /* an invitation is as many tokens as an hour has seconds */
    struct bucket load;    /* KiB of what the server has to do, in all rooms */
};

/* A user in a room, inside or not; a room that is made anew is another one. */
struct visit_quota {
    struct quota_entry entry;
    struct bucket stanzas, history;
    struct bucket load; /* KiB, as the user's in all rooms */
    int64_t spoke_ms;   /* when the room last took something of the user's */
};

struct quota {
    struct quota_table users, visits;
};

/* What is counted of the user, and of the sender in the request's room. */
struct user_quota *quota_user(struct service *service, struct span bare);
struct visit_quota *quota_visit(const struct request *request);

/* Does it enter the room, or ask for all of it once more? */
bool quota_joins(const struct request *request);

/* Does the sender moderate the room? */
bool quota_exempts(const struct request *request);

/* KiB of load that are made good in a second; 0: it is not known how fast the server is. */
unsigned quota_queue_rate(const struct service *service);

/* The limit for which the request is refused because too much waits; NULL: none. */
const char *quota_queue_refuses(const struct request *request);

#endif
