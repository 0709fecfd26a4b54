/* A conversation with the server while a client logs in: one says something, the other answers. */
#ifndef SCENARIO_TALK_H
#define SCENARIO_TALK_H

#include "stage.h"

struct talk {
    struct stage *stage;
    struct client *client;
    struct buf *error; /* one line about why it ended */
};

void talk_send(struct talk *talk, const char *text);

/* What the server says next; NULL and the error when it says nothing. */
const xmlNode *talk_next(struct talk *talk, const char *waiting_for);

/* Notes as the error that this is not what was waited for. Returns false. */
bool talk_unexpected(struct talk *talk, const xmlNode *element, const char *waiting_for);

#endif
