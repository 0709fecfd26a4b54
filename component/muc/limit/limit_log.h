/* What the log says of limits that users run into: a line at once, then one a minute. */
#ifndef MUC_LIMIT_LOG_H
#define MUC_LIMIT_LOG_H

#include <stdint.h>

#include "coven/span.h"

#define LIMIT_LOG_USERS 64

struct service;

/* A user who ran into a limit not long ago. */
struct limit_hit {
    char *user;        /* bare JID; NULL: the place is free */
    const char *limit; /* the last one; constant */
    unsigned more;     /* times since the last line */
    int64_t told_ms;
};

struct limit_log {
    struct limit_hit hits[LIMIT_LOG_USERS];
    unsigned others; /* times that users ran into one while no place was free */
    int64_t others_told_ms;
};

/* `limit` is the name of a key of [limits], or says in a word or two what it is. */
void limit_log_hit(struct service *service, struct span user, const char *limit);

/* Says how often it happened again. */
void limit_log_tick(struct service *service);

void limit_log_free(struct limit_log *log);

#endif
