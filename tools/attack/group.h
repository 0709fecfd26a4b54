/*
 * A group of clients that one thread plays: they log in, join rooms, send, and count what they
 * receive. `who` is the number of a member, from 0.
 */
#ifndef ATTACK_GROUP_H
#define ATTACK_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "options.h"
#include "wire/net.h"

#define GROUP_RESOURCE "attack"

struct group {
    const struct options *options;
    uint32_t first, count;    /* accounts: the first, and how many */
    char nick;                /* the first letter of all nicks */
    bool one_account;         /* all are sessions of the first account */
    bool silent;              /* requests are not answered */
    const char *declarations; /* more attributes of the stream header; NULL: none */
    struct net net;
    uint64_t stanzas; /* sent */
    uint64_t iqs;     /* received */
    uint64_t answers; /* received, to marked requests, including errors */
    uint64_t selves;  /* own presences of joins, received */
    uint32_t awaited; /* the mark of an answer */
    bool met;         /* that answer has come */
    uint32_t settled; /* pings sent by group_settle() */
    /* Also called for what is received; NULL: nothing is. */
    void *user;
    void (*heard)(void *user, uint32_t number);
    void (*refused)(void *user, uint32_t number);
};

/* Numbers of marks with a meaning of their own; others are honest messages (honest.h). */
enum {
    GROUP_JOIN = 0xC0000000u,
    GROUP_ASK = 0xC1000000u,
    GROUP_FLOOD = 0xC2000000u,
    GROUP_SETTLE = 0xC3000000u
};

/* Logs in. The caller sets the members before `net`, and the callbacks. False: one line of `why`.
 */
bool group_begin(struct group *group, struct buf *why);
void group_end(struct group *group);
/* Logs one in again, after the server closed his connection. */
bool group_return(struct group *group, uint32_t who, struct buf *why);

/* The buffer for one more stanza. */
struct buf *group_out(struct group *group, uint32_t who);
void group_say(struct group *group, uint32_t who, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void group_add_jid(const struct group *group, uint32_t who, struct buf *out);

/* The number of stanzas received. */
uint64_t group_received(const struct group *group);

/* Sends and reads until the counter is that high. False: timeout. */
bool group_wait(struct group *group, const uint64_t *counter, uint64_t wanted, uint32_t ms);
/* All join the room, without its history. The password may be NULL. */
bool group_join(struct group *group, const char *room, const char *password);
/* Sends and reads for so long. */
void group_rest(struct group *group, uint32_t ms);
/* Waits until the server has read what that one wrote. False: timeout, or the server closed the
 * connection. */
bool group_settle(struct group *group, uint32_t who, uint32_t ms);
/* Sends an <iq/> with that content, and waits for the answer. */
bool group_ask(struct group *group, uint32_t who, const char *type, const char *to,
               const char *inside, uint32_t ms);

#endif
