/* What is wrong with the configuration, told to the operator line by line. */
#ifndef COVEN_CONFIG_FAULT_H
#define COVEN_CONFIG_FAULT_H

#include "config.h"

/*
 * Tells a fault on stderr, with the line of the file if `line` is not 0, and counts it. Of very
 * many only the first are told.
 */
void config_fault(struct config *config, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The line of the file that gave this key its value; 0: none did. */
int config_line_of(const struct config *config, const char *section, const char *name);

#endif
