/* The server's side of a login: SCRAM-SHA-256, SCRAM-SHA-1, PLAIN. Knows no stream and no XML. */
#ifndef SHIM_SASL_H
#define SHIM_SASL_H

#include <stdbool.h>

#include "accounts.h"
#include "coven/buf.h"
#include "coven/span.h"

struct sasl_mechanism;

/* One login that is under way; all zero: none is. */
struct sasl {
    const struct sasl_mechanism *mechanism;
    struct scram_server *scram;
    char *node; /* who it is, prepared; trusted after SASL_SUCCESS only */
};

enum sasl_state { SASL_CHALLENGE, SASL_SUCCESS, SASL_FAILURE };

/* How a step ended. */
struct sasl_answer {
    enum sasl_state state;
    const char *condition; /* of a failure */
};

/* The names that may be offered, until it returns NULL. */
const char *sasl_offer(const struct accounts *accounts, int index);

/*
 * Each takes the base64 text of an element and adds that of the answer to `out`. `text` of
 * sasl_begin() is empty when the client waits to be asked.
 */
struct sasl_answer sasl_begin(struct sasl *sasl, struct accounts *accounts, struct span domain,
                              const char *mechanism, struct span text, struct buf *out);
struct sasl_answer sasl_step(struct sasl *sasl, struct accounts *accounts, struct span domain,
                             struct span text, struct buf *out);

/* Forgets the login. */
void sasl_end(struct sasl *sasl);

#endif
