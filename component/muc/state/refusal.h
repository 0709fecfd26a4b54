/* Refusals that a person can act on: stanza errors with a text. The others are the plain errors of
 * coven/stanza_error.h. A text with a number or a name in it goes into request->why instead. */
#ifndef MUC_REFUSAL_H
#define MUC_REFUSAL_H

#include "coven/stanza_error.h"

/* Entering. */
extern const struct stanza_error refusal_banned;       /* auth/forbidden */
extern const struct stanza_error refusal_members_only; /* auth/registration-required */
extern const struct stanza_error refusal_password;     /* auth/not-authorized */
extern const struct stanza_error refusal_room_full;    /* wait/service-unavailable */
extern const struct stanza_error refusal_nick_used;    /* cancel/conflict: by an occupant */
extern const struct stanza_error refusal_nick_kept;    /* cancel/conflict: reserved */

#endif
