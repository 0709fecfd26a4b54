/*
 * How much of the committed presence has the server read? Now and then a line is drawn in the
 * outbox after everything that is committed. When all output before the line is in a slice, the
 * link sends a question after that slice; when the question comes back, the service learns that its
 * changes have arrived. One question is under way at a time, and none if no change is unconfirmed.
 */
#ifndef COVEN_RECEIPT_H
#define COVEN_RECEIPT_H

#include <stdbool.h>

#include "coven/outbox.h"
#include "coven/service.h"

struct receipt {
    struct service *service;
    struct outbox *outbox;
    int64_t change;   /* the number of the last change before the line; 0: there is no line */
    bool asked;       /* the question is under way */
    int64_t drawn_ms; /* when the last line was drawn, monotonic; 0: never */
};

/* Should the question follow what was taken from the outbox so far? Then it counts as under way.
 * `hurry`: draws a line even if the last one is recent. */
bool receipt_wanted(struct receipt *receipt, bool hurry);

/* The question has come back. Call it inside a turn. */
void receipt_arrived(struct receipt *receipt);

/* The question will never come back, because its connection is lost, or it means nothing, because
 * something before it did not arrive. */
void receipt_cancel(struct receipt *receipt);

#endif
