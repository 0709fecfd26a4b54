/*
 * A run of the modes messages, changes and cut: users talk and change rooms, covend is killed or
 * its link is cut again and again, and each time everything is checked. Every function that waits
 * returns false at once when the link goes down or a promise turns out to be broken.
 */
#ifndef CRASH_RUN_H
#define CRASH_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "connection.h"
#include "dice.h"
#include "excused.h"
#include "model.h"
#include "multi.h"
#include "options.h"
#include "victim.h"

/* What the owner of a room asks; all queries of a round are sent at once. */
enum query_kind { ASK_FORM, ASK_DISCO, ASK_AFFILIATION, ASK_ROLE, ASK_ARCHIVE };

struct query {
    enum query_kind kind;
    uint32_t room;
    uint8_t value; /* the affiliation that is asked for */
    bool open;
    size_t at; /* of an archive: how many of its messages have been read */
};

struct run {
    const struct options *options;
    struct model model;
    struct dice dice;
    struct connection link;
    struct victim victim;
    struct handshake_settings settings;
    struct multi multi; /* with --multi */
    int listener;
    struct buf failure; /* the first broken promise; empty: none */

    uint32_t kills;       /* kills or cuts so far */
    uint32_t countdown;   /* stanzas until the next one; 0: none is planned */
    bool due;             /* the next one is to happen now */
    uint32_t serial;      /* the number of the last query */
    uint32_t next_number; /* of messages */
    struct excused excused;

    struct query *queries;
    uint32_t query_count, open;
    uint32_t round; /* the serial number that the queries of a round share */

    uint64_t messages, changes; /* messages sent, changes completed */
    uint64_t copies;            /* of messages, received */
    uint64_t deaths;            /* sessions that ended while the link was down */
};

/* Runs until all kills are done or a promise is broken. Returns the exit status: 0, or 1 after a
 * message on stderr. */
int run_all(const struct options *options);

/* ---- For the parts of a run ---- */

/* Remembers the first broken promise. Returns false. */
bool run_fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Is the link up, and no promise broken? */
bool run_is_well(const struct run *run);

/* Counts a stanza that was sent or received: the next kill comes closer. */
void run_count(struct run *run);

/* Sends what is queued and handles what arrives within the timeout. Returns run_is_well(). */
bool run_turn(struct run *run, int timeout_ms);

/* Sends a message, or begins a change, in a random room. */
void run_act(struct run *run);

/* A round of queries: begin, ask, then wait until all are answered. */
void run_ask_begin(struct run *run);
struct query *run_ask(struct run *run, enum query_kind kind, uint32_t room);
bool run_ask_end(struct run *run);

#endif
