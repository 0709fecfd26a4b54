/* Bystanders: they are in the attacked room, read what comes, and say nothing. On a thread of their
 * own, so that nobody waits for them. */
#ifndef ATTACK_CROWD_H
#define ATTACK_CROWD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "group.h"

struct bystanders {
    struct group group;
    uint64_t received; /* bytes, when the attack began */
    atomic_bool over;
    pthread_t thread;
    bool running;
};

/* They log in and go into the room. False: a line of `why`. */
bool bystanders_begin(struct bystanders *bystanders, const struct options *options, uint32_t count,
                      const char *room, struct buf *why);
/* What they received since they were in; they end with it. */
uint64_t bystanders_end(struct bystanders *bystanders);

#endif
