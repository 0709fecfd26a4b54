/* Lines that fit into a terminal. */
#ifndef COVENCTL_WRAP_H
#define COVENCTL_WRAP_H

#include <stddef.h>

/* Prints a text to stdout from the column `at` on, and ends the line. It is broken at spaces that
 * are not within [], and further lines begin at the column `indent`. */
void wrap_print(const char *text, size_t at, size_t indent);

#endif
