/* A turn of the daemon: incoming stanzas are handled, writes are committed, and only then staged
 * stanzas are released to be sent. If the store fails, the turn is rolled back. */
#ifndef COVEN_TURN_H
#define COVEN_TURN_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/outbox.h"
#include "coven/service.h"
#include "coven/store.h"
#include "coven/task.h"

struct turn;

/* Borrows everything for its own life. */
struct turn *turn_new(struct service *service, struct store *store, struct outbox *outbox);
void turn_free(struct turn *turn);

void turn_begin(struct turn *turn);
void turn_stanza(struct turn *turn, xmpp_stanza_t *stanza, bool cut);

/* Handles the result of a task, which is freed when the turn ends. */
void turn_task(struct turn *turn, struct task *task);

/* Commits. If that fails the turn is dropped: requests are answered with wait/resource-constraint,
 * and leaves and bounces are handled again at the beginning of the next turn. */
void turn_end(struct turn *turn);

#endif
