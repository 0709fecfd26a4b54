/* The messages that a newcomer gets of what was said before (XEP-0045, 7.2.13 and 7.2.14). */
#ifndef MUC_HISTORY_H
#define MUC_HISTORY_H

#include <stdint.h>
#include <strophe.h>

struct service;
struct session;

/* All of these hold together. */
struct history_request {
    unsigned stanzas; /* at most so many */
    uint64_t chars;   /* of all stanzas together, as they are sent */
    int64_t after_ms; /* only those sent later */
};

/* Reads <history/>; NULL, and attributes that make no sense, ask for nothing special. */
void history_read(struct history_request *history, xmpp_stanza_t *element,
                  const struct service *service);

/* Sends them, the oldest first. */
void history_send(const struct session *session, const struct history_request *history);

#endif
