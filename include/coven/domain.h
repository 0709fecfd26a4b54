/*
 * Domains of addresses, and which of them stand under which: `chat.example.org` under `example.org`
 * and under `org`. Everything here is prepared text.
 */
#ifndef COVEN_DOMAIN_H
#define COVEN_DOMAIN_H

#include <stdbool.h>

#include "coven/span.h"

/* Is the bare JID that of a domain, and not of a user? */
bool domain_is(struct span bare);

/* The domain of a bare JID; of a domain itself. */
struct span domain_of(struct span bare);

/* Takes the first label off. False, and `*domain` untouched: nothing is above it. An address of
 * numbers is a name without labels. */
bool domain_rise(struct span *domain);

/* Is `domain` the other one, or above it? */
bool domain_covers(struct span domain, struct span other);

/*
 * Does the list, which ends with NULL (NULL: an empty one), name the bare JID or its domain? A
 * domain above that does not count: who is given a subdomain does not get its parent's rights.
 */
bool domain_lists(const char *const *list, struct span bare);

#endif
