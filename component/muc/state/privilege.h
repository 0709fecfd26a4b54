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

/* Of a number from the store; none, if that makes no sense. */
enum affiliation affiliation_of(int number);
enum role role_of(int number);

/* False, and `*_r` untouched, when there is none of that name. */
bool affiliation_named(const char *name, enum affiliation *affiliation_r);
bool role_named(const char *name, enum role *role_r);

/* The role with which somebody enters (5.1.2, the table of initial roles). */
enum role role_on_entry(enum affiliation affiliation, bool moderated);

/* Who somebody is in a room. */
struct rank {
    enum affiliation affiliation;
    enum role role; /* ROLE_NONE: not inside */
};

/* What is said to a change that somebody asks for. */
enum verdict {
    VERDICT_GRANTED,
    VERDICT_NOT_ALLOWED, /* the other one is not to be touched by the likes of the one who asks */
    VERDICT_FORBIDDEN,   /* whoever asks has not the right */
    VERDICT_CONFLICT,    /* one does not do that to oneself */
};

/* May `actor` give `target`, who is inside, that role (8.2 to 8.4, 9.6, 9.7)? */
enum verdict privilege_role_change(struct rank actor, struct rank target, enum role role);

/* May `actor` give `target` that affiliation (9.1 to 9.5, 10.3 to 10.8)? `self`: they are the same
 * user. */
enum verdict privilege_affiliation_change(enum affiliation actor, enum affiliation target,
                                          bool self, enum affiliation affiliation);

/* The role of an occupant whose affiliation changes (5.1.2, 5.2). */
enum role role_after_change(enum role role, enum affiliation from, enum affiliation to,
                            bool moderated);

#endif
