/* Affiliations and roles (XEP-0045, 5), and the rules that follow from them. Pure functions. */
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

#define AFFILIATION_KINDS (AFFILIATION_OWNER + 1)

/* In order of rank; the numbers are in stores. */
enum role {
    ROLE_NONE,
    ROLE_VISITOR,
    ROLE_PARTICIPANT,
    ROLE_MODERATOR,
};

#define ROLE_KINDS (ROLE_MODERATOR + 1)

const char *affiliation_name(enum affiliation affiliation);
const char *role_name(enum role role);

/* Stands in stores for the role of a visitor whom a moderator silenced. */
#define ROLE_SILENCED 4

/* Convert a number from the store; NONE if it is out of range. */
enum affiliation affiliation_of(int number);
enum role role_of(int number);

/* Return false, and leave the result alone, if nothing has that name. */
bool affiliation_named(const char *name, enum affiliation *affiliation_r);
bool role_named(const char *name, enum role *role_r);

/* Returns the role with which a user enters (5.1.2, the table of initial roles). */
enum role role_on_entry(enum affiliation affiliation, bool moderated);

/* A user's rank in a room. */
struct rank {
    enum affiliation affiliation;
    enum role role; /* ROLE_NONE: not inside */
};

/* The answer to a request to change a role or affiliation. */
enum verdict {
    VERDICT_GRANTED,
    VERDICT_NOT_ALLOWED, /* the target's rank protects it from the actor */
    VERDICT_FORBIDDEN,   /* the actor's rank does not permit such a change */
    VERDICT_CONFLICT,    /* nobody may do that to themselves */
};

/* Returns whether `actor` may give `target`, who is inside, that role (8.2 to 8.4, 9.6, 9.7). */
enum verdict privilege_role_change(struct rank actor, struct rank target, enum role role);

/* Returns whether `actor` may give `target` that affiliation (9.1 to 9.5, 10.3 to 10.8). `self`:
 * they are the same user. */
enum verdict privilege_affiliation_change(enum affiliation actor, enum affiliation target,
                                          bool self, enum affiliation affiliation);

/* Returns the role of an occupant whose affiliation changes (5.1.2, 5.2). */
enum role role_after_change(enum role role, enum affiliation from, enum affiliation to,
                            bool moderated);

#endif
