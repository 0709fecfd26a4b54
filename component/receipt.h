/*
 * What the server has of what was told. Now and then a line is drawn behind all that is committed;
 * when everything before it is in a slice, the link asks the server behind that slice, and when the
 * question has come back, the service is told. There is one question at a time, and none when no
 * change of presence waits for it.
 */
#ifndef COVEN_RECEIPT_H
#define COVEN_RECEIPT_H

#include <stdbool.h>

#include "coven/outbox.h"
#include "coven/service.h"

struct receipt {
    struct service *service;
    struct outbox *outbox;
    int64_t change;   /* the last one before the line; 0: there is no line */
    bool asked;       /* the question is under way */
    int64_t drawn_ms; /* when there was a line last */
};

/* Is the question to be asked behind what was taken so far? `hurry`: however short the last line is
 * ago. */
bool receipt_wanted(struct receipt *receipt, bool hurry);

/* The question has come back; inside a turn. */
void receipt_come(struct receipt *receipt);

/* It never will: the connection is another one. */
void receipt_void(struct receipt *receipt);

#endif
