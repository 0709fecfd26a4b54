/*
 * The configuration, from four sources, the strongest first: the command line, the environment (the
 * secret alone), the configuration file, the defaults. A table (config_keys.c) says which key of
 * the file fills which member here; the settings of the service, the link and the outbox are
 * members, so they can be handed on as they are.
 */
#ifndef COVEN_CONFIG_H
#define COVEN_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/link.h"
#include "coven/log.h"
#include "coven/outbox.h"
#include "coven/service.h"

enum config_action { CONFIG_RUN, CONFIG_CHECK, CONFIG_VERSION, CONFIG_HELP };

/* What occupants of stored rooms see when covend stops: nothing, or that they leave. */
enum config_restart { CONFIG_RESTART_SILENT, CONFIG_RESTART_STOP };

#define CONFIG_KEYS_MAX 128

struct config {
    enum config_action action;
    unsigned faults;            /* reported so far */
    const char *file;           /* path of the configuration file; NULL: none */
    int lines[CONFIG_KEYS_MAX]; /* by key: its line in the file; 0: not set there, or overruled */
    int room_lines[ROOM_OPTIONS_MAX]; /* by option, for its default in [room]: the same */

    /* Strings and lists are owned by the configuration, but link.domain is service.domain. */
    struct service_settings service;
    struct link_settings link;
    struct outbox_limits outbox;
    const char *secret_file;
    const char *data;    /* path of the data folder; NULL: rooms live in memory */
    const char *control; /* path of the control socket; NULL: control_default_path() */
    const char *http;    /* ADDRESS:PORT for HTTP; NULL: none */
    const char *http_token_file;
    const char *http_token; /* NULL: no commands over HTTP */
    unsigned http_connections, http_seconds;
    bool full_sync; /* each commit waits for the disk */
    enum config_restart restart;
    enum log_level log_level;
    uint32_t stop_ms;       /* time to send what is left at the end */
    uint64_t memory_bytes;  /* limit of the process; 0: derived from the machine */
    unsigned keep_messages; /* per archive, as set; 0: no limit. See limits.archive_keep */
    bool is_local_assumed;  /* service.local_domains is derived from the domain */
};

/* Reads the configuration from all four sources. Returns false after reporting each fault on
 * stderr, with file and line; the process should then exit with status 2. The caller frees the
 * configuration with config_free(), also after false. */
bool config_read(struct config *config, int argc, char **argv);
void config_free(struct config *config);

/* Checks that the data folder is usable and that the server's name resolves, which may take
 * seconds. Returns false after reporting each fault on stderr. */
bool config_check(struct config *config);

/* Reloads: moves the values of `fresh`, which config_read() has accepted, into `config`. A key that
 * needs a restart keeps its old value, and the log says so. Afterwards `fresh` holds the replaced
 * values: the caller hands the new ones to all borrowers first, and then frees `fresh`. */
void config_adopt(struct config *config, struct config *fresh);

#endif
