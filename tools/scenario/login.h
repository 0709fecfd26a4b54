/*
 * Logs a client in: connection, STARTTLS where it is offered, SCRAM-SHA-256, SCRAM-SHA-1 or PLAIN,
 * resource binding, and a session where one is required. Sends no presence and fetches no roster.
 */
#ifndef SCENARIO_LOGIN_H
#define SCENARIO_LOGIN_H

#include "stage.h"

/* False, and one line in `error`: it failed. The handshake leaves nothing in the queue. */
bool login_run(struct stage *stage, struct client *client, struct buf *error);

/* Opens a stream, waits for the server's features, and cuts the connection. */
void login_knock(struct stage *stage, struct client *client);

#endif
