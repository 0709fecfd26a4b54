/*
 * A run of the mode people: clients of real servers join rooms, talk and moderate while covend is
 * killed and started again. In quiet moments all views are compared.
 */
#ifndef CRASH_PEOPLE_H
#define CRASH_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "connection.h"
#include "dice.h"
#include "excused.h"
#include "options.h"
#include "private.h"
#include "trace.h"
#include "victim.h"
#include "view.h"

#define PEOPLE_MAX   63 /* with the witness: bits in a word */
#define DEVICES_EACH 2  /* at most, of a person */

/* A server on which people have accounts. */
struct people_server {
    char *domain, *address, *port;
    struct handshake_settings settings;
};

struct people_person {
    uint32_t number;
    const struct people_server *server;
    bool dropped; /* a session ended since the last quiet moment */
};

/* A client, in all its sessions one after another. */
struct device {
    struct people *people;
    struct people_person *person;
    uint32_t number, own; /* among all devices, and among its person's */
    unsigned resource;    /* the number in its resource */
    struct connection connection;
    int64_t away_ms; /* when it went offline last */
    int64_t back_ms; /* when it comes back */
    struct view *views;
};

/* What is known of a room besides what the devices see. */
struct people_room {
    uint64_t banned;          /* persons (bits) who may be banned */
    struct said_list archive; /* as read last */
    struct said_list page;    /* as being read */
    /* What the owner was told in the last quiet moment. */
    struct faces roles, items;
    char affiliations[PEOPLE_MAX + 1][FACE_STATE]; /* of each person; "": none */
    uint32_t mark;                                 /* number of the owner's last message */
};

struct people {
    const struct options *options;
    struct dice dice;
    struct victim victim;
    struct people_server *servers;
    uint32_t server_count;
    struct people_person *persons; /* the last one is the witness, who owns the rooms */
    uint32_t person_count;
    struct device *devices; /* the last one is the witness's */
    uint32_t device_count;
    struct people_room *rooms;
    uint32_t room_count;
    struct pollfd *pollers;
    struct private_messages private_messages;
    struct excused excused;
    struct traces traces;
    struct buf failure;   /* the first disagreement; empty: none */
    uint32_t next_number; /* of messages */
    uint32_t open;        /* unanswered queries of the witness */
    bool up;              /* covend answers */
    int64_t asked_up_ms;  /* when the witness asked last whether it does */
    int64_t *disruptions; /* their times, in order */
    uint32_t disruption_count, disruption_next;
    int64_t start_ms;     /* when covend is to be started; 0: it runs */
    int64_t disrupted_ms; /* when covend or the server was last disrupted, or not yet up again */
    int64_t heard_ms;     /* when anything arrived last */
    uint32_t kills, ends, outages, quiet_moments, checks;
    uint64_t actions, copies, refusals;
};

/* Returns the exit status: 0 when all agreed; 1 after a message on stderr. */
int people_run(const struct options *options);

/* Remembers the first disagreement, and prints the room's trace to stderr: the lines about `one`
 * and `other`, or (NULL) about everybody. Returns false. */
bool people_fail(struct people *people, uint32_t room, const char *one, const char *other,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Sends what is queued, handles what arrives within the timeout, and does what is due. False: there
 * is a failure. */
bool people_turn(struct people *people, int timeout_ms);

/* May covend have missed what was done since then? */
bool people_were_disrupted(const struct people *people, int64_t since_ms);

static inline struct device *people_witness(const struct people *people)
{
    return &people->devices[people->device_count - 1];
}

#endif
