/*
 * A service without sockets: stanzas go in as text, what the room floor sends comes out as text.
 * Each rig_send() is a turn of its own. The clock stands still unless it is moved, or
 * a step is due some time later, which is taken at once.
 */
#ifndef TESTS_RIG_H
#define TESTS_RIG_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "coven/buf.h"
#include "coven/outbox.h"
#include "coven/service.h"
#include "coven/store.h"

struct rig {
    xmpp_ctx_t *xmpp;
    struct store *store;
    struct outbox *outbox;
    struct service *service;
    struct service_settings settings;
    unsigned fail_at;  /* this step of the store fails: store_fail_at() */
    bool holds_tasks;  /* they are run by rig_run_tasks() only */
    bool holds_steps;  /* they are taken by rig_step() only */
    bool holds_output; /* it is taken by rig_collect() only */
    bool drops;        /* the next turn, as if the store could not keep it; once */
    int64_t now_ms;
    int64_t ahead_ms; /* of that, the clock that may be set */
    struct buf out;   /* what was sent and not yet looked at */
};

#define RIG_DOMAIN   "conference.localhost"
#define RIG_START_MS INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

void rig_open(struct rig *rig);
/* The same on a store that is there already, and is the rig's from now on. */
void rig_open_on(struct rig *rig, struct store *store);
void rig_close(struct rig *rig);

/* Forgets service and outbox and makes new ones on the same store: a crash and a restart. */
void rig_restart(struct rig *rig);

/* One stanza, one turn, from `from` to `to`; `text` has %s-free XML without these two attributes.
 */
void rig_send(struct rig *rig, const char *text);

/* The link is up again: everybody is asked and answers, and what was lost is told again. */
void rig_recover(struct rig *rig);

/* The same in two parts; in between the test answers the questions, or does not. */
void rig_ask(struct rig *rig);
void rig_retell(struct rig *rig);

/* The server has everything that was sent so far. */
void rig_confirm(struct rig *rig);

/* The service stops for good. */
void rig_stop(struct rig *rig);

/* Lets `seconds` pass, with a tick at the end. */
void rig_wait(struct rig *rig, unsigned seconds);

/* Runs what the service sent out, each in a turn of its own. Turns of the rig do that themselves.
 */
void rig_run_tasks(struct rig *rig);

/* One step of what is done in steps. Turns of the rig take all of them themselves. */
void rig_step(struct rig *rig);
/* One of them, of any kind, to be run by hand; NULL: there is none. */
struct task *rig_take_task(struct rig *rig);

/* Takes over what a turn that was played by hand has sent. */
void rig_collect(struct rig *rig);

/* The next stanza that was sent to `to`, taken out of the queue (the caller frees it); NULL: none.
 */
char *rig_receive(struct rig *rig, const char *to);

/* The next stanza, whomever it was sent to; NULL: none is left. The caller frees it. */
char *rig_next(struct rig *rig);

/* Forgets what was sent so far. */
void rig_drain(struct rig *rig);

/* Asserts that the next stanza to `to` contains every one of the texts (NULL ends the list). */
void rig_expect(struct rig *rig, const char *to, ...) __attribute__((sentinel));

/* Asserts that nothing (more) was sent to `to`; NULL: to anybody. */
void rig_expect_nothing(struct rig *rig, const char *to);

/* Joins with <x muc/> and forgets what that brought about. */
void rig_join(struct rig *rig, const char *from, const char *room_nick);

#endif
