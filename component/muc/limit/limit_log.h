/* Logs the limits that users exceed: the first time at once, further ones in one line a minute. */
#ifndef MUC_LIMIT_LOG_H
#define MUC_LIMIT_LOG_H

#include <stdint.h>

#include "coven/span.h"

#define LIMIT_LOG_USERS 64

struct service;

/* A user who exceeded a limit within the last minute. */
struct limit_hit {
    char *user;        /* bare JID; NULL: the entry is free */
    const char *limit; /* the limit exceeded last; a string constant */
    unsigned repeats;  /* times since the last log line */
    int64_t logged_ms;
};

struct limit_log {
    struct limit_hit hits[LIMIT_LOG_USERS];
    unsigned others; /* times a limit was exceeded by users for whom no entry was free */
    int64_t others_logged_ms;
};

/* Notes that the user exceeded a limit. `limit` is a string constant: a key of [limits], or a few
 * words if there is no key. */
void limit_log_hit(struct service *service, struct span user, const char *limit);

/* Logs how often limits were exceeded again. Called once a second. */
void limit_log_tick(struct service *service);

void limit_log_free(struct limit_log *log);

#endif
