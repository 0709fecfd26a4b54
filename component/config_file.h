/* Reading the configuration file. */
#ifndef COVEN_CONFIG_FILE_H
#define COVEN_CONFIG_FILE_H

#include <stdbool.h>

#include "config.h"
#include "coven/buf.h"

/* False, and "FILE:LINE: what is wrong" in `why`, when it cannot be read or a line does not fit. */
bool config_file_read(const char *path, struct config *config, struct buf *why);

/* A whole file of at most `limit` bytes; false, and why, otherwise. */
bool config_file_load(const char *path, size_t limit, struct buf *out, struct buf *why);

#endif
