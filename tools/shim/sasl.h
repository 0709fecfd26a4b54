/* The server's side of SASL: SCRAM-SHA-256, SCRAM-SHA-1, PLAIN. Independent of streams and XML. */
#ifndef SHIM_SASL_H
#define SHIM_SASL_H

#include <stdbool.h>

#include "accounts.h"
#include "coven/buf.h"
#include "coven/span.h"

struct sasl_mechanism;

/* A login in progress; zeroed memory: none. */
struct sasl {
    const struct sasl_mechanism *mechanism;
    struct scram_server *scram;
    char *node; /* of the user, prepared; proven only after SASL_SUCCESS */
};

enum sasl_state { SASL_CHALLENGE, SASL_SUCCESS, SASL_FAILURE };

/* The outcome of a step. */
struct sasl_answer {
    enum sasl_state state;
    const char *condition; /* of a failure */
};

/* The mechanisms to offer, by index; NULL: no more. */
const char *sasl_offer(const struct accounts *accounts, int index);

/*
 * Each takes the base64 text of the client's element and adds that of the answer to `out`. The text
 * of sasl_begin() is empty without an initial response.
 */
struct sasl_answer sasl_begin(struct sasl *sasl, struct accounts *accounts, struct span domain,
                              const char *mechanism, struct span text, struct buf *out);
struct sasl_answer sasl_step(struct sasl *sasl, struct accounts *accounts, struct span domain,
                             struct span text, struct buf *out);

/* Ends the login in progress. */
void sasl_end(struct sasl *sasl);

#endif
