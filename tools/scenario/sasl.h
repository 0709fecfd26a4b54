/* Authentication: SCRAM-SHA-256, SCRAM-SHA-1 or PLAIN, the best that is offered. */
#ifndef SCENARIO_SASL_H
#define SCENARIO_SASL_H

#include "talk.h"

/* `features` are those of the stream. False and the reason in the conversation's error. */
bool sasl_authenticate(struct talk *talk, const xmlNode *features);

#endif
