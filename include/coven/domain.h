/*
 * Domains of addresses and their hierarchy: `chat.example.org` is below `example.org` and `org`.
 * All arguments are prepared text.
 */
#ifndef COVEN_DOMAIN_H
#define COVEN_DOMAIN_H

#include <stdbool.h>

#include "coven/span.h"

/* Is the bare JID a domain, not a user? */
bool domain_is(struct span bare);

/* The domain of a bare JID. */
struct span domain_of(struct span bare);

/* Removes the first label. False, and `*domain` untouched, when nothing is above it; an IP address
 * has nothing above it. */
bool domain_rise(struct span *domain);

/* Is `domain` equal to `other` or above it? */
bool domain_covers(struct span domain, struct span other);

/*
 * Does the list name the bare JID or its domain? The list ends with NULL; NULL itself is an empty
 * list. A domain above the JID's does not count: rights of a domain are not rights of its
 * subdomains.
 */
bool domain_lists(const char *const *list, struct span bare);

#endif
