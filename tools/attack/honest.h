/*
 * The honest people, on a thread of their own, so that what they see is not slowed down by those
 * who attack. They talk in the room that is attacked and in one beside it, read the archive of the
 * latter, and two of them send to a component that sends back at once (echo.h), which tells the
 * server's own share of every delay.
 */
#ifndef ATTACK_HONEST_H
#define ATTACK_HONEST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "group.h"
#include "wire/histogram.h"
#include "wire/ledger.h"

#define HONEST_SEATS 6u                 /* in each of the two rooms */
#define HONEST_COUNT (2 * HONEST_SEATS) /* their accounts are the first */
#define PEOPLE_LEAST 64u

enum honest_talk { HONEST_HERE, HONEST_BESIDE, HONEST_ECHO, HONEST_PAGE, HONEST_TALKS };

struct honest_figures {
    struct ledger ledger;
    struct histogram before, during; /* of each copy, in nanoseconds, by when it was sent */
    uint64_t refused, refused_copies;
    uint64_t due_ns; /* when the next is to be sent */
    uint32_t turn;
};

/* Something that is asked for while the others talk, by the owner of the attacked room. */
struct honest_request {
    _Atomic uint64_t asked_ns, answered_ns; /* 0: not yet */
    _Atomic(const char *) iq;               /* that is to be sent */
    _Atomic uint64_t refused;               /* how many were */
};

struct honest {
    struct group group;        /* the first half is in the attacked room, and member 0 owns it */
    const char *here, *beside; /* the rooms' addresses */
    struct honest_figures talks[HONEST_TALKS];
    struct honest_request request;
    uint64_t before_bytes, before_copies; /* that came until the attack, of both rooms */
    uint64_t during_bytes, during_copies; /* and since */
    _Atomic uint64_t during_ns;           /* since when there is an attack; 0: not yet */
    _Atomic uint64_t flood_ns;            /* when a marked message of an attacker came last */
    atomic_bool over, given_up;           /* says no more; waits no more either */
    pthread_t thread;
    bool running;
};

/* Logs in, makes both rooms and goes in. `config`: form fields of the attacked room, set when all
 * are in. False: a line of `why`. */
bool honest_begin(struct honest *honest, const struct options *options, const char *here,
                  const char *beside, const char *config, struct buf *why);
/* They talk from now on, until honest_finish(). */
void honest_start(struct honest *honest);
/* What is sent from now on is sent under attack. */
void honest_attacked(struct honest *honest);
/* They say no more, wait so long for what is due, and end. */
void honest_finish(struct honest *honest, uint32_t wait_ms);
void honest_end(struct honest *honest);

/* Has the owner send an <iq/> whose id is HONEST_REQUEST, which lives until honest_forget(). Of
 * another thread; one at a time. */
#define HONEST_REQUEST "L3238002689" /* GROUP_ASK + 1 */
void honest_ask(struct honest *honest, const char *iq);
/* How many milliseconds the answer took, or -1: none is there yet. */
double honest_answer_ms(const struct honest *honest);
void honest_forget(struct honest *honest);

/* What was sent, arrived, was refused and lost, of all talks through the service. */
struct honest_sums {
    uint64_t sent, copies, refused, lost;
};
struct honest_sums honest_sums(const struct honest *honest);

#endif
