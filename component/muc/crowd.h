/* Lists of those in a room, in the order in which they came in, whole or a part at a time: who is
 * in a list, and how it is written there, is the caller's to say. */
#ifndef MUC_CROWD_H
#define MUC_CROWD_H

#include <stdbool.h>

#include "page.h"
#include "privilege.h"

struct occupant;

struct crowd {
    struct request *request;
    bool (*has)(const struct crowd *crowd, const struct occupant *occupant);
    bool (*add)(struct page *page, const struct occupant *occupant); /* false: the page is full */
    enum role role;                                                  /* the caller's, for has() */
};

/* Sends the part that the page is for; keys are the addresses of occupants. */
const struct stanza_error *crowd_send(const struct crowd *crowd, struct page *page);

#endif
