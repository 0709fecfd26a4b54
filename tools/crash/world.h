/*
 * The ledger: the rooms, the people around each, what each of them saw, and what is under way. Each
 * seat of each room is a session of a user of its own.
 */
#ifndef CRASH_WORLD_H
#define CRASH_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shape.h"

/* A message has a number, which is its body, and the id that the room gave it. */
#define MESSAGE_ID_LEN 32
struct said {
    char id[MESSAGE_ID_LEN + 1];
    uint32_t number;
    uint32_t stay; /* of whoever saw it: within one, nothing is missed */
};

struct said_list {
    struct said *items;
    size_t count, size;
};

struct said *said_add(struct said_list *list);
void said_free(struct said_list *list);

enum change_kind {
    CHANGE_NONE,
    CHANGE_CREATE,    /* the owner enters a room that is not there */
    CHANGE_CONFIGURE, /* and opens it with the first form, later sends other ones */
    CHANGE_JOIN,
    CHANGE_LEAVE,
    CHANGE_RENAME,
    CHANGE_AFFILIATE, /* some at once */
    CHANGE_KICK,      /* some at once */
    CHANGE_DESTROY,
    CHANGE_KINDS
};
extern const char *const change_words[CHANGE_KINDS];

/* One at a time is under way in a room. */
struct change {
    enum change_kind kind;
    uint32_t seat; /* who does it */
    uint32_t id;   /* of the query */
    struct shape after;
    bool answered; /* the result came; only of queries */
    bool seen;     /* anybody saw anything of it: it cannot be taken back */
    int64_t since_ms;
};

struct seat {
    uint32_t view[SEATS_MAX]; /* whom it sees in the room: the number of the nick, 0 for nobody */
    uint32_t nicks;           /* how many it has had */
    bool dead;                /* its session has ended while the link was away */
    bool asking;              /* to be told who is inside, and not answered yet */
    uint32_t stay;            /* counts entries and interruptions */
    uint32_t last;            /* the last message that it saw */
    struct said_list seen;    /* since the archive was last looked at */
};

struct room {
    uint32_t number;
    struct shape shape; /* as the last result told */
    struct change change;
    struct shape found;  /* by the survey after a restart */
    struct shape public; /* the part of it that is told to everybody (disco) */
    struct said_list archive;
    struct seat seats[SEATS_MAX];
};

struct world {
    struct room *rooms;
    uint32_t count, seats; /* seats of each room */
};

void world_init(struct world *world, uint32_t rooms, uint32_t seats);
void world_free(struct world *world);

/* A room has gone: what it kept is nothing to look for any more. */
void room_forget(struct room *room, uint32_t seats);

/* The change has come to its end. */
void room_settle(struct room *room, uint32_t seats);

/* The seats (bits) whose sessions are dead. */
uint32_t room_dead(const struct room *room, uint32_t seats);

/* The first living seat that does not see what `shape` is, and that `blind` (bits) leaves to be
 * looked at; false: there is none. Who is not inside sees nobody. */
bool room_view_differs(const struct room *room, const struct shape *shape, uint32_t seats,
                       uint32_t blind, struct buf *why);

#endif
