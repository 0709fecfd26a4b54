/* What a stanza that comes back says of the session it was for. */
#ifndef MUC_BOUNCE_VERDICT_H
#define MUC_BOUNCE_VERDICT_H

#include <stdbool.h>

struct request;

enum bounce_verdict {
    BOUNCE_HARMLESS, /* it speaks of the stanza, not of the session */
    BOUNCE_PASSING,  /* the session cannot be reached; that may pass */
    BOUNCE_FINAL,    /* there is nobody at that address */
};

/* Of a message or presence of type "error". */
enum bounce_verdict bounce_verdict_of(const struct request *request);

/* Does it say that nobody of the sender's domain can be reached? */
bool bounce_verdict_is_of_domain(const struct request *request);

#endif
