/* A stanza on its way between two addresses. */
#ifndef SHIM_PACKET_H
#define SHIM_PACKET_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"
#include "wire/stream.h"

struct conn;

enum packet_kind { PACKET_MESSAGE, PACKET_PRESENCE, PACKET_IQ, PACKET_OTHER };

/* All pointers are borrowed. */
struct packet {
    enum packet_kind kind;
    const struct wire_stanza *stanza;
    const char *type;    /* NULL: none */
    struct span from;    /* prepared */
    struct span to;      /* empty: no address */
    struct conn *origin; /* receives errors and answers */
};

struct packet_error {
    const char *type, *condition, *text; /* text: may be NULL */
};

extern const struct packet_error packet_bad_request, packet_item_not_found,
    packet_service_unavailable, packet_jid_malformed, packet_not_allowed,
    packet_resource_constraint, packet_unknown_server, packet_component_away;

struct packet packet_of(const struct wire_stanza *stanza);

bool packet_type_is(const struct packet *packet, const char *type);

/* True if the first child element has that name and namespace. */
bool packet_payload_is(const struct packet *packet, const char *name, const char *ns);

/* True for an IQ of type get or set. */
bool packet_is_request(const struct packet *packet);

/* False for errors, results and unavailable presence: these are never answered with an error. */
bool packet_may_bounce(const struct packet *packet);

/* Adds the stanza with the address `to`. */
void packet_write(const struct packet *packet, struct span to, struct buf *out);

/* Add the stanza in two parts: the part after the address is the same for all recipients. */
void packet_write_head(const char *name, struct span from, struct span to, struct buf *out);
void packet_write_tail(const struct wire_stanza *stanza, struct buf *out);

/* Add the answer to a request: an error, or a result with `payload`, which may be empty. */
void packet_write_error(const struct packet *packet, const struct packet_error *error,
                        struct buf *out);
void packet_write_result(const struct packet *packet, struct span payload, struct buf *out);

#endif
