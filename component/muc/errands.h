/* Errands of the service's and of users that wait for the end of the turn, wait for a thread, or
 * are out. */
#ifndef MUC_ERRANDS_H
#define MUC_ERRANDS_H

#include <stdbool.h>

#include "asker.h"
#include "coven/errand.h"
#include "coven/span.h"

struct service;

struct errands {
    struct errand *staged; /* in this turn */
    struct errand_line {
        struct errand *own;       /* the service's, to be taken before all others */
        struct asker_queue queue; /* users' */
        unsigned out;             /* users' that were taken and not freed yet */
    } lines[ERRAND_KINDS];
};

/* Is there room for another one of that user's? */
bool errands_admit(const struct service *service, enum errand_kind kind, struct span bare);

/* Takes the errand over, which is that user's; of nobody (NULL): the service's own. */
void errands_stage(struct service *service, struct errand *errand, struct span bare);

/* The end of the turn. */
void errands_settle(struct service *service, bool committed);
void errands_free(struct service *service);

#endif
