/* Applicants: users who have asked to be registered with a room and wait for the answer of an
 * admin. They are only in the store. */
#ifndef MUC_APPLICANT_H
#define MUC_APPLICANT_H

#include <stdbool.h>

#include "coven/span.h"

struct room;
struct service;

/* Adds an applicant, or changes the nick that the applicant with this bare JID wants. */
void applicant_put(struct room *room, struct span bare, struct span nick);

/* Removes the applicant, if the user is one. */
void applicant_remove(struct room *room, struct span bare);

bool applicant_is(const struct room *room, struct span bare);

/* Does the room have as many applicants as it may have? */
bool applicant_is_full(const struct room *room);

/* Removes some of those who asked too long ago. Called once a second. */
void applicant_tick(struct service *service);

#endif
