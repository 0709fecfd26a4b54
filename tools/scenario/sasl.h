/* Authentication: the best offered of SCRAM-SHA-256, SCRAM-SHA-1 and PLAIN. */
#ifndef SCENARIO_SASL_H
#define SCENARIO_SASL_H

#include "talk.h"

/* `features` are the stream's. False, and the reason in the error of `talk`: it failed. */
bool sasl_authenticate(struct talk *talk, const xmlNode *features);

#endif
