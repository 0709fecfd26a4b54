/* Bystanders are in the attacked room, read everything and send nothing. They have a thread of
 * their own, so that nobody waits for them. */
#ifndef ATTACK_BYSTANDERS_H
#define ATTACK_BYSTANDERS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "group.h"

struct bystanders {
    struct group group;
    uint64_t received; /* bytes received before the attack */
    atomic_bool over;
    pthread_t thread;
    bool running;
};

/* They log in and join the room. False: one line of `why`. */
bool bystanders_begin(struct bystanders *bystanders, const struct options *options, uint32_t count,
                      const char *room, struct buf *why);
/* Ends them. Returns the bytes that they received since they were in the room. */
uint64_t bystanders_end(struct bystanders *bystanders);

#endif
