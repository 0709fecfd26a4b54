/*
 * A long run of people: clients of real servers enter rooms, talk and do what people do, covend is
 * killed and started again meanwhile, and in quiet moments everybody's view is compared.
 */
#ifndef CRASH_PEOPLE_H
#define CRASH_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "dice.h"
#include "line.h"
#include "options.h"
#include "tale.h"
#include "victim.h"
#include "view.h"
#include "whisper.h"
#include "words.h"

#define PEOPLE_MAX   63 /* with the witness: bits in a word */
#define DEVICES_EACH 2  /* at most, of a person */

/* A server on which people have their accounts. */
struct host {
    char *domain, *address, *port;
    struct talk_settings talk;
};

struct person {
    uint32_t number;
    const struct host *host;
    bool dropped; /* a session of its own ended since the last quiet moment */
};

/* A client, in all its sessions one after another. */
struct device {
    struct people *people;
    struct person *person;
    uint32_t number, own; /* of all devices, and of its person's */
    unsigned resource;    /* the number in its resource */
    struct line line;
    int64_t away_ms; /* since when it is, or was last, away */
    int64_t back_ms; /* when it comes back */
    struct view *views;
};

/* What is known of a room beside what people see. */
struct place {
    uint64_t banned;          /* persons (bits) who may be */
    struct said_list archive; /* as it was asked for last */
    struct said_list page;    /* what is being asked for */
    /* What the owner was told in the last quiet moment. */
    struct faces roles, items;
    char affiliations[PEOPLE_MAX + 1][FACE_STATE]; /* of each person; "": none */
    uint32_t mark;                                 /* the number of its last word */
};

struct people {
    const struct options *options;
    struct dice dice;
    struct victim victim;
    struct host *hosts;
    uint32_t host_count;
    struct person *persons; /* the last one is the witness, who owns the rooms and only looks */
    uint32_t person_count;
    struct device *devices; /* the last one is the witness's */
    uint32_t device_count;
    struct place *rooms;
    uint32_t room_count;
    struct pollfd *pollers;
    struct whispers whispers;
    struct words words;
    struct tales tales;
    struct buf fault;
    uint32_t next_number; /* of messages */
    uint32_t open;        /* questions of the witness that are not answered */
    bool up;              /* covend answers */
    int64_t asked_up_ms;  /* when it was last asked whether it does */
    int64_t *blows;       /* when covend is to be struck */
    uint32_t blow_count, blow_next;
    int64_t start_ms;  /* when covend is to be started; 0: it runs */
    int64_t struck_ms; /* when covend, or the server, was struck last, or was not up */
    int64_t heard_ms;  /* when anything came last */
    uint32_t kills, ends, outages, quiets, looks;
    uint64_t deeds, copies, refusals;
};

/* 0: everybody agreed, else 1, and an account stands on stderr. */
int people_run(const struct options *options);

/* Remembers the first disagreement, and tells what happened last in the room to those of whom the
 * two texts speak (NULL: to everybody). Returns false. */
bool people_fault(struct people *people, uint32_t room, const char *one, const char *other,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Sends what is to be sent, hears what comes, and does what has its time; false when there is a
 * fault. */
bool people_turn(struct people *people, int timeout_ms);

/* Is what was done since then to be excused, because covend may not have heard of it? */
bool people_were_struck(const struct people *people, int64_t since_ms);

static inline struct device *people_witness(const struct people *people)
{
    return &people->devices[people->device_count - 1];
}

#endif
