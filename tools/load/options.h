/* What the command line asks for. */
#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/arguments.h"

enum load_role {
    ROLE_NONE,
    ROLE_SERVER,    /* the server of a component */
    ROLE_COMPONENT, /* a component of a server */
    ROLE_CLIENTS,   /* many clients of a server */
    ROLE_LOOPBACK,  /* both ends: the most that this machine can move */
};

enum load_work {
    WORK_JOIN,
    WORK_MESSAGES,
    WORK_PRIVATE,
    WORK_PRESENCE,
    WORK_HISTORY,
    WORK_ARCHIVE
};

#define OPTIONS_WATCH_MAX 8

struct options {
    enum load_role role;
    enum load_work work;
    const char *work_name;
    char *host, *port;               /* to listen at, or to connect to */
    char *mirror_host, *mirror_port; /* where the mirror connects to; NULL: there is none */
    const char *domain;              /* of the users */
    const char *service;             /* the domain of the rooms */
    const char *accounts;            /* prefix of the user names */
    const char *password;
    char *secret;
    const char *room_prefix;
    uint32_t rooms, occupants, users; /* occupants of each room; users in all */
    uint32_t flood;           /* occupants of the additional, flooded room; 0: there is none */
    uint32_t in_flight, rate; /* stanzas a second; 0: a closed loop with in_flight */
    uint32_t joining;         /* maximum number of unanswered joins */
    uint32_t fill, page;      /* messages before the work; messages asked for */
    uint32_t bytes;
    uint32_t ms, warmup_ms, timeout_ms;
    bool loopback, tls, stream_management, quiet_rooms, no_archive, progress;
    const char *csv, *json, *plot;
    int watch[OPTIONS_WATCH_MAX];
    int watch_count;
};

/* How many messages a join or a page of the work brings. */
uint32_t options_replayed(const struct options *options);

/* options_free() in any case. */
enum arguments_result options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
