/* Help, read from the table of commands. */
#ifndef COVENCTL_HELP_H
#define COVENCTL_HELP_H

#include "coven/command.h"

/* All commands, a line each. */
void help_print(void);

/* One command with its arguments and examples. */
void help_command(const struct command *command);

/* The chapter of the manual page about the commands, in mdoc. */
void help_manual(void);

/* Writes an argument's name as it stands on a command line, with '-' for '_'. */
void help_write_name(struct buf *out, const char *name);

#endif
