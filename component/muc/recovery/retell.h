/* Telling again what the server may have missed of presence (journal.h): first the ends, then how
 * things are. */
#ifndef MUC_RETELL_H
#define MUC_RETELL_H

#include <stdbool.h>
#include <stdint.h>

struct service;

struct retell {
    int64_t until;  /* changes up to this one may be missing; later ones were not lost */
    int64_t cursor; /* the last that was told: number of a departure, or id of a session */
};

/* Tells of the next departures, or sessions, behind the cursor, and moves it. False: there are no
 * more. */
bool retell_departures(struct service *service, struct retell *retell);
bool retell_standings(struct service *service, struct retell *retell);

#endif
