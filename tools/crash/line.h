/* A stream that has begun: the link to covend seen from the server, or a client's. Whole stanzas
 * come out, text goes in. */
#ifndef CRASH_LINE_H
#define CRASH_LINE_H

#include <stdbool.h>

#include "coven/buf.h"
#include "wire/stream.h"
#include "wire/talk.h"

struct line {
    int fd;    /* -1: it is down */
    bool deaf; /* nothing is read any more */
    void *user;
    void (*stanza)(void *user, const struct wire_stanza *stanza);
    /* private */
    struct wire_stream *stream;
    struct buf out;
};

/* Waits for covend on the listening socket. False: one line of `why`. */
bool line_open(struct line *line, int listener, const struct talk_settings *settings,
               struct buf *why);

/* Takes over a socket on which stanzas may be sent. */
void line_take(struct line *line, int fd);

/* Closes at once; what was not sent, and not read, is lost. Not from within line->stanza(), which
 * may set `deaf` instead. */
void line_close(struct line *line);

/* Where to write stanzas; they leave at the next line_poll(). */
static inline struct buf *line_out(struct line *line)
{
    return &line->out;
}

/* Sends and reads, after waiting so long for something to read. When the other side has gone the
 * line is down; `why` says so only when what came was no XMPP. */
void line_poll(struct line *line, int timeout_ms, struct buf *why);

#endif
