/*
 * A task: work for the rooms that may take long, so it runs in another thread, with a connection to
 * the store of its own. A task that is staged in a turn starts after the commit, and a later turn
 * gets its result.
 */
#ifndef COVEN_TASK_H
#define COVEN_TASK_H

#include <stdbool.h>
#include <stdint.h>

struct service;
struct store;
struct task_user;

/* Each kind has its own line and its own thread: a page of an archive never waits for a search, and
 * neither waits for a command of an operator. */
enum task_kind { TASK_PAGE, TASK_SEARCH, TASK_ADMIN, TASK_KINDS };

/* The first member of a struct that holds the task's input and its result. */
struct task {
    /* Does the work, in another thread. It may use neither the service nor anything else that a
     * turn changes. */
    void (*run)(struct task *task, struct store *store);
    /* Uses the result, in a turn. If that turn is dropped, it is called a second time with
     * `dropped`, and then may stage stanzas but not write to the store. */
    void (*finish)(struct task *task, struct service *service, bool dropped);
    void (*free)(struct task *task);
    enum task_kind kind;
    int64_t used_us;          /* how long run() took, in microseconds; set by its caller */
    struct task_user *user;   /* who asked for it; NULL: the service itself */
    bool taken;               /* a user's task that is running, or has run */
    struct task *prev, *next; /* in a list of its present owner */
};

#endif
