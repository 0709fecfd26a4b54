/* Which commands there are at an address, and for whom. */
#ifndef MUC_COMMAND_ADHOC_OFFER_H
#define MUC_COMMAND_ADHOC_OFFER_H

#include "coven/command.h"
#include "muc/state/request.h"

/* Writes the command's node. */
void adhoc_node(const struct command *command, struct buf *out);

/* Writes the command's summary as a title. */
void adhoc_title(const struct command *command, struct buf *out);

/* The command with that node, if the request's address has it; else NULL. */
const struct command *adhoc_find(const struct request *request, const char *node);

/* Does the request's address have the command, and may the sender run it? */
bool adhoc_offers(const struct request *request, const struct command *command);

/* May the sender run this command, which the address has? */
bool adhoc_allows(const struct request *request, const struct command *command);

/* Is the sender an admin of the service? */
bool adhoc_is_operator(const struct request *request);

/* Is the argument to be given? At a room, the room is not. */
bool adhoc_asks(const struct request *request, const struct command_argument *argument);

#endif
