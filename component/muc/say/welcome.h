/* What a session gets when it enters a room. */
#ifndef MUC_WELCOME_H
#define MUC_WELCOME_H

#include <stdbool.h>

struct history_request;
struct session;

struct welcome {
    const char *id;                        /* id of the presence that joined; NULL: none */
    bool newcomer;                         /* the session was not inside before */
    bool created;                          /* the room is new (201) */
    bool renamed;                          /* the nick differs from the requested one */
    const struct history_request *history; /* which messages; NULL: none */
};

/* Sends everything in the order of XEP-0045, 7.1: presence of the others, its own, history, the
 * subject, and then the avatar. */
void welcome_send(const struct session *session, const struct welcome *welcome);

#endif
