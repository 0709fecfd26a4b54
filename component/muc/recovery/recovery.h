/*
 * Recovery after the link was down: which sessions are still there, and what did the server miss?
 * First every session is asked (question.h), each full JID once for all its rooms, at the server's
 * own domains and at all others. When enough of them have answered, or after ten seconds, the
 * presence changes that the server may have missed are sent again (resend.h). Asking continues
 * meanwhile if it takes longer.
 */
#ifndef MUC_RECOVERY_H
#define MUC_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

struct service;

enum recovery_stage {
    RECOVERY_OVER,       /* nothing is to be sent again; sessions may still be asked */
    RECOVERY_ASKING,     /* before resending: until it is known who is there */
    RECOVERY_DEPARTURES, /* resending who left */
    RECOVERY_PRESENCES,  /* resending the presence of those who are inside */
};

struct recovery *recovery_new(void);
void recovery_free(struct service *service);

enum recovery_stage recovery_stage(const struct service *service);

/* recovery_ask() sends the next few questions, unless enough are open; recovery_has_to_ask()
 * returns whether it would. */
void recovery_ask(struct service *service);
bool recovery_has_to_ask(const struct service *service);

/* recovery_step() takes a step; recovery_due_in() returns the milliseconds until the next one is
 * due; -1: none is. */
void recovery_step(struct service *service);
int64_t recovery_due_in(const struct service *service);

/* Called once a second. */
void recovery_tick(struct service *service);

/* Ends the turn, which was committed or dropped. */
void recovery_settle(struct service *service, bool committed);

#endif
