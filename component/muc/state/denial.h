/* Users and domains that may not use the service at all. Memory and store change together. */
#ifndef MUC_DENIAL_H
#define MUC_DENIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/table.h"

struct service;

struct denial {
    struct table_link link;     /* in the service's table, by address */
    struct denial *prev, *next; /* in the list of all */
    const char *reason;         /* "" for none */
    const char *by;             /* who denied it */
    int64_t since, until;       /* milliseconds since 1970; until 0: for good */
    char address[]; /* a bare JID, or a domain for all of its users and those below it */
};

struct denials {
    struct table table;
    struct denial *first;
    int64_t next_end; /* the earliest `until`; INT64_MAX: none has an end */
    bool changed;     /* in this turn */
};

/* Reads all from the store. */
void denial_open(struct service *service);
void denial_free_all(struct service *service);

/* Returns what keeps the bare JID out: its own entry, or that of its domain, or of one above; NULL:
 * nothing. Admins of the service are never kept out. */
const struct denial *denial_of(const struct service *service, struct span bare);

/* Returns the entry of exactly that address; NULL: there is none. */
const struct denial *denial_find(const struct service *service, struct span address);

/* Adds or replaces an entry. */
void denial_put(struct service *service, struct span address, int64_t until, const char *reason,
                const char *by);
void denial_remove(struct service *service, struct span address);

/* Removes entries that are over. Called once a second. */
void denial_tick(struct service *service);

/* Ends the turn: what a dropped one changed is read again. */
void denial_settle(struct service *service, bool committed);

#endif
