/* The dialogue with the server during a login: the client sends, the server answers. */
#ifndef SCENARIO_TALK_H
#define SCENARIO_TALK_H

#include "stage.h"

struct talk {
    struct stage *stage;
    struct client *client;
    struct buf *error; /* one line: why the login failed */
};

void talk_send(struct talk *talk, const char *text);

/* Waits for the server's next element. NULL, and the error: none came. */
const xmlNode *talk_next(struct talk *talk, const char *waiting_for);

/* Notes the error that the element is not the expected one. Returns false. */
bool talk_unexpected(struct talk *talk, const xmlNode *element, const char *waiting_for);

#endif
