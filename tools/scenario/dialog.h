/* The dialogue with the server during a login: the client sends, the server answers. */
#ifndef SCENARIO_DIALOG_H
#define SCENARIO_DIALOG_H

#include "stage.h"

struct dialog {
    struct stage *stage;
    struct client *client;
    struct buf *error; /* one line: why the login failed */
};

void dialog_send(struct dialog *dialog, const char *text);

/* Waits for the server's next element. NULL, and the error: none came. */
const xmlNode *dialog_next(struct dialog *dialog, const char *waiting_for);

/* Notes the error that the element is not the expected one. Returns false. */
bool dialog_unexpected(struct dialog *dialog, const xmlNode *element, const char *waiting_for);

#endif
