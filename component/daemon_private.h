/* What the files of the daemon share: daemon.c, daemon_link.c. */
#ifndef COVEN_DAEMON_PRIVATE_H
#define COVEN_DAEMON_PRIVATE_H

#include <uv.h>

#include "config.h"
#include "coven/link.h"
#include "coven/outbox.h"
#include "coven/service.h"
#include "manager.h"
#include "memory.h"
#include "receipt.h"
#include "stores.h"
#include "turn.h"
#include "worker.h"

enum { SIGNAL_TERM, SIGNAL_INT, SIGNAL_HUP, SIGNALS };

struct daemon {
    struct config *config;
    int argc; /* the command line, to be read again */
    char **argv;
    uv_loop_t loop;
    uv_timer_t tick, steps;
    uv_signal_t signals[SIGNALS];
    struct manager manager;
    struct memory memory;
    struct stores stores;
    struct worker *workers[TASK_KINDS];
    struct outbox *outbox;
    struct service *service;
    struct turn *turn;
    struct receipt receipt;
    struct link *link;
    struct control *control; /* NULL: there is none */
    struct http *http;       /* NULL: there is none */
    bool busy;
    int64_t used_us, asked_us; /* at the last is_busy() */
    bool stopping;
    bool up;           /* the link is */
    uint64_t connects; /* how often it came up */
    bool multiplies;   /* the server makes copies */
    char *state;       /* of the link, in words; NULL: nothing was told yet */
    uv_timer_t leave;  /* ends covend, a moment after a command asked for it */
    int status;        /* to exit with */
};

/* Ends a turn: what follows from it begins, in other threads and in further turns. */
void daemon_end_turn(struct daemon *daemon);

/* Takes the service's next step when it is due. */
void daemon_await_step(struct daemon *daemon);

/* Gives the tasks of committed turns to the other threads. */
void daemon_give_tasks(struct daemon *daemon);

/* The link has stopped for good: closes all handles of the loop. */
void daemon_stopped(void *user);

/* Reads the configuration again. False: it has errors, which are logged. */
bool daemon_reload(struct daemon *daemon);

/* Ends covend in good order; `why` is for the log. */
void daemon_end(struct daemon *daemon, const char *why);

/* ---- daemon_desk.c: what operators reach ---- */

void daemon_open_desk(struct daemon *daemon);
void daemon_close_desk(struct daemon *daemon);

/* ---- daemon_link.c ---- */

/* Makes the link, whose events are turns of the daemon. */
void daemon_open_link(struct daemon *daemon);

#endif
