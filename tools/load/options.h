/* What the command line asks for. */
#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/arguments.h"

enum load_role {
    ROLE_NONE,
    ROLE_SERVER,    /* a component connects to us */
    ROLE_COMPONENT, /* we are a component of a server */
    ROLE_CLIENTS,   /* we are many clients of a server */
    ROLE_LOOPBACK,  /* we talk to ourselves: what this machine can move at all */
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
    char *mirror_host, *mirror_port; /* where our own service connects to, NULL: there is none */
    const char *domain;              /* of the users */
    const char *service;             /* the domain of the rooms */
    const char *accounts;            /* what the names of the users begin with */
    const char *password;
    char *secret;
    const char *room_prefix;
    uint32_t rooms, occupants, users; /* occupants of each room; users in all */
    uint32_t flood;                   /* occupants of a room that is flooded beside; 0: none */
    uint32_t in_flight, rate;         /* rate 0: closed loop */
    uint32_t joining;                 /* joins under way at most */
    uint32_t fill, page; /* messages before the work; asked for with history, archive */
    uint32_t bytes;
    uint32_t ms, warmup_ms, timeout_ms;
    bool loopback, quiet_rooms, no_archive, progress;
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
