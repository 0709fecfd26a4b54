/* Notifies the service manager by the protocol of sd_notify(3): covend is ready, its status, and
 * that its loop is running. Without NOTIFY_SOCKET nothing is sent. */
#ifndef COVEN_MANAGER_H
#define COVEN_MANAGER_H

#include <stdbool.h>
#include <uv.h>

struct manager {
    int fd;     /* -1: no manager listens */
    bool ready; /* was reported */
    uv_timer_t watchdog, patience;
};

/* Connects to the manager, and feeds its watchdog if it has one. */
void manager_open(struct manager *manager, uv_loop_t *loop);

/* Reports one line as the status. The first call also reports that covend is ready: the link is up,
 * or the first attempt has failed, which is no reason to wait, because the server may start later
 * or wait for covend. After ten seconds covend reports that it is ready in any case. */
void manager_status(struct manager *manager, const char *line);

/* The configuration is reloaded from here to manager_reloaded(). */
void manager_reloading(struct manager *manager);
void manager_reloaded(struct manager *manager);

void manager_stopping(struct manager *manager);

/* The loop must run once more to close handles. */
void manager_close(struct manager *manager);

#endif
