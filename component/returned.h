/*
 * A stanza for many (outbox.h) that the server has returned, because the module that makes the
 * copies is no longer there: its recipients get a copy each.
 */
#ifndef COVEN_RETURNED_H
#define COVEN_RETURNED_H

#include <strophe.h>

#include "coven/outbox.h"

/* Stages and commits the copies, before everything that waits: they were sent before it. Between
 * turns only: they tell of nothing that is not committed. */
void returned_send(struct outbox *outbox, xmpp_stanza_t *stanza);

#endif
