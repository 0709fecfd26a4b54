/*
 * After the link was away: who is still there, and what did the server miss? First every session is
 * asked (question.h), each full JID once for all its rooms, the server's own users and those of
 * others alike. When it is known who is there to be told, or after ten seconds, what the server may
 * have missed of presence is told again (retell.h). Asking goes on meanwhile if it takes longer.
 */
#ifndef MUC_RECOVERY_H
#define MUC_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

struct service;

enum recovery_stage {
    RECOVERY_OVER,       /* nothing is to be told; sessions may still be asked */
    RECOVERY_ASKING,     /* until it is known who is there to be told */
    RECOVERY_DEPARTURES, /* who left is told again, */
    RECOVERY_STANDINGS,  /* and how those who stayed are */
};

struct recovery *recovery_new(void);
void recovery_free(struct service *service);

/* Which stage is it at? */
enum recovery_stage recovery_stage(const struct service *service);

/* Asks the next few sessions, if there are not enough questions open; is there anybody to ask now?
 */
void recovery_ask(struct service *service);
bool recovery_has_to_ask(const struct service *service);

/* Takes a step; in how many milliseconds the next one is due; -1: none is. */
void recovery_step(struct service *service);
int64_t recovery_due_in(const struct service *service);

/* Once a second. */
void recovery_tick(struct service *service);

/* At the end of a turn that was committed or dropped. */
void recovery_settle(struct service *service, bool committed);

#endif
