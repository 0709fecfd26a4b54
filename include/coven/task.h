/*
 * A task: work of the rooms that may take long, so that another thread does it, with a second
 * connection to the store. A turn sends it out when it was committed, and a later turn gets it
 * back.
 */
#ifndef COVEN_TASK_H
#define COVEN_TASK_H

#include <stdbool.h>
#include <stdint.h>

struct asker;
struct service;
struct store;

/* A page of an archive never waits for a search. */
enum task_kind { TASK_PAGE, TASK_SEARCH, TASK_KINDS };

/* The first member of a struct that holds all that the work needs and what comes of it. */
struct task {
    /* In another thread: knows neither the service nor anything else that the rooms change. */
    void (*run)(struct task *task, struct store *store);
    /* In a turn. It stages what came of it; if the turn is dropped, it is called again, when what
     * can only be staged (`dropped`) is to be staged. */
    void (*finish)(struct task *task, struct service *service, bool dropped);
    void (*free)(struct task *task);
    enum task_kind kind;
    int64_t used_us;          /* that running it took: to be set by whoever has it run */
    struct asker *asker;      /* whose it is; NULL: the service's own */
    bool taken;               /* of a user: it is being run, or was */
    struct task *prev, *next; /* in a list of whoever has it */
};

#endif
