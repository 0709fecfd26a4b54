/*
 * From nothing to a bound resource: connection, STARTTLS where it is offered, SCRAM-SHA-256,
 * SCRAM-SHA-1 or PLAIN, resource binding, and a session where one is required. No presence is sent
 * and no roster fetched.
 */
#ifndef SCENARIO_LOGIN_H
#define SCENARIO_LOGIN_H

#include "stage.h"

/* False and the reason, one line. Nothing of the handshake is left in the queue. */
bool login_run(struct stage *stage, struct client *client, struct buf *error);

/* Waits until the client's server has greeted it, and leaves again. */
void login_knock(struct stage *stage, struct client *client);

#endif
