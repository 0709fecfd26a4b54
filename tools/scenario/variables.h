/*
 * The variables of a script while it is played: "Romeo's JID", "Romeo's full JID", and what
 * {scansion:capture:NAME} took. Values are plain; they are escaped when they are put into XML.
 */
#ifndef SCENARIO_VARIABLES_H
#define SCENARIO_VARIABLES_H

#include "coven/buf.h"
#include "coven/span.h"

struct variables;

struct variables *variables_new(void);
void variables_free(struct variables *variables);

void variables_set(struct variables *variables, const char *name, const char *value);

/* NULL: there is none of that name. */
const char *variables_get(const struct variables *variables, struct span name);

/*
 * Adds `text` with each ${NAME} replaced. False for a name that is not known; `unknown_r` is then
 * the name, inside `text`.
 */
bool variables_expand(const struct variables *variables, struct span text, struct buf *out,
                      struct span *unknown_r);

#endif
