/* A stanza on its way through the service: its kind, addresses and answer. A handler returns NULL
 * when it has dealt with the stanza, or the error that refuses it. */
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
    struct room *room;       /* NULL: it does not exist, or the sender may not know of it */
    struct session *session; /* of the sender in that room; NULL: not inside */
    bool hidden;             /* the room exists, but is locked and not the sender's */
    bool parked;             /* the stanza waits until the room is loaded */
    bool cut;                /* parts of the stanza are missing */
    bool refused;            /* the refusal is being sent */
    bool apart;              /* the answer goes by a lane of the sender's own */
    bool quiet;              /* a command makes the request, so nobody gets a result */
    const char *operator; /* an operator makes it, who is an owner of every room: for the log; NULL:
                             the sender does */
    bool malformed; /* the `to` attribute is not a valid JID; `to` is the part of it that could be
                       read */
    struct buf why; /* text for the error */
    const char *complaint;  /* for the error: a condition of XEP-0050; NULL: none */
    struct buf instead;     /* for the error: where the sender should turn to */
    xmpp_stanza_t *offence; /* the item of muc#admin that caused the error; NULL: none */
    const char *limit;      /* key of the limit that refuses the request; NULL: none does */
};

typedef const struct stanza_error *request_handler(struct request *request);

/* Reads kind, addresses, type and id. Returns false if nobody could be answered; otherwise the
 * caller ends with request_close(). */
bool request_read(struct request *request, struct service *service, xmpp_stanza_t *stanza,
                  bool cut);
void request_close(struct request *request);

/* Refuses the request because of a limit, whose key goes to the log. */
static inline const struct stanza_error *request_exceeds(struct request *request, const char *limit,
                                                         const struct stanza_error *error)
{
    request->limit = limit;
    return error;
}

/* Returns the nick that is addressed; empty for the room itself. */
static inline struct span request_nick(const struct request *request)
{
    return jid_resource(&request->to);
}

#endif
