/* Ad-hoc commands under way. The request is kept until its answer has left. */
#ifndef MUC_COMMAND_ADHOC_CALL_H
#define MUC_COMMAND_ADHOC_CALL_H

#include "coven/command.h"
#include "muc/state/request.h"

/* Begins to run the command with these arguments, which it takes over. `id` of the session, or NULL
 * if there was none. Returns an error when there are too many commands under way. */
const struct stanza_error *adhoc_call_begin(struct request *request, const struct command *command,
                                            json_t *args, const char *id);

/* See adhoc.h. */
bool adhoc_call_has_work(const struct service *service);
void adhoc_call_step(struct service *service);
void adhoc_call_settle(struct service *service, bool committed);
void adhoc_call_free_all(struct service *service);

#endif
