/* covend while it runs: loop, link, rooms, signals. */
#ifndef COVEN_DAEMON_H
#define COVEN_DAEMON_H

#include "config.h"

/* Runs until SIGTERM or SIGINT. Returns the exit status. */
int daemon_run(const struct config *config);

#endif
