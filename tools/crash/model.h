/*
 * What is known to be true: the rooms, the people around each, what each of them saw, and which
 * change is under way. Each seat of each room is a session of its own user.
 */
#ifndef CRASH_MODEL_H
#define CRASH_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "room_state.h"
#include "said.h"

enum model_change_kind {
    CHANGE_NONE,
    CHANGE_CREATE,    /* the owner joins a room that does not exist */
    CHANGE_CONFIGURE, /* the owner submits the form: the first one unlocks the room */
    CHANGE_JOIN,
    CHANGE_LEAVE,
    CHANGE_RENAME,
    CHANGE_AFFILIATE, /* several people in one request */
    CHANGE_KICK,      /* several people in one request */
    CHANGE_DESTROY,
    CHANGE_KINDS
};
extern const char *const model_change_words[CHANGE_KINDS];

/* At most one change is under way in a room. */
struct model_change {
    enum model_change_kind kind;
    uint32_t seat; /* who makes it */
    uint32_t id;   /* serial number of the query */
    struct room_state after;
    bool answered; /* the result of the query came */
    bool seen;     /* somebody saw a part of it: it must not be undone */
    int64_t since_ms;
};

struct seat {
    uint32_t view[SEATS_MAX]; /* nick numbers that it sees in the room; 0: nobody on that seat */
    uint32_t nicks;           /* nicks that it has had */
    bool dead;                /* its session ended while the link was down */
    bool asking;              /* it joined again, and its own presence has not come yet */
    uint32_t stay;            /* counts joins and interruptions */
    uint32_t last;            /* number of the last message that it saw */
    struct said_list seen;    /* since the archive was checked last */
};

struct model_room {
    uint32_t number;
    struct room_state state; /* confirmed by the last result */
    struct model_change change;
    struct room_state found;  /* what inspect.h found after a restart */
    struct room_state public; /* what disco shows of it to everybody */
    struct said_list archive;
    struct seat seats[SEATS_MAX];
};

struct model {
    struct model_room *rooms;
    uint32_t count, seats; /* seats of each room */
};

void model_init(struct model *model, uint32_t rooms, uint32_t seats);
void model_free(struct model *model);

/* Forgets the messages of a room that no longer exists. */
void model_room_forget(struct model_room *room, uint32_t seats);

/* Completes the change that is under way. */
void model_room_settle(struct model_room *room, uint32_t seats);

/* The seats (bits) whose sessions are dead. */
uint32_t model_room_dead(const struct model_room *room, uint32_t seats);

/* Does a living seat see anything else than `state`? Then `why` names the first difference. Seats
 * in `blind` (bits) are skipped. A seat that is not in the room has to see nobody. */
bool model_room_view_differs(const struct model_room *room, const struct room_state *state,
                             uint32_t seats, uint32_t blind, struct buf *why);

#endif
