/* Reading the configuration file. */
#ifndef COVEN_CONFIG_FILE_H
#define COVEN_CONFIG_FILE_H

#include <stdbool.h>

#include "config.h"
#include "coven/buf.h"

/* Reads config->file. Every fault in it is told and counted (config_fault()). */
void config_file_read(struct config *config);

/* A whole file of at most `limit` bytes; false, and why, otherwise. */
bool config_file_load(const char *path, size_t limit, struct buf *out, struct buf *why);

#endif
