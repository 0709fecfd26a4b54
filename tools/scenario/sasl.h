/* Authentication: the best offered of SCRAM-SHA-256, SCRAM-SHA-1 and PLAIN. */
#ifndef SCENARIO_SASL_H
#define SCENARIO_SASL_H

#include "dialog.h"

/* `features` are the stream's. False, and the reason in the error of `dialog`: it failed. */
bool sasl_authenticate(struct dialog *dialog, const xmlNode *features);

#endif
