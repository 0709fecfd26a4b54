/* What a client says before it is somebody: STARTTLS, SASL, resource binding. */
#ifndef SHIM_LOGIN_H
#define SHIM_LOGIN_H

#include "wire/stream.h"

struct client;

/* What the client may do next. */
void login_send_features(struct client *client);

void login_stanza(struct client *client, const struct wire_stanza *stanza);

#endif
