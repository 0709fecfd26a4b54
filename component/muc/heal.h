/*
 * After the link was away: who is still there? The occupants of the server's own domains are asked,
 * each full JID once for all its rooms: an empty message that is not to be stored, and a ping
 * behind it. If the message comes back, the session is dead; any answer to the ping without that
 * means it lives. Whoever is elsewhere is judged when something sent to it comes back.
 */
#ifndef MUC_HEAL_H
#define MUC_HEAL_H

#include <stdbool.h>

#include "coven/table.h"

struct probe;
struct service;

struct healing {
    bool running;
    char *cursor;         /* the last JID that was asked, in their order; NULL: none yet */
    struct table probes;  /* asked and not answered, by the id of the question */
    struct probe *oldest; /* the same, in the order in which they were asked */
    unsigned gone;        /* how many were found dead, for the log */
};

/* Begins with the first of all sessions. */
void heal_begin(struct service *service);

/* Asks the next few, and gives up those who take too long. Each second, and when somebody answered.
 */
void heal_step(struct service *service);

/* The session enters, so it lives, even if what it was asked before came back. */
void heal_see(struct service *service, struct span jid);

void heal_free(struct service *service);

#endif
