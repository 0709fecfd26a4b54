/* Answers to requests: results of IQs, and refusals. */
#ifndef MUC_ANSWER_H
#define MUC_ANSWER_H

#include "draft.h"
#include "muc/state/request.h"

/* Sends the result of an IQ: an empty one, or with what the caller writes between open and send. */
void answer_result(struct request *request);
struct draft answer_open(struct request *request);
void answer_send(struct request *request, struct draft *draft);

/* Refuses the request, unless it is of a kind that is never answered. Nothing else sends a refusal.
 */
void answer_refuse(struct request *request, const struct stanza_error *error);

#endif
