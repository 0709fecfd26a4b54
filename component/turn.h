/*
 * A turn of the daemon's: what comes in is handled, what was written is committed, and only then is
 * what was staged released to be sent. When the store fails, all of it is as if it had not been.
 */
#ifndef COVEN_TURN_H
#define COVEN_TURN_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/outbox.h"
#include "coven/service.h"
#include "coven/store.h"
#include "coven/task.h"

struct turn;

/* Everything is borrowed for the turn's life, which is the daemon's. */
struct turn *turn_new(struct service *service, struct store *store, struct outbox *outbox);
void turn_free(struct turn *turn);

void turn_begin(struct turn *turn);
void turn_stanza(struct turn *turn, xmpp_stanza_t *stanza, bool cut);

/* An task that was run; it is freed when the turn ends. */
void turn_task(struct turn *turn, struct task *task);

/*
 * Commits. If that fails: the turn is dropped, who asked for something is told
 * wait/resource-constraint, and leaves and bounces are handled again at the beginning of the next
 * turn.
 */
void turn_end(struct turn *turn);

#endif
