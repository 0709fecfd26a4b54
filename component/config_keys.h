/* The keys of the configuration file, in one table. */
#ifndef COVEN_CONFIG_KEYS_H
#define COVEN_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "coven/buf.h"

enum key_type { KEY_TEXT, KEY_NUMBER, KEY_ADDRESSES /* each appearance adds one */ };

/* When does a new value hold? */
enum key_change { KEY_RELOAD, KEY_RESTART };

struct config_key {
    const char *section, *name;
    enum key_change change;
    enum key_type type;
    size_t offset; /* in struct config */
    const char *standard;
    uint64_t min, max;                  /* of a number */
    const char *(*fault)(const char *); /* of a text: what it must be, or NULL; may be missing */
};

/* NULL behind the last. */
const struct config_key *config_key_at(size_t index);
const struct config_key *config_key_find(const char *section, const char *name);

/* Where it stands in the table, and so in config.lines. */
size_t config_key_index(const struct config_key *key);

/* The section that has a key of this name, or NULL; is there such a section? */
const char *config_section_of(const char *name);
bool config_section_exists(const char *section);

/* False, and what is wrong in `why`, when the value does not fit the key. */
bool config_key_set(const struct config_key *key, struct config *config, const char *value,
                    struct buf *why);

/* Do both configurations have the same value there? Not for KEY_ADDRESSES. */
bool config_key_equal(const struct config_key *key, const struct config *a, const struct config *b);

/* Exchanges the values that the two have there. */
void config_key_swap(const struct config_key *key, struct config *a, struct config *b);

#endif
