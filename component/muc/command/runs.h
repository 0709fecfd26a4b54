/* All runs of commands of a service. */
#ifndef MUC_COMMAND_RUNS_H
#define MUC_COMMAND_RUNS_H

#include <strophe.h>

#include "running.h"

struct runs {
    struct run *first;  /* all, those that took a step longest ago first */
    unsigned strangers; /* runs of those who are no operators */
    bool stopped;       /* no run begins any more */
    struct run_host host;
    xmpp_ctx_t *xmpp; /* for inner.c */
};

void runs_open(struct service *service);

/* May a caller with that rank in the room run the command? */
bool runs_allow(const struct command *command, bool is_operator, enum affiliation rank);

/* Is there a run that can take a step? */
bool runs_have_work(const struct service *service);

/* Lets one run take a step. */
void runs_step(struct service *service);

/* Drops the lines that a step has read, and asks for more. In running.c. */
void running_digest(struct run *run);

/* Ends the turn: what runs told in it goes to their sinks. A run that took a step in a dropped turn
 * fails. */
void runs_settle(struct service *service, bool committed);

void runs_free(struct service *service);

#endif
