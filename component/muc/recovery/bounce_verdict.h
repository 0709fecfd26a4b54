/* What a bounced stanza says about the session it was sent to. */
#ifndef MUC_BOUNCE_VERDICT_H
#define MUC_BOUNCE_VERDICT_H

#include <stdbool.h>

struct request;

enum bounce_verdict {
    BOUNCE_HARMLESS, /* the error is about the stanza, not about the session */
    BOUNCE_PASSING,  /* the session cannot be reached now; that may pass */
    BOUNCE_FINAL,    /* the session does not exist */
};

/* The request is a message or presence of type error. */
enum bounce_verdict bounce_verdict_of(const struct request *request);

/* Returns whether the error says that the sender's whole domain cannot be reached. */
bool bounce_verdict_is_of_domain(const struct request *request);

#endif
