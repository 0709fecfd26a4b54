/* Errands of the service's that wait for the end of the turn, or are out. */
#ifndef MUC_ERRANDS_H
#define MUC_ERRANDS_H

#include <stdbool.h>

#include "coven/errand.h"

struct service;

struct errands {
    struct errand *staged; /* in this turn */
    struct errand *ready;  /* to be taken by the service's caller */
    unsigned out;          /* all that were not freed yet */
};

/* Is there room for another one? */
bool errands_admit(const struct service *service);

/* Takes the errand over. */
void errands_stage(struct service *service, struct errand *errand);

/* The end of the turn. */
void errands_settle(struct service *service, bool committed);
void errands_free(struct service *service);

#endif
