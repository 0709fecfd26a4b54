/*
 * The variables of a script in play: "Romeo's JID", "Romeo's full JID", and the values that
 * {scansion:capture:NAME} kept. Values are plain text, escaped on insertion into XML.
 */
#ifndef SCENARIO_VARIABLES_H
#define SCENARIO_VARIABLES_H

#include "coven/buf.h"
#include "coven/span.h"

struct variables;

struct variables *variables_new(void);
void variables_free(struct variables *variables);

void variables_set(struct variables *variables, const char *name, const char *value);

/* NULL: the variable is unknown. */
const char *variables_get(const struct variables *variables, struct span name);

/*
 * Adds `text` with each ${NAME} replaced. False: a name is unknown, and `unknown_r` is its place in
 * `text`.
 */
bool variables_expand(const struct variables *variables, struct span text, struct buf *out,
                      struct span *unknown_r);

#endif
