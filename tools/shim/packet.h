/* A stanza on its way from one address to another, and how it is written. */
#ifndef SHIM_PACKET_H
#define SHIM_PACKET_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"
#include "wire/stream.h"

struct conn;

enum packet_kind { PACKET_MESSAGE, PACKET_PRESENCE, PACKET_IQ, PACKET_OTHER };

/* What stands before and behind the address of a packet that is written many times. */
struct packet_copy {
    struct buf head, tail;
};

/* Everything is borrowed. */
struct packet {
    enum packet_kind kind;
    const struct wire_stanza *stanza;
    const char *type;               /* NULL: none */
    struct span from;               /* where it is sent from, prepared */
    struct span to;                 /* empty: it bears no address */
    struct conn *origin;            /* where errors and answers go */
    const struct packet_copy *copy; /* NULL: it is not written beforehand */
};

struct packet_error {
    const char *type, *condition, *text; /* text: NULL for none */
};

extern const struct packet_error packet_bad_request, packet_item_not_found,
    packet_service_unavailable, packet_jid_malformed, packet_not_allowed,
    packet_resource_constraint, packet_unknown_server, packet_component_away;

struct packet packet_of(const struct wire_stanza *stanza);

bool packet_type_is(const struct packet *packet, const char *type);

/* Is the first child element this one? */
bool packet_payload_is(const struct packet *packet, const char *name, const char *ns);

/* An IQ of type get or set. */
bool packet_is_request(const struct packet *packet);

/* An error or a result never brings an error, and neither does good-bye. */
bool packet_may_bounce(const struct packet *packet);

/* The whole stanza, addressed anew. */
void packet_write(const struct packet *packet, struct span to, struct buf *out);

/* Writes a packet beforehand, in the place of what was there. */
void packet_copy_make(struct packet_copy *copy, const struct packet *packet);
void packet_copy_free(struct packet_copy *copy);

/* The same in two parts: what follows the address is the same for everybody. */
void packet_write_head(const char *name, struct span from, struct span to, struct buf *out);
void packet_write_tail(const struct wire_stanza *stanza, struct buf *out);

/* The answer to a request: the error, or a result around `payload` (which may be empty). */
void packet_write_error(const struct packet *packet, const struct packet_error *error,
                        struct buf *out);
void packet_write_result(const struct packet *packet, struct span payload, struct buf *out);

#endif
