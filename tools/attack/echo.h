/*
 * A component that does nothing but send back what two of the honest send to it. What it takes for
 * a message to come back is the server's own share of what a message to a room takes: the same way,
 * without the service.
 */
#ifndef ATTACK_ECHO_H
#define ATTACK_ECHO_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "options.h"
#include "wire/net.h"

struct echo {
    const struct options *options;
    struct net net;
    atomic_bool over;
    pthread_t thread;
    bool running;
};

/* Attaches to the server. False: a line of `why`. */
bool echo_begin(struct echo *echo, const struct options *options, struct buf *why);
void echo_end(struct echo *echo);

/* Which of the two sends the message of that number. */
static inline uint32_t echo_speaker(uint32_t number)
{
    return number % 2;
}

#endif
