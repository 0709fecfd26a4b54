/* The keys of the configuration file, in one table. */
#ifndef COVEN_CONFIG_KEYS_H
#define COVEN_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "coven/buf.h"

enum key_type { KEY_TEXT, KEY_NUMBER, KEY_ADDRESSES /* each appearance adds one */ };

struct config_key {
    const char *section, *name;
    enum key_type type;
    size_t offset; /* in struct config */
    const char *standard;
    uint64_t min, max;                  /* of a number */
    const char *(*fault)(const char *); /* of a text: what it must be, or NULL; may be missing */
};

/* NULL behind the last. */
const struct config_key *config_key_at(size_t index);
const struct config_key *config_key_find(const char *section, const char *name);

/* False, and what is wrong in `why`, when the value does not fit the key. */
bool config_key_set(const struct config_key *key, struct config *config, const char *value,
                    struct buf *why);

#endif
