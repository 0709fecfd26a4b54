/*
 * What the service manager is told, by the protocol of sd_notify(3): that covend is ready, what it
 * is doing, and that its loop goes round. Without a manager that wants to know nothing is sent.
 */
#ifndef COVEN_MANAGER_H
#define COVEN_MANAGER_H

#include <stdbool.h>
#include <uv.h>

struct manager {
    int fd; /* -1: nobody wants to know */
    bool ready;
    uv_timer_t watchdog, patience;
};

void manager_open(struct manager *manager, uv_loop_t *loop);

/*
 * What is shown as the present state. covend is ready with the first one, when the server has let
 * it in or the first attempt to connect has failed: then too all that is its own works, and a
 * server that starts later, or waits for covend, finds it. It is ready after ten seconds in any
 * case.
 */
void manager_status(struct manager *manager, const char *line);

/* The configuration is being read anew, until manager_reloaded(). */
void manager_reloading(struct manager *manager);
void manager_reloaded(struct manager *manager);

void manager_stopping(struct manager *manager);

/* Of the loop's handles; the loop must run once more. */
void manager_close(struct manager *manager);

#endif
