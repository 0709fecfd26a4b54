/* The folder of a covend under test: its configuration, data and log. */
#ifndef CRASH_FOLDER_H
#define CRASH_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/buf.h"

#define FOLDER_SIZE 256

/* Makes it, with that text as configuration. False: one line of `why`. */
bool folder_make(char folder[FOLDER_SIZE], const char *config, struct buf *why);
void folder_remove(const char *folder);

/* Does a line of the log contain that text? */
bool folder_log_has(const char *folder, const char *text);

#endif
