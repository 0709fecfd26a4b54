/* Shared by the files that read the configuration. */
#ifndef COVEN_CONFIG_PRIVATE_H
#define COVEN_CONFIG_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "coven/buf.h"

/* Reports a fault on stderr, with its line of the file unless `line` is 0, and counts it. Only the
 * first 50 faults are shown. */
void config_fault(struct config *config, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The line of the file that sets this key; 0: none does. */
int config_line_of(const struct config *config, const char *section, const char *name);

/* Reads config->file, and reports every fault in it. */
void config_file_read(struct config *config);

/* Takes a key of the section [room], or reports what is wrong with it. False: there is no option
 * with that name. */
bool config_room_take(struct config *config, int line, const char *name, const char *value);

void config_room_free(struct config *config);

/* Appends the whole file to `out`. Returns false, with the reason in `why`, if it cannot be read or
 * has more than `limit` bytes. */
bool config_file_load(const char *path, size_t limit, struct buf *out, struct buf *why);

/* The options of the command line that set a key. */
enum option_key { OPTION_SERVER, OPTION_DOMAIN, OPTION_SECRET_FILE, OPTION_DATA, OPTION_KEYS };

/* A command line; the strings are borrowed from argv. */
struct config_options {
    enum config_action action;
    const char *file;                /* NULL: no --config */
    const char *values[OPTION_KEYS]; /* NULL: not given */
};

/* Returns false after reporting the first fault on stderr. */
bool config_options_read(struct config_options *options, int argc, char **argv);

/* Sets the keys that the command line gives. */
void config_options_apply(struct config *config, const struct config_options *options);

/* Prints the answer to --help or --version; false: neither was given. */
bool config_options_answer(const struct config_options *options);

/* Sets link.secret and http_token, or reports why the former is missing. `is_option`: secret_file
 * was given on the command line, so it overrules the environment. */
void config_secret_read(struct config *config, bool is_option);

#endif
