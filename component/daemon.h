/* covend while it runs: loop, link, rooms, signals. */
#ifndef COVEN_DAEMON_H
#define COVEN_DAEMON_H

#include "config.h"

/* Runs until SIGTERM or SIGINT. SIGHUP makes it read the command line and the configuration again.
 * Returns the exit status. */
int daemon_run(struct config *config, int argc, char **argv);

#endif
