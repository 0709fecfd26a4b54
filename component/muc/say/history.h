/* The discussion history that a newcomer gets (XEP-0045, 7.2.13 and 7.2.14). */
#ifndef MUC_HISTORY_H
#define MUC_HISTORY_H

#include <stdint.h>
#include <strophe.h>

struct service;
struct session;

/* Limits, all of which apply. */
struct history_request {
    unsigned stanzas; /* maximum number of messages */
    uint64_t chars;   /* maximum number of characters of XML in all of them; UINT64_MAX: no limit */
    int64_t after_ms; /* only messages sent after this time */
};

/* Reads <history/>. Without it (NULL), and for attributes that are no numbers or dates, there is no
 * limit. */
void history_read(struct history_request *history, xmpp_stanza_t *element,
                  const struct service *service);

/* Sends as many of the latest messages as the limits allow, the oldest first. */
void history_send(const struct session *session, const struct history_request *history);

#endif
