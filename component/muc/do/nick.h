/* Changes of nick (XEP-0045, 7.6), by an update of presence or by a join under another nick. */
#ifndef MUC_NICK_H
#define MUC_NICK_H

#include "muc/state/request.h"

/* Moves the sender's session to the nick that the request names. Everybody sees the old nick leave
 * and the new one enter; the session itself, which is the new `request->session`, only the old one
 * leave. */
const struct stanza_error *nick_take(struct request *request);

#endif
