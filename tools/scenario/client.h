/*
 * A client of the script on the wire: its connection, the queue of received elements, and the
 * runner's own questions, whose answers the script never sees.
 */
#ifndef SCENARIO_CLIENT_H
#define SCENARIO_CLIENT_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/id.h"
#include "coven/xml.h"
#include "script.h"
#include "transport.h"
#include "wire/stream.h"

struct received {
    struct received *next;
    xmlNode *element;
    const struct script_step *taker; /* took it from the queue; NULL: none yet, or the login */
    bool matched;                    /* the taker expected it; false: the taker skipped it */
};

/* A question of the runner's; the caller keeps it until client_unask(). */
struct ask {
    struct ask *next;
    char id[2 * ID_TEXT_SIZE];
    bool answered;
    char condition[40]; /* of the error; "" for a result */
};

struct client {
    const struct script_client *who;
    struct transport *transport; /* NULL: not connected, or the server has closed */
    struct wire_stream *stream;
    char *full_jid; /* NULL before binding; kept after a disconnect */

    struct received *first;   /* all since connecting, the oldest first */
    struct received *waiting; /* the first still in the queue, or NULL */
    struct received **end;

    struct ask *asks;
    char ask_prefix[ID_TEXT_SIZE];
    uint64_t ask_count;
    uint64_t bytes_in;

    bool closed_by_server; /* </stream:stream> came */
    struct buf end_reason; /* why the connection ended; empty while it is open */
    struct buf *traffic;   /* a log of all stanzas; NULL: none */
};

void client_init(struct client *client, const struct script_client *who, struct buf *traffic);
void client_free(struct client *client);

/* Takes over the connection, and empties the queue. */
void client_start(struct client *client, struct transport *transport);
/* Cuts the connection without closing the stream, and drops the queue. */
void client_cut(struct client *client);
bool client_is_connected(const struct client *client);
/* Connected, and the server has not closed the stream: more can come. */
bool client_is_open(const struct client *client);

/* Sends the bytes unchanged; the traffic does not show those that are `secret`. */
void client_send(struct client *client, struct span text, bool secret);
void client_send_header(struct client *client);

/* Writes and reads without blocking; notes the end of the connection. */
void client_move(struct client *client);

/* Takes the next element from the queue; NULL: the queue is empty. The client owns it. */
struct received *client_next(struct client *client, const struct script_step *taker);

/*
 * Sends an IQ of that type ("get", "set") to `to` as a question of the runner's; `payload` writes
 * its child element. Every question ends with client_unask(), answered or not; a late answer is
 * dropped.
 */
void client_ask(struct client *client, struct ask *ask, const char *type, const char *to,
                void (*payload)(struct xml *xml));
void client_unask(struct client *client, struct ask *ask);

/* The domain of the client's JID. */
const char *client_domain(const struct client *client);

#endif
