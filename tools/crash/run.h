/*
 * A run: the world lives, is struck again and again, and is looked at after each time. Everything
 * that waits ends at once, with false, when the link goes down or a promise turns out to be broken.
 */
#ifndef CRASH_RUN_H
#define CRASH_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "dice.h"
#include "line.h"
#include "options.h"
#include "victim.h"
#include "words.h"
#include "world.h"

/* What the owner of a room asks, all of a round at once. */
enum question_kind { ASK_FORM, ASK_DISCO, ASK_AFFILIATION, ASK_ROLE, ASK_ARCHIVE };

struct question {
    enum question_kind kind;
    uint32_t room;
    uint8_t value; /* the affiliation that is asked for */
    bool open;
    size_t at; /* of an archive: how many of its messages have been read */
};

struct run {
    const struct options *options;
    struct world world;
    struct dice dice;
    struct line line;
    struct victim victim;
    struct talk_settings talk;
    int listener;
    struct buf fault; /* the broken promise */

    uint32_t strikes;     /* kills or cuts so far */
    uint32_t countdown;   /* stanzas until the next; 0: there is none to come */
    bool due;             /* it is to come now */
    uint32_t serial;      /* of queries */
    uint32_t next_number; /* of messages */
    struct words words;

    struct question *questions;
    uint32_t question_count, open;
    uint32_t round; /* their serial */

    uint64_t messages, changes; /* that came to their end */
    uint64_t copies;            /* of messages that somebody saw */
    uint64_t deaths;
};

/* 0: no promise was broken; 1: one was, and an account of it stands on stderr. */
int run_all(const struct options *options);

/* For the parts of a run: remembers the first broken promise. Returns false. */
bool run_fault(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The link is up and all is well so far. */
bool run_is_well(const struct run *run);

/* A stanza was sent or has come: the next strike is nearer. */
void run_count(struct run *run);

/* Sends what is to be sent and hears what comes for so long at most; as run_is_well(). */
bool run_turn(struct run *run, int timeout_ms);

/* Something happens somewhere: somebody speaks, or a change begins. */
void run_act(struct run *run);

/* Asks in a new round. Waits until all are answered. */
void run_ask_begin(struct run *run);
struct question *run_ask(struct run *run, enum question_kind kind, uint32_t room);
bool run_ask_end(struct run *run);

#endif
