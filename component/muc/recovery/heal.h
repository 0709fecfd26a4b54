/*
 * After the link was away: who is still there? Every session is asked (question.h), each full JID
 * once for all its rooms, the server's own users and those of others alike.
 */
#ifndef MUC_HEAL_H
#define MUC_HEAL_H

#include <stdbool.h>
#include <stdint.h>

struct service;

struct healing {
    bool walking; /* not everybody was asked */
    bool held_up; /* somebody cannot be asked yet */
    bool told;    /* what came of it is in the log */
    char *cursor; /* the last JID that was asked, in their order; NULL: none yet */
    int64_t begun_ms;
};

/* Begins with the first of all sessions. */
void heal_begin(struct service *service);

/* Asks the next few, if there are not enough questions open. */
void heal_step(struct service *service);

/* Is there something to be done in the next turn? */
bool heal_is_behind(const struct service *service);

/* Each second. */
void heal_tick(struct service *service);

/* Are the dead out, as far as they are to be found soon? Who sleeps is not waited for. */
bool heal_is_through(const struct service *service);

void heal_free(struct service *service);

#endif
