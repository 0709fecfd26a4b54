/* The clients of an outage (outage.h): they fill rooms of real servers, and are all served
 * together, no matter which one is waited for. */
#ifndef CRASH_OUTAGE_CLIENTS_H
#define CRASH_OUTAGE_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "connection.h"
#include "coven/buf.h"
#include "dice.h"
#include "options.h"

#define OUTAGE_ROOMS "conference.localhost"

struct outage_client {
    struct outage_clients *clients;
    struct connection connection;
    uint32_t room, seat;
    bool remote; /* has its account on the second server */
    bool inside, configured;
    bool away;         /* does not come back */
    bool sent_out;     /* was removed although it was inside */
    bool *listed;      /* of an owner: the seats that its room lists */
    uint32_t heard;    /* messages */
    uint64_t heard_is; /* a digest of them, in their order */
};

struct outage_clients {
    const struct options *options;
    struct handshake_settings near, remote; /* how to log in */
    struct outage_client *list;             /* room by room; the first of each is its owner */
    struct pollfd *pollers;
    uint32_t count;
    struct dice dice;
    bool crashed;
    bool may_leave;     /* departures without 333 are right */
    uint32_t left_333;  /* departures with 333, as the owners saw them */
    struct buf failure; /* the first broken promise; empty: none */
};

void outage_clients_init(struct outage_clients *clients, const struct options *options);
void outage_clients_free(struct outage_clients *clients);

/* Remembers the first failure. Returns false. */
bool outage_fail(struct outage_clients *clients, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Logs in, trying for so long. The resource tells sessions of one user apart. */
bool outage_client_log_in(struct outage_client *client, const char *resource, int64_t ms);
void outage_client_enter(struct outage_client *client);
void outage_client_configure(struct outage_client *client);
void outage_client_say(struct outage_client *client, uint32_t number);

/* Reads and writes for a moment, or for so long. False: there is a failure. */
bool outage_clients_turn(struct outage_clients *clients);
bool outage_clients_turn_for(struct outage_clients *clients, int64_t ms);

/* Waits until the condition holds for all who are not away. `what` completes the failure "user N
 * ...". */
bool outage_clients_wait(struct outage_clients *clients,
                         bool (*holds)(const struct outage_client *client), int64_t ms,
                         const char *what);

/* Waits until the rooms list exactly those who are not away. */
bool outage_clients_wait_for_living(struct outage_clients *clients, int64_t ms);

#endif
