/* What somebody gets who enters a room. */
#ifndef MUC_WELCOME_H
#define MUC_WELCOME_H

#include <stdbool.h>

struct history_request;
struct session;

struct welcome {
    const char *id; /* of the presence that asked for it; NULL: it had none */
    bool newcomer;  /* it was not inside before */
    bool created;   /* the room is new (201) */
    bool renamed;   /* the nick is not quite the one asked for (210) */
    const struct history_request *history; /* NULL: no messages */
};

/* In the order of 7.1: everybody's presence but its own, its own, history, the subject. */
void welcome_send(const struct session *session, const struct welcome *welcome);

#endif
