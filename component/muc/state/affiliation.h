/* The affiliations of a room (XEP-0045, 5.2): who has which, why, and which nick is reserved for
 * whom. Memory and store change together here; privilege.h decides who may change what. */
#ifndef MUC_AFFILIATION_H
#define MUC_AFFILIATION_H

#include "coven/table.h"
#include "privilege.h"

struct room;

struct affiliation_entry {
    struct table_link by_jid;
    struct table_link by_nick;             /* while a nick is reserved */
    struct affiliation_entry *prev, *next; /* in the roll of its affiliation */
    const char *nick;                      /* reserved for this user; "" for none */
    const char *reason;                    /* why the affiliation was given; "" for none */
    enum affiliation affiliation;
    char jid[]; /* bare JID, or a domain: everybody there and at its subdomains */
};

/* Returns the affiliation of a bare JID: its own, or that of its domain, or that of the nearest
 * domain above. Admins of the service are owners of every room. */
enum affiliation affiliation_in(const struct room *room, struct span bare);

/* Returns the entry that gives a bare JID its affiliation: its own, or that of a domain; NULL: it
 * has none. */
const struct affiliation_entry *affiliation_cause(const struct room *room, struct span bare);

/* Returns the entry of exactly this bare JID or domain; NULL: there is none. */
struct affiliation_entry *affiliation_entry(const struct room *room, struct span bare);

/* Changes an entry in memory and store, or creates it. NULL for `nick` or `reason` keeps the
 * present one. An entry left without affiliation and nick is removed. */
void affiliation_set(struct room *room, struct span bare, enum affiliation affiliation,
                     const char *nick, const char *reason);

/* Returns the entry for which this nick is reserved; NULL: there is none. */
struct affiliation_entry *affiliation_nick_holder(const struct room *room, struct span nick);

/* ---- For loading a room: change memory only ---- */

/* Returns the entry of that JID, created without affiliation and nick if there is none. */
struct affiliation_entry *affiliation_put(struct room *room, struct span bare);
void affiliation_assign(struct room *room, struct affiliation_entry *entry,
                        enum affiliation affiliation);
void affiliation_reserve(struct room *room, struct affiliation_entry *entry, struct span nick);

/* Frees all entries. */
void affiliation_forget_all(struct room *room);

#endif
