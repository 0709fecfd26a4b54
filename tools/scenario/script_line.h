/* Pieces of a line of a script. */
#ifndef SCENARIO_SCRIPT_LINE_H
#define SCENARIO_SCRIPT_LINE_H

#include "coven/span.h"

/* The text without the white space around it. */
struct span line_trim(struct span text);

bool line_begins(struct span text, const char *with);

/* The text without its first `count` bytes. */
struct span line_without(struct span text, size_t count);

/* True for "#" and "//", the comments of the head. The body has "--" too. */
bool line_is_comment(struct span line);

/* True for three or more dashes: the end of the head. */
bool line_is_separator(struct span line);

/* A string that the caller frees. */
char *line_copy(struct span text);

#endif
