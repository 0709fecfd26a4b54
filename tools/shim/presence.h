/* Presence (RFC 6121, section 4). Without rosters, only the user's own sessions and the recipients
 * of directed presence receive it. */
#ifndef SHIM_PRESENCE_H
#define SHIM_PRESENCE_H

struct client;
struct packet;

void presence_take(struct client *client, struct packet *packet);

/* Sends the unavailable presence of a session that is over. */
void presence_end(struct client *client);

#endif
