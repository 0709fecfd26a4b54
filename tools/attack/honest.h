/*
 * The honest people, on a thread of their own, so that the attackers do not slow down the
 * measuring. They talk in the attacked room and in one beside it, read the archive of the latter,
 * and two of them send to a component that echoes (echo.h), which measures the server's share of
 * every delay.
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
#define HONEST_COUNT (2 * HONEST_SEATS) /* they use the first accounts */
#define PEOPLE_LEAST 64u

enum honest_talk { HONEST_HERE, HONEST_BESIDE, HONEST_ECHO, HONEST_PAGE, HONEST_TALKS };

struct honest_figures {
    struct ledger ledger;
    struct histogram before, during; /* latency of each copy in ns, by when it was sent */
    uint64_t refused, refused_copies;
    uint64_t due_ns; /* when the next stanza is due */
    uint32_t turn;
};

/* A request of the owner of the attacked room, sent while the others talk. */
struct honest_request {
    _Atomic uint64_t asked_ns, answered_ns; /* 0: not yet */
    _Atomic(const char *) iq;               /* to be sent; NULL: none */
    _Atomic uint64_t refused;               /* errors received */
};

struct honest {
    struct group group;        /* the first half is in the attacked room, which member 0 owns */
    const char *here, *beside; /* addresses of the rooms */
    struct honest_figures talks[HONEST_TALKS];
    struct honest_request request;
    uint64_t before_bytes, before_copies; /* received before the attack, in both rooms */
    uint64_t during_bytes, during_copies; /* received since */
    _Atomic uint64_t during_ns;           /* when the attack began; 0: not yet */
    _Atomic uint64_t flood_ns;            /* when the last marked message of an attacker came */
    atomic_bool over, given_up;           /* they send no more; they no longer wait either */
    pthread_t thread;
    bool running;
};

/* Log in, create both rooms and join them. `config`: form fields of the attacked room, set when all
 * are inside. False: one line of `why`. */
bool honest_begin(struct honest *honest, const struct options *options, const char *here,
                  const char *beside, const char *config, struct buf *why);
/* They talk until honest_finish(). */
void honest_start(struct honest *honest);
/* What is sent from now on counts as sent under attack. */
void honest_attacked(struct honest *honest);
/* They stop talking, wait so long for what is due, and end. */
void honest_finish(struct honest *honest, uint32_t wait_ms);
void honest_end(struct honest *honest);

/* Has the owner send an <iq/> with the id HONEST_REQUEST. The text must live until honest_forget().
 * For another thread; one request at a time. */
#define HONEST_REQUEST "L3238002689" /* GROUP_ASK + 1 */
void honest_ask(struct honest *honest, const char *iq);
/* Milliseconds until the answer; -1: it has not come. */
double honest_answer_ms(const struct honest *honest);
void honest_forget(struct honest *honest);

/* What was sent, received, refused and lost, in all talks through the service. */
struct honest_sums {
    uint64_t sent, copies, refused, lost;
};
struct honest_sums honest_sums(const struct honest *honest);

#endif
