/* Commands in XMPP clients (XEP-0050): at the service for its admins, and at a room for its owners
 * and admins, where the argument `room` is implied. */
#ifndef MUC_COMMAND_ADHOC_H
#define MUC_COMMAND_ADHOC_H

#include <stdbool.h>

#include "muc/state/request.h"

struct adhoc_call;
struct adhoc_form;

struct adhoc {
    struct adhoc_form *forms; /* waiting to be filled in, the oldest first */
    struct adhoc_call *calls; /* under way, the oldest first */
    unsigned form_count;
};

void adhoc_open(struct service *service);
void adhoc_free(struct service *service);

/* An IQ with a command. */
request_handler adhoc_command;

/* Disco of the node of commands and of each command's node; the rest is passed on. */
request_handler adhoc_service_info, adhoc_service_items, adhoc_room_info, adhoc_room_items;

/* Is there an answer to be sent? */
bool adhoc_has_work(const struct service *service);

/* Sends one. */
void adhoc_step(struct service *service);

/* Ends the turn, after that of the runs: answers that were not sent will be sent again. */
void adhoc_settle(struct service *service, bool committed);

/* Forgets forms that nobody has filled in. Called every second. */
void adhoc_tick(struct service *service);

#endif
