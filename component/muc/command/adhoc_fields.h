/* The arguments of a command as a form to be filled in, and a submitted form as arguments. */
#ifndef MUC_COMMAND_ADHOC_FIELDS_H
#define MUC_COMMAND_ADHOC_FIELDS_H

#include "coven/command.h"
#include "coven/form.h"
#include "muc/state/request.h"

/* Must the sender fill in a form? Also what changes something at once is confirmed with one. */
bool adhoc_fields_needed(const struct request *request, const struct command *command);

/* Is there an argument to be given? */
bool adhoc_fields_exist(const struct request *request, const struct command *command);

void adhoc_fields_write(struct xml *xml, const struct request *request,
                        const struct command *command);

/* Reads a submitted form, or none (NULL). The caller owns the arguments. NULL, with a sentence in
 * `request->why`: they do not fit the command. */
json_t *adhoc_fields_read(struct request *request, const struct command *command,
                          const struct form *form);

#endif
