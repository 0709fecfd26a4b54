/* The end of a room (XEP-0045, 10.9). */
#ifndef MUC_DESTROY_H
#define MUC_DESTROY_H

#include <stdbool.h>

#include "muc/state/request.h"

struct room;
struct xml;

/* What an owner says about the end of the room. */
struct destroy {
    bool moved;       /* there is another venue */
    struct jid venue; /* bare */
    char *password;   /* of the venue; NULL: none */
    char *reason;     /* NULL: none */
};

/* Reads the owner's element. After an error there is nothing to free. */
const struct stanza_error *destroy_read(struct destroy *destroy, struct request *request,
                                        xmpp_stanza_t *element);
void destroy_free(struct destroy *destroy);

/* Writes <destroy/> into a presence of muc#user. `destroy`: a struct destroy, or NULL. */
void destroy_write(struct xml *xml, void *destroy);

/* Tells each occupant that it leaves because the room ends. */
void destroy_tell(const struct room *room, struct destroy *destroy);

/* Tells that, and destroys the room. NULL: nothing was said about it. */
void destroy_room(struct room *room, struct destroy *destroy);

#endif
