/* The lines of a script, cut into pieces. */
#ifndef SCENARIO_SCRIPT_LINE_H
#define SCENARIO_SCRIPT_LINE_H

#include "coven/span.h"

/* The text without the white space around it. */
struct span line_trim(struct span text);

bool line_begins(struct span text, const char *with);

/* The text without its first `count` bytes. */
struct span line_without(struct span text, size_t count);

/* "#" or "//"; in the body of a script also "--". */
bool line_is_comment(struct span line);

/* Three or more dashes and nothing else: the end of the head. */
bool line_is_separator(struct span line);

/* A string that the caller frees. */
char *line_copy(struct span text);

#endif
