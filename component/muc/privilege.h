/* Affiliations and roles (XEP-0045, 5) and what follows from them. Pure. */
#ifndef MUC_PRIVILEGE_H
#define MUC_PRIVILEGE_H

#include <stdbool.h>

/* In order of rank; the numbers are in stores. */
enum affiliation {
    AFFILIATION_OUTCAST,
    AFFILIATION_NONE,
    AFFILIATION_MEMBER,
    AFFILIATION_ADMIN,
    AFFILIATION_OWNER,
};

/* In order of rank; the numbers are in stores. */
enum role {
    ROLE_NONE,
    ROLE_VISITOR,
    ROLE_PARTICIPANT,
    ROLE_MODERATOR,
};

const char *affiliation_name(enum affiliation affiliation);
const char *role_name(enum role role);

/* False, and `*_r` untouched, when there is none of that name. */
bool affiliation_named(const char *name, enum affiliation *affiliation_r);
bool role_named(const char *name, enum role *role_r);

/* The role with which somebody enters (5.1.2, the table of initial roles). */
enum role role_on_entry(enum affiliation affiliation, bool moderated);

#endif
