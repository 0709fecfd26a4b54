/*
 * What the operator decided: the command line over the environment (the secret) over the
 * configuration file over the defaults.
 */
#ifndef COVEN_CONFIG_H
#define COVEN_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/log.h"
#include "coven/outbox.h"
#include "coven/service.h"

enum config_action { CONFIG_RUN, CONFIG_CHECK, CONFIG_VERSION, CONFIG_HELP };

struct config {
    enum config_action action;
    char *file;   /* that was read; NULL: none */
    char *server; /* as given */
    char *host;   /* and its two parts */
    uint16_t port;
    char *domain; /* prepared */
    char *secret_file;
    char *secret;
    char *data;           /* the folder; NULL: rooms live in memory */
    char *synchronous;    /* "full" or "normal" */
    char *name;           /* of the service, in disco */
    char **admins;        /* bare JIDs or domains, prepared; NULL behind the last; NULL: none */
    char **creators;      /* the same; none: everybody */
    char **local_domains; /* the same; by default the parent of the domain */
    char *restart;        /* "silent" or "stop" */
    char *log_level_name;
    enum log_level log_level;
    uint64_t connect_seconds, silence_seconds, answer_seconds;
    uint64_t backoff_min_seconds, backoff_max_seconds;
    uint64_t stop_seconds;
    uint64_t queue_high, queue_low; /* MiB */
    uint64_t user_sessions, user_created, user_rate, user_burst, room_rate, room_burst;
    uint64_t rooms, occupants, sessions, affiliations, items, history;
    uint64_t nick, room_name, stanza, subject, reason, presence, option, vcard, lock;
    uint64_t departures, idle_rooms, invites, voice, relays, relay;
    uint64_t archive_page, archive_days, archive_keep, archive_queries, user_queries;
    uint64_t list_occupants, open_registration, strict_registration; /* 0 or 1 */
};

/*
 * Reads everything. False after one line on stderr that says what is wrong and where; the process
 * is then to end with status 2.
 */
bool config_read(struct config *config, int argc, char **argv);
void config_free(struct config *config);

struct service_limits config_service_limits(const struct config *config);
struct outbox_limits config_outbox_limits(const struct config *config);

#endif
