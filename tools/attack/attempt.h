/* The course of one attack: who takes part, and the findings. */
#ifndef ATTACK_ATTEMPT_H
#define ATTACK_ATTEMPT_H

#include <stdatomic.h>

#include "attack.h"
#include "bystanders.h"
#include "echo.h"
#include "group.h"
#include "honest.h"
#include "measure.h"
#include "options.h"

#define ATTEMPT_FILLING 102400 /* bytes of filling text */

struct attempt {
    const struct options *options;
    const struct attack *attack;
    char here[256],
        beside[256]; /* addresses of the attacked room, and of one with honest people only */
    char *filling;   /* ATTEMPT_FILLING bytes of text, and a NUL */
    struct group attackers;
    struct bystanders bystanders;
    struct echo echo;
    struct honest honest;
    struct measure measure;
    struct measured measured;
    uint64_t sent_before, stanzas_before, received_before, came_before, errors_before;
    uint64_t bystander_bytes;
    uint32_t cut;      /* connections that the server closed */
    double seconds;    /* duration of the attack */
    struct buf broken; /* the broken bounds, in words; empty: none */
    struct buf notes;
    atomic_bool done, over; /* the attack is over; nobody needs to read any more */
};

/* Carries out the attack. The figures are in the attempt. False: it was not possible, and `broken`
 * says why. attempt_free() in any case. */
bool attempt_run(struct attempt *attempt, const struct options *options,
                 const struct attack *attack);
void attempt_free(struct attempt *attempt);

/* Sends the stanzas of the row, within its limits, and waits until the server has read them. */
void attempt_flood(struct attempt *attempt);
/* Waits until the server has read what was written. False: it did not in time. */
bool attempt_settle(struct attempt *attempt);
/* Connects an attacker again, and joins the room if the row says so. */
bool attempt_return(struct attempt *attempt, uint32_t who);
/* The duration of this attack. */
uint32_t attempt_seconds(const struct attempt *attempt);

void attempt_broken(struct attempt *attempt, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void attempt_note(struct attempt *attempt, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
