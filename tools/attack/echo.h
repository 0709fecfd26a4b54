/*
 * A component that sends back what two of the honest people send to it. A message takes the same
 * way as one to a room, but without the service: its delay is the server's share.
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

/* Attaches to the server. False: one line of `why`. */
bool echo_begin(struct echo *echo, const struct options *options, struct buf *why);
void echo_end(struct echo *echo);

/* Which of the two sends the message of that number. */
static inline uint32_t echo_speaker(uint32_t number)
{
    return number % 2;
}

#endif
