/*
 * Counts the stanzas that arrive without parsing them: it looks only at the bytes after each '<',
 * so one core processes many million copies a second. This is enough because the load tools sent
 * the stanzas themselves and the service escapes text: text never looks like a tag. Stanzas must
 * have no prefix; otherwise the service may write as it likes.
 */
#ifndef WIRE_SCAN_H
#define WIRE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/span.h"

/* What is found. A copy is a <message/> or <presence/> with a mark (ledger.h) in its <body/> or
 * <status/>. */
struct scan_events {
    void *user;
    /* `self`: with status 110. */
    void (*copy)(void *user, uint32_t number, bool self);
    /* An error for a marked stanza; the mark is in its text or is its id (which is not seen when
     * the bytes are cut between the two). `error` begins with the <error/>; empty: it was cut. */
    void (*refused)(void *user, uint32_t number, struct span error);
    /* The opening tag of an <iq/>, as received. */
    void (*iq)(void *user, struct span tag);
    /* A stream error, beginning with its opening tag. */
    void (*broken)(void *user, struct span error);
    /* Stream management asks how many stanzas were received. NULL: it is not enabled. */
    void (*asked)(void *user, uint32_t handled);
};

struct scan_counts {
    uint64_t messages, presences, errors;
};

/* The state between calls. All zero is a beginning. */
struct scan {
    uint32_t number;
    bool marked, self, error;
    uint32_t handled; /* stanzas; one within another counts, too */
    struct buf rest;  /* unread bytes */
};

void scan_free(struct scan *scan);

/* Reads the bytes. A tag that is cut at the end is kept for the next call. */
void scan_bytes(struct scan *scan, struct span bytes, const struct scan_events *events,
                struct scan_counts *counts);

/* The raw value of an attribute in an opening tag. Empty: there is none. */
struct span scan_attr(struct span tag, const char *name);
/* The name of the first element in an <error/>, its condition. Empty: there is none. */
struct span scan_condition(struct span error);

#endif
