/* The keys of the configuration file, in one table. */
#ifndef COVEN_CONFIG_KEYS_H
#define COVEN_CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

/* What a value looks like, and the type of the member it is stored in. */
enum key_kind {
    KEY_NUMBER,    /* an unsigned integer of 4 or 8 bytes, times the key's scale */
    KEY_CHOICE,    /* a bool or an enum: the index of the word among the key's words */
    KEY_TEXT,      /* const char *, UTF-8 on one line */
    KEY_URL,       /* const char *, http or https, ASCII */
    KEY_PATH,      /* const char * */
    KEY_DOMAIN,    /* const char *, prepared */
    KEY_SERVER,    /* struct link_settings: host and port */
    KEY_ADDRESSES, /* const char *const *, ends with NULL: bare JIDs, prepared; each line adds one
                    */
    KEY_OPTIONS,   /* bool[ROOM_OPTIONS_MAX], by option of a room; each line adds some */
};

/* When a new value takes effect. */
enum key_change { KEY_RELOAD, KEY_RESTART };

struct config_key {
    const char *section, *name;
    enum key_change change;
    enum key_kind kind;
    size_t offset, width;     /* of the member of struct config, in bytes */
    const char *standard;     /* the default, as it would be written in the file; NULL: none */
    uint64_t min, max, scale; /* of a number; the bounds are those of the written value */
    const char *const *words; /* of a choice; ends with NULL */
};

/* The key at that place of the table; NULL after the last. */
const struct config_key *config_key_at(size_t index);

/* The inverse; also the key's index in config.lines. */
size_t config_key_index(const struct config_key *key);

/* May the key be in several lines? */
bool config_key_repeats(const struct config_key *key);

/* The key of that name in that section; NULL: no such key. A NULL section or name fits any. */
const struct config_key *config_key_find(const char *section, const char *name);

#endif
