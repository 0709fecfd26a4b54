/* The end of a room (XEP-0045, 10.9). */
#ifndef MUC_DESTROY_H
#define MUC_DESTROY_H

#include <stdbool.h>
#include <strophe.h>

struct room;
struct xml;

/* Writes <destroy/> into a presence of muc#user. `destroy`: the owner's element, or NULL. */
void destroy_write(struct xml *xml, void *destroy);

/* Is each text of the owner's element within `limit` bytes? */
bool destroy_fits(xmpp_stanza_t *destroy, size_t limit);

/* Tells each occupant that it leaves because the room ends, and destroys the room. `destroy` is the
 * owner's element with alternate venue, password and reason; NULL: none. */
void destroy_room(struct room *room, xmpp_stanza_t *destroy);

#endif
