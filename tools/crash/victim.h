/* The covend that is started, killed and started again. */
#ifndef CRASH_VICTIM_H
#define CRASH_VICTIM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "coven/buf.h"

struct victim {
    const char *program;
    const char *folder; /* holds covend.conf, data/ and covend.log */
    const char *service, *secret;
    char port[8]; /* of the server that it connects to, on 127.0.0.1 */
    pid_t pid;    /* 0: it does not run */
};

/* Starts it. `seed` is that of the forgetful disk (forgetful.h). False: one line of `why`. */
bool victim_start(struct victim *victim, uint64_t seed, struct buf *why);

/* Kills it. False: it had ended by itself before, with one line of `why`. */
bool victim_kill(struct victim *victim, struct buf *why);

/* Ends it with SIGTERM. False: it did not end, or ended badly, with one line of `why`. */
bool victim_end(struct victim *victim, struct buf *why);

#endif
