/*
 * The clients of real servers who fill rooms: what they say, what they hear, who is inside. All of
 * them are served together, whoever is waited for.
 */
#ifndef CRASH_CROWD_H
#define CRASH_CROWD_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "dice.h"
#include "line.h"
#include "options.h"

#define CROWD_ROOMS "conference.localhost"

struct client {
    struct crowd *crowd;
    struct line line;
    uint32_t room, seat;
    bool remote; /* lives on the second server */
    bool inside, configured;
    bool away;         /* does not come back */
    bool sent_out;     /* although it was inside */
    bool *listed;      /* of an owner: the seats that its room lists */
    uint32_t heard;    /* messages */
    uint64_t heard_is; /* a digest of them, in their order */
};

struct crowd {
    const struct options *options;
    struct talk_settings near, remote; /* how to log in */
    struct client *clients; /* one room behind the other; the first of each is its owner */
    struct pollfd *pollers;
    uint32_t count;
    struct dice dice;
    bool crashed;
    bool may_leave;    /* departures without 333 are right */
    uint32_t left_333; /* as the owners saw them leave */
    struct buf fault;  /* the first promise that was broken; empty: none */
};

void crowd_init(struct crowd *crowd, const struct options *options);
void crowd_free(struct crowd *crowd);

/* Notes the fault, unless there is one already; false. */
bool crowd_fail(struct crowd *crowd, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Tries for so long. The resource tells sessions of one user apart. */
bool client_log_in(struct client *client, const char *resource, int64_t ms);
void client_enter(struct client *client);
void client_configure(struct client *client);
void client_say(struct client *client, uint32_t number);

/* Reads and writes for a moment, or for a time. False: there is a fault. */
bool crowd_turn(struct crowd *crowd);
bool crowd_turn_for(struct crowd *crowd, int64_t ms);

/* Until it holds for all who are not away, or else user `what`. */
bool crowd_wait(struct crowd *crowd, bool (*holds)(const struct client *client), int64_t ms,
                const char *what);

/* Until the rooms list who is not away, and nobody else. */
bool crowd_wait_for_the_living(struct crowd *crowd, int64_t ms);

#endif
