/* The conversation with covend: see component/admin/control.h. */
#ifndef COVENCTL_TALK_H
#define COVENCTL_TALK_H

#include <jansson.h>

#include "coven/command.h"
#include "ctl.h"

/* Sends the command and shows what comes back. Returns the exit status. */
int talk(const struct ctl *ctl, const struct command *command, json_t *given);

#endif
