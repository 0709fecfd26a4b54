/*
 * A service without sockets: stanzas go in as text, what the room floor sends comes out as text.
 * Each rig_send() is a turn of its own. The clock stands still unless a test moves it; a step that
 * is due later moves it, too, and is taken at once.
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
    struct store *second; /* for tasks; NULL: they use `store` */
    struct outbox *outbox;
    struct service *service;
    struct service_settings settings;
    unsigned fail_at;  /* this step of the store fails: store_fail_at() */
    bool holds_tasks;  /* only rig_run_tasks() runs tasks */
    bool holds_steps;  /* only rig_step() takes steps */
    bool holds_output; /* only rig_collect() takes output */
    bool drops;        /* the next turn is dropped, as if its commit failed; once */
    int64_t now_ms;
    int64_t ahead_ms; /* how far the wall clock is ahead of `now_ms` */
    struct buf out;   /* output that no test has taken yet */
};

#define RIG_DOMAIN   "conference.localhost"
#define RIG_START_MS INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

void rig_open(struct rig *rig);
/* Like rig_open(), on an existing store, which the rig then owns. */
void rig_open_on(struct rig *rig, struct store *store);
void rig_close(struct rig *rig);

/* A crash and a restart: new service and outbox on the same store. */
void rig_restart(struct rig *rig);

/* Handles the stanza `text` in a turn of its own. */
void rig_send(struct rig *rig, const char *text);

/* The link is up again: every session is asked and answers, and lost presence is sent again. */
void rig_recover(struct rig *rig);

/* The same in two parts; in between the test may answer the questions. */
void rig_ask(struct rig *rig);
void rig_retell(struct rig *rig);

/* The server confirms all output so far. */
void rig_confirm(struct rig *rig);

/* The service shuts down. */
void rig_stop(struct rig *rig);

/* Lets `seconds` pass, with a tick at the end. */
void rig_wait(struct rig *rig, unsigned seconds);

/* Runs the tasks that the service gives out, each in a turn of its own. Turns of the rig do so
 * themselves. */
void rig_run_tasks(struct rig *rig);

/* Takes one step of work that is done in steps. Turns of the rig take all steps themselves. */
void rig_step(struct rig *rig);
/* The next task of any kind, to be run by the test; NULL: none. */
struct task *rig_take_task(struct rig *rig);

/* Collects the output of a turn that the test ran itself. */
void rig_collect(struct rig *rig);

/* The next stanza that was sent to `to`, taken out of the queue (the caller frees it); NULL: none.
 */
char *rig_receive(struct rig *rig, const char *to);

/* The next stanza to anybody; NULL: none. The caller frees it. */
char *rig_next(struct rig *rig);

/* Discards all output so far. */
void rig_drain(struct rig *rig);

/* Asserts that the next stanza to `to` contains every one of the texts (NULL ends the list). */
void rig_expect(struct rig *rig, const char *to, ...) __attribute__((sentinel));

/* Asserts that nothing (more) was sent to `to`; NULL: to anybody. */
void rig_expect_nothing(struct rig *rig, const char *to);

/* Joins and discards the output. */
void rig_join(struct rig *rig, const char *from, const char *room_nick);

#endif
