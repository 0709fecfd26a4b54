/* Forms of commands that wait to be filled in: the sessions of XEP-0050. In memory only. */
#ifndef MUC_COMMAND_ADHOC_FORM_H
#define MUC_COMMAND_ADHOC_FORM_H

#include <stdint.h>

#include "coven/command.h"
#include "coven/id.h"
#include "muc/state/request.h"

struct adhoc_form {
    struct adhoc_form *prev, *next;
    const struct command *command;
    char *from, *to; /* the full JID of who fills it in, and the address that has the command */
    char id[ID_TEXT_SIZE];
    int64_t until_ms; /* of the monotonic clock */
    bool fresh;       /* made in this turn */
    bool ended;       /* in this turn */
};

/* Makes a session. A user's oldest one may end for it. NULL: there are too many; the request's
 * limit says so. */
struct adhoc_form *adhoc_form_new(struct request *request, const struct command *command);

/* The sender's session with that id, for that command at that address; NULL: there is none. */
struct adhoc_form *adhoc_form_find(const struct request *request, const struct command *command,
                                   const char *id);

void adhoc_form_end(struct adhoc_form *form);

/* The end of a turn, and of time. */
void adhoc_form_settle(struct service *service, bool committed);
void adhoc_form_tick(struct service *service);
void adhoc_form_free_all(struct service *service);

#endif
