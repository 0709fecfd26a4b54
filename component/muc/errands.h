/* Errands of the service's that wait for the end of the turn, or are out. */
#ifndef MUC_ERRANDS_H
#define MUC_ERRANDS_H

#include <stdbool.h>

#include "coven/errand.h"
#include "coven/span.h"

/*
 * What is out is counted for each user, by hash: very few share a place, nobody can choose to, and
 * the first place is the service's own.
 */
#define ERRAND_OWNERS 4096

struct service;

struct errands {
    struct errand *staged; /* in this turn */
    struct errand *ready;  /* to be taken by the service's caller */
    unsigned out;          /* all users' that were not freed yet */
    unsigned out_of[ERRAND_OWNERS];
};

/* Is there room for another one of that user's? */
bool errands_admit(const struct service *service, struct span bare);

/* Takes the errand over, which is that user's; of nobody (NULL): the service's own. */
void errands_stage(struct service *service, struct errand *errand, struct span bare);

/* The end of the turn. */
void errands_settle(struct service *service, bool committed);
void errands_free(struct service *service);

#endif
