/* Values of configuration keys: from text into their members of struct config, and out again. */
#ifndef COVEN_CONFIG_VALUE_H
#define COVEN_CONFIG_VALUE_H

#include <stdbool.h>

#include "config_keys.h"
#include "coven/buf.h"

/* Parses `text` and stores the value. Returns false, with the reason in `why` (may be NULL), and
 * leaves the old value, if `text` does not fit the key. */
bool config_value_set(const struct config_key *key, struct config *config, const char *text,
                      struct buf *why);

/* Frees the value if it is a string or a list. */
void config_value_clear(const struct config_key *key, struct config *config);

/* Compare the values of two configurations, and exchange them. Only for keys that need a restart,
 * so not for KEY_SERVER and KEY_ADDRESSES. */
bool config_value_equal(const struct config_key *key, const struct config *a,
                        const struct config *b);
void config_value_swap(const struct config_key *key, struct config *a, struct config *b);

#endif
