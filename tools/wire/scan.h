/*
 * Counts what comes on a stream of stanzas without parsing it: only the bytes at each '<' are
 * looked at, so one core takes many million copies a second. That is enough because what
 * comes is what was sent, wrapped by a service that escapes: text never looks like a tag. It relies
 * on stanzas without a prefix, and on nothing else in how a service writes.
 */
#ifndef WIRE_SCAN_H
#define WIRE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/span.h"

/* What was found. A copy is a <message/> or <presence/> with a mark (ledger.h) in its <body/> or
 * <status/>. */
struct scan_events {
    void *user;
    /* `self`: with status 110. */
    void (*copy)(void *user, uint32_t number, bool self);
    /* An error that says whose it is: the mark came back, or is the stanza's id (not seen when the
     * bytes are cut between the two). `error` begins with its <error/>, empty when it was cut. */
    void (*refused)(void *user, uint32_t number, struct span error);
    /* The opening tag of an <iq/>, as it was written. */
    void (*iq)(void *user, struct span tag);
    /* A stream error, from its opening tag on; nothing good follows. */
    void (*broken)(void *user, struct span error);
};

struct scan_counts {
    uint64_t messages, presences, errors;
};

/* The stanza that is being read. All zero is a beginning. */
struct scan {
    uint32_t number;
    bool marked, self, error;
    struct buf rest; /* what was left unread, to stand before the next bytes */
};

void scan_free(struct scan *scan);

/* Reads what came; a tag that is cut at the end is kept for the next time. */
void scan_bytes(struct scan *scan, struct span bytes, const struct scan_events *events,
                struct scan_counts *counts);

/* An attribute's raw value in an opening tag; empty when it is not there. */
struct span scan_attr(struct span tag, const char *name);
/* What is inside an <error/> at first, which is its condition; empty when there is nothing. */
struct span scan_condition(struct span error);

#endif
