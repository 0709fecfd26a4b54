/* Sends again the presence changes that the server may have missed (journal.h): first departures,
 * then the current presence of those inside. */
#ifndef MUC_RESEND_H
#define MUC_RESEND_H

#include <stdbool.h>
#include <stdint.h>

struct service;

struct resend {
    int64_t until;  /* changes up to this number may be lost; later ones are not */
    int64_t cursor; /* the last one sent: number of a departure, or id of a session */
};

/* Send the next departures, or the presence of the next sessions, after the cursor, and move it.
 * False: there are no more. */
bool resend_departures(struct service *service, struct resend *resend);
bool resend_presences(struct service *service, struct resend *resend);

#endif
