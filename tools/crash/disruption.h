/* Disrupts the service while people use it: kills or ends covend, or crashes its server. */
#ifndef CRASH_DISRUPTION_H
#define CRASH_DISRUPTION_H

#include "people.h"

/* Draws the times of all disruptions between now and then. */
void disruption_plan(struct people *people, int64_t until_ms);

/* Carries out the next disruption when its time has come. */
void disruption_if_due(struct people *people);

/* Starts covend again when its time away is over. */
void disruption_tick(struct people *people);

#endif
