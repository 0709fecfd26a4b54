/*
 * Stanza errors (RFC 6120, 8.3) as values, each with a general text. A handler that refuses a
 * request returns one of the errors below; one place writes it. The numeric code of XEP-0086 is for
 * old clients.
 */
#ifndef COVEN_STANZA_ERROR_H
#define COVEN_STANZA_ERROR_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/span.h"
#include "coven/xml.h"

struct stanza_error {
    const char *type;      /* "auth", "cancel", "continue", "modify", "wait" */
    const char *condition; /* the element's name in urn:ietf:params:xml:ns:xmpp-stanzas */
    const char *code;      /* the legacy code */
    const char *text;      /* for people, in plain English */
};

extern const struct stanza_error error_bad_request;             /* modify 400 */
extern const struct stanza_error error_conflict;                /* cancel 409 */
extern const struct stanza_error error_feature_not_implemented; /* cancel 501 */
extern const struct stanza_error error_forbidden;               /* auth 403 */
extern const struct stanza_error error_gone;                    /* cancel 302 */
extern const struct stanza_error error_internal_server_error;   /* cancel 500 */
extern const struct stanza_error error_item_not_found;          /* cancel 404 */
extern const struct stanza_error error_jid_malformed;           /* modify 400 */
extern const struct stanza_error error_not_acceptable;          /* cancel 406: not an occupant */
extern const struct stanza_error error_value_not_acceptable;    /* modify 406: a value is wrong */
extern const struct stanza_error error_not_allowed;             /* cancel 405 */
extern const struct stanza_error error_not_authorized;          /* auth 401 */
extern const struct stanza_error error_policy_violation;        /* modify 406 */
extern const struct stanza_error error_registration_required;   /* auth 407 */
extern const struct stanza_error error_remote_server_timeout;   /* wait 504 */
extern const struct stanza_error error_resource_constraint;     /* wait 500 */
extern const struct stanza_error error_service_unavailable;     /* cancel 503 */

/* What an error says beside its condition. What is empty is left out. */
struct stanza_error_details {
    struct span by;      /* who refuses */
    struct span instead; /* the address to turn to, in the condition of <gone/> */
    struct span text;
    const char *specific_ns, *specific; /* a condition of the application; NULL: none */
};

/* Writes <error type code by><condition/><text/></error>. */
void stanza_error_write(struct xml *xml, const struct stanza_error *error,
                        const struct stanza_error_details *details);

/* The name of the condition element in a received error stanza, borrowed from the stanza; NULL when
 * there is none. */
const char *stanza_error_condition(xmpp_stanza_t *stanza);

#endif
