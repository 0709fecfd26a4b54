/* The steps that all handshakes consist of; for handshake.c only. */
#ifndef WIRE_HANDSHAKE_STREAM_H
#define WIRE_HANDSHAKE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "wire/stream.h"
#include "wire/tls.h"

struct handshake {
    int fd;          /* owned until handshake_end() */
    struct tls *tls; /* NULL: none; likewise */
    int64_t deadline;
    struct wire_stream *stream;
    struct buf *why;
    bool opened, received, closed;
    struct buf to, id;            /* of the stream header */
    struct buf name, type, inner; /* of the last stanza */
};

/* Takes over the socket. -1: there is none, and all that follows fails. */
void handshake_begin(struct handshake *handshake, int fd, uint32_t timeout_ms, struct buf *why);
/* Returns the socket; when it went badly, closes it, ends its TLS, and returns -1. */
int handshake_end(struct handshake *handshake, bool well);

bool handshake_send(struct handshake *handshake, struct span text);
/* Read until the stream header, or the next stanza, has come. */
bool handshake_header(struct handshake *handshake);
bool handshake_next(struct handshake *handshake);
/* Reads the next stanza, which must have this name. */
bool handshake_expect(struct handshake *handshake, const char *name);

#endif
