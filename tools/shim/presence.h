/* What a session says of itself, to whom, and what they hear when it ends (RFC 6121, 4). There are
 * no rosters: only the user's own sessions and those who were addressed hear of it. */
#ifndef SHIM_PRESENCE_H
#define SHIM_PRESENCE_H

struct client;
struct packet;

void presence_take(struct client *client, struct packet *packet);

/* The session is over. */
void presence_end(struct client *client);

#endif
