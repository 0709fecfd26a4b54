/* One attack while it goes on: who is there, and what is found out. */
#ifndef ATTACK_STAGE_H
#define ATTACK_STAGE_H

#include <stdatomic.h>

#include "attack.h"
#include "bystanders.h"
#include "echo.h"
#include "group.h"
#include "honest.h"
#include "measure.h"
#include "options.h"

#define ATTEMPT_FILLING 102400 /* bytes that mean nothing */

struct attempt {
    const struct options *options;
    const struct attack *attack;
    char here[256], beside[256]; /* the room that is attacked, and one of honest people only */
    char *filling;               /* ATTEMPT_FILLING bytes of text, and a NUL */
    struct group attackers;
    struct bystanders bystanders;
    struct echo echo;
    struct honest honest;
    struct measure measure;
    struct measured measured;
    uint64_t sent_before, stanzas_before, received_before, came_before, errors_before;
    uint64_t bystander_bytes;
    uint32_t cut;      /* connections that the server ended */
    double seconds;    /* that the attack went on */
    struct buf broken; /* the bounds that were, in words */
    struct buf notes;
    atomic_bool done, over; /* the attack is; and nobody needs to read any more */
};

/* Runs an attack from beginning to end. False: it could not be tried, `broken` says why. The stage
 * has the figures; attempt_free() in any case. */
bool attempt_run(struct attempt *attempt, const struct options *options,
                 const struct attack *attack);
void attempt_free(struct attempt *attempt);

/* What an attack is done with. */

/* Says what the row says, for as long and as often as it says, until the server has taken it. */
void attempt_flood(struct attempt *attempt);
/* Waits until the server has read what was written. False: it did not in time. */
bool attempt_settle(struct attempt *attempt);
/* Ended connections are made again, and go into the room again where the row says so. */
bool attempt_return(struct attempt *attempt, uint32_t who);
/* How long this attack goes on. */
uint32_t attempt_seconds(const struct attempt *attempt);

void attempt_broken(struct attempt *attempt, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void attempt_note(struct attempt *attempt, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
