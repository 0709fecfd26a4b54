/*
 * Runs of administrative commands (coven/command.h). A run works in steps, one in a turn, so that
 * nobody waits for it; slow reading happens in another thread. What it tells leaves only after the
 * commit of what it did.
 */
#ifndef COVEN_RUN_H
#define COVEN_RUN_H

#include "coven/command.h"
#include "coven/stanza_error.h"

struct run;
struct service;

/* Where the answer goes. The functions are called between turns, and none of them after end(). */
struct run_sink {
    void *user;
    /* Returns whether rows must wait. May be NULL: never. When that changes, the owner wakes the
     * loop that takes the service's steps. */
    bool (*is_full)(void *user);
    void (*row)(void *user, json_t *row);                   /* borrowed */
    void (*progress)(void *user, int64_t done, int64_t of); /* may be NULL */
    void (*hungry)(void *user); /* takes more of run_feed() again; may be NULL for a command that
                                   does not read */
    void (*end)(void *user, const struct stanza_error *error, const char *text); /* NULL: success */
};

struct run_caller {
    const char *name; /* for the log: "uid 0", "HTTP", a bare JID */
    struct span jid;  /* a full one if the caller has one; empty: an operator without any */
    bool is_operator; /* else the right depends on the room */
};

/* What only the daemon can do for a command. */
struct run_host {
    void *user;
    bool (*reload)(void *user); /* false: the configuration has errors, which are logged */
    void (*stop)(void *user);   /* soon: the answer leaves first */
    void (*describe)(void *user, json_t *card); /* adds link, memory and queue to the statistics */
};

/* The service copies it. Without a host those commands are refused. */
void run_set_host(struct service *service, const struct run_host *host);

/*
 * Begins to run a command, between turns or in one; the first step follows in service_step(). Takes
 * over `args`, which command_read() has checked. NULL: there are too many runs; the caller says so.
 */
struct run *run_begin(struct service *service, const struct command *command, json_t *args,
                      const struct run_caller *caller, const struct run_sink *sink);

/*
 * Gives a command that reads more of its lines, between turns. False: enough is there, and more is
 * to come after the sink's hungry().
 */
bool run_feed(struct run *run, const char *bytes, size_t len);

/* No more lines come. */
void run_feed_end(struct run *run);

/* The caller has gone: nothing more reaches the sink, and no further step is taken. */
void run_abandon(struct run *run);

/* The service is about to stop: every run ends as refused, between two turns, and no run begins any
 * more. */
void run_stop(struct service *service);

#endif
