/* What the beginnings of all kinds of streams are made of; of talk*.c only. */
#ifndef WIRE_TALK_STREAM_H
#define WIRE_TALK_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "wire/stream.h"

struct talk {
    int fd; /* the talk's, until talk_end() hands it over */
    int64_t deadline;
    struct wire_stream *stream;
    struct buf *why;
    bool opened, heard, closed;
    struct buf to, id;            /* of the stream header */
    struct buf name, type, inner; /* of the last stanza */
};

/* Takes over the socket (-1: one could not be made). */
void talk_begin(struct talk *talk, int fd, uint32_t timeout_ms, struct buf *why);
/* The socket, or -1 when it went badly. */
int talk_end(struct talk *talk, bool well);

bool talk_send(struct talk *talk, struct span text);
/* Reads until the stream header, or the next stanza, is there. */
bool talk_header(struct talk *talk);
bool talk_next(struct talk *talk);
/* The next stanza, which has to have this name. */
bool talk_expect(struct talk *talk, const char *name);

#endif
