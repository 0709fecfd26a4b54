/* The covend that is started, killed and started again. */
#ifndef CRASH_VICTIM_H
#define CRASH_VICTIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "coven/buf.h"

struct victim {
    const char *program;
    const char *folder; /* with covend.conf and data/; the log goes there as well */
    const char *service, *secret;
    char port[8]; /* of the server that it connects to, on 127.0.0.1 */
    pid_t pid;    /* 0: none runs */
};

/* `seed`: what chance in it comes from (forgetful.h). False: one line of `why`. */
bool victim_start(struct victim *victim, uint64_t seed, struct buf *why);

/* False when it had ended by itself before: one line of `why`. */
bool victim_kill(struct victim *victim, struct buf *why);

/* Lets it end in good order. False when it does not, or has something to complain about. */
bool victim_end(struct victim *victim, struct buf *why);

#endif
