#include "privilege.h"

#include <string.h>

static const char *const affiliation_names[] = {"outcast", "none", "member", "admin", "owner"};
static const char *const role_names[] = {"none", "visitor", "participant", "moderator"};

const char *affiliation_name(enum affiliation affiliation)
{
    return affiliation_names[affiliation];
}

const char *role_name(enum role role)
{
    return role_names[role];
}

static int index_of(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0)
            return i;
    }
    return -1;
}

bool affiliation_named(const char *name, enum affiliation *affiliation_r)
{
    int i = index_of(name, affiliation_names, sizeof affiliation_names / sizeof *affiliation_names);
    if (i < 0)
        return false;
    *affiliation_r = (enum affiliation)i;
    return true;
}

bool role_named(const char *name, enum role *role_r)
{
    int i = index_of(name, role_names, sizeof role_names / sizeof *role_names);
    if (i < 0)
        return false;
    *role_r = (enum role)i;
    return true;
}

enum role role_on_entry(enum affiliation affiliation, bool moderated)
{
    static const enum role roles[][2] = {
        /* unmoderated, moderated */
        [AFFILIATION_OUTCAST] = {ROLE_NONE, ROLE_NONE},
        [AFFILIATION_NONE] = {ROLE_PARTICIPANT, ROLE_VISITOR},
        [AFFILIATION_MEMBER] = {ROLE_PARTICIPANT, ROLE_PARTICIPANT},
        [AFFILIATION_ADMIN] = {ROLE_MODERATOR, ROLE_MODERATOR},
        [AFFILIATION_OWNER] = {ROLE_MODERATOR, ROLE_MODERATOR},
    };
    return roles[affiliation][moderated];
}
