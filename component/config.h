/*
 * What the operator decided: the command line over the environment (the secret) over the
 * configuration file over the defaults.
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

#define CONFIG_KEYS_MAX 128

struct config {
    enum config_action action;
    unsigned faults; /* that were told */

    char *file;                 /* that was read; NULL: none */
    int lines[CONFIG_KEYS_MAX]; /* by key: where it stands in the file; 0: nowhere, or overruled */

    char *server; /* as given */
    char *host;   /* and its two parts */
    uint16_t port;
    char *domain; /* prepared */
    char *secret_file;
    char *secret;
    char *data;            /* the folder; NULL: rooms live in memory */
    char *synchronous;     /* "full" or "normal" */
    char *name;            /* of the service, in disco */
    char **admins;         /* bare JIDs or domains, prepared; NULL behind the last; NULL: none */
    char **creators;       /* the same; none: everybody */
    char **local_domains;  /* the same; by default the parent of the domain */
    bool is_local_assumed; /* nobody named a local domain */
    char *restart;         /* "silent" or "stop" */
    char *log_level_name;
    enum log_level log_level;
    uint64_t connect_seconds, silence_seconds, answer_seconds;
    uint64_t backoff_after_seconds, backoff_min_seconds, backoff_max_seconds;
    uint64_t stop_seconds;
    uint64_t queue_high, queue_low, memory; /* MiB */
    uint64_t user_sessions, user_created, user_rate, user_burst, room_rate, room_burst;
    uint64_t visit_rate, visit_burst, own_domain_factor, answer_rate, answer_burst;
    uint64_t refusal_rate, refusal_burst;
    uint64_t user_queue, room_queue; /* milliseconds of the server's time */
    uint64_t rooms, occupants, sessions, affiliations, items, history;
    uint64_t history_bytes, history_seconds, hour_invites;
    uint64_t nick, room_name, stanza, subject, reason, presence, option, vcard, lock;
    uint64_t departures, idle_rooms, invites, voice, relays, user_relays, relay;
    uint64_t whispers, user_whispers, whisper, questions, vacant;
    uint64_t parked, parked_kib;
    uint64_t archive_page, archive_days, archive_keep, archive_queries, user_queries, search_ms;
    uint64_t list_occupants, open_registration, strict_registration; /* 0 or 1 */
};

/*
 * Reads everything. False after a line on stderr for each fault, which says what is wrong and
 * where; the process is then to end with status 2.
 */
bool config_read(struct config *config, int argc, char **argv);
void config_free(struct config *config);

/* Is what the configuration names there: the data folder, the server's host? False after a line on
 * stderr for each that is not. */
bool config_check(struct config *config);

/*
 * Takes over what `fresh`, which was read without a fault, changes while covend runs. Keys that
 * need a restart stay as they are, after a line in the log. Afterwards `fresh` holds the old
 * values, so that they can be freed when nobody borrows them any more.
 */
void config_adopt(struct config *config, struct config *fresh);

/* Each borrows its strings from the configuration. */
struct service_settings config_service_settings(const struct config *config);
struct link_settings config_link_settings(const struct config *config);
struct outbox_limits config_outbox_limits(const struct config *config);

#endif
