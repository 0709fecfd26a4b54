/*
 * A stanza on its way through the service: what it is, whom it is from and to, and how it is
 * answered. Handlers return NULL when they have dealt with it, or the error that refuses it.
 */
#ifndef MUC_REQUEST_H
#define MUC_REQUEST_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/buf.h"
#include "coven/jid.h"
#include "coven/stanza_error.h"

struct room;
struct service;
struct session;

enum stanza_kind { KIND_MESSAGE, KIND_PRESENCE, KIND_IQ, KIND_OTHER };

extern const char *const request_kind_names[];

struct request {
    struct service *service;
    xmpp_stanza_t *stanza;
    enum stanza_kind kind;
    const char *type, *id; /* NULL: none */
    struct jid from, to;
    xmpp_stanza_t *payload;  /* the first child element, or NULL */
    struct room *room;       /* NULL: there is none, or none that the sender may know of */
    struct session *session; /* the sender's in that room; NULL: not inside */
    bool hidden;             /* the room is there, but locked, and not the sender's */
    bool parked;             /* it waits until the room is loaded */
    bool cut;                /* parts of the stanza are missing */
    bool refused;            /* what is sent now says so */
    bool malformed;          /* what it was sent to is no JID; `to` is what can be read of it */
    struct buf why;          /* text to go with the error */
    xmpp_stanza_t *offence;  /* the item of muc#admin to go with it; NULL: none */
    const char *limit;       /* the limit of the configuration that refuses it; NULL: none does */
};

typedef const struct stanza_error *request_handler(struct request *request);

/* Reads kind, addresses, type and id. False: nobody could be answered. */
bool request_read(struct request *request, struct service *service, xmpp_stanza_t *stanza,
                  bool cut);
void request_close(struct request *request);

/* Refuses the request for a limit of the configuration, which the log is to name. */
static inline const struct stanza_error *request_exceeds(struct request *request, const char *limit,
                                                         const struct stanza_error *error)
{
    request->limit = limit;
    return error;
}

/* The nick that is addressed; empty for the room itself. */
static inline struct span request_nick(const struct request *request)
{
    return jid_resource(&request->to);
}

#endif
