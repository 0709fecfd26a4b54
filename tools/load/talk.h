/*
 * The beginning of a stream, before the load: one side speaks, the other answers. Blocking, because
 * nothing is measured yet.
 */
#ifndef LOAD_TALK_H
#define LOAD_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "options.h"

/* Each returns a connected, non-blocking socket on which stanzas may be sent, or -1 and one line of
 * `why`. */

/* Waits for the component on a listening socket, and lets it in. */
int talk_as_server(int listener, const struct options *options, struct buf *why);
int talk_as_component(const struct options *options, struct buf *why);
/* Logs in as that user. */
int talk_as_client(const struct options *options, uint32_t user, struct buf *why);

/* A listening socket at the host and port, and what connects to it. */
int talk_listen(const struct options *options, struct buf *why);
int talk_accept(int listener, uint32_t timeout_ms, struct buf *why);

#endif
