/* The login of a client: STARTTLS, SASL, resource binding. */
#ifndef SHIM_LOGIN_H
#define SHIM_LOGIN_H

#include "wire/stream.h"

struct client;

/* Sends the stream features of the next step. */
void login_send_features(struct client *client);

void login_stanza(struct client *client, const struct wire_stanza *stanza);

#endif
