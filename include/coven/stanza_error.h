/*
 * Stanza errors (RFC 6120, 8.3) as values. What refuses a request returns one of the rows of the
 * table below; one place writes it. XEP-0086's numeric code goes along for old clients.
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
};

extern const struct stanza_error error_bad_request;             /* modify 400 */
extern const struct stanza_error error_conflict;                /* cancel 409 */
extern const struct stanza_error error_feature_not_implemented; /* cancel 501 */
extern const struct stanza_error error_forbidden;               /* auth 403 */
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
extern const struct stanza_error error_room_full;               /* wait service-unavailable 503 */
extern const struct stanza_error error_service_unavailable;     /* cancel 503 */

/* Writes <error type code by><condition/><text/></error>; `by` and `text` may be empty. */
void stanza_error_write(struct xml *xml, const struct stanza_error *error, struct span by,
                        struct span text);

/*
 * The condition of a received error stanza as the table knows it (the name of the condition
 * element), or NULL when there is none to be read. Borrowed from the stanza.
 */
const char *stanza_error_condition(xmpp_stanza_t *stanza);

#endif
