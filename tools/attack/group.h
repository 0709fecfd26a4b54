/*
 * A group of clients that one thread plays: they log in, join rooms, send, and count what comes.
 * The accounts are numbered; so are the members of a group, from 0, and `who` is such a number.
 */
#ifndef ATTACK_PARTY_H
#define ATTACK_PARTY_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "options.h"
#include "wire/net.h"

#define GROUP_RESOURCE "attack"

struct group {
    const struct options *options;
    uint32_t first, count;    /* accounts */
    char nick;                /* of all, before their number */
    bool one_account;         /* each is a session of the first account */
    bool silent;              /* requests are left without an answer */
    const char *declarations; /* on the stream header; NULL: none */
    struct net net;
    uint64_t stanzas; /* sent */
    uint64_t iqs;     /* that came */
    uint64_t answers; /* to requests that bear a mark, errors included */
    uint64_t selves;  /* own presences of joins */
    uint32_t awaited; /* an answer with this mark... */
    bool met;         /* ...came */
    uint32_t settled; /* how often */
    /* What else is done with what comes; NULL: nothing. */
    void *user;
    void (*heard)(void *user, uint32_t number);
    void (*refused)(void *user, uint32_t number);
};

/* Numbers of marks that mean something besides honest messages (honest.h). */
enum {
    GROUP_JOIN = 0xC0000000u,
    GROUP_ASK = 0xC1000000u,
    GROUP_FLOOD = 0xC2000000u,
    GROUP_SETTLE = 0xC3000000u
};

/* Logs in. The members before `user` are set by the caller; false: a line of `why`. */
bool group_begin(struct group *group, struct buf *why);
void group_end(struct group *group);
/* Logs that one in anew, after the server ended the connection. */
bool group_return(struct group *group, uint32_t who, struct buf *why);

/* Where to write one more stanza. */
struct buf *group_out(struct group *group, uint32_t who);
void group_say(struct group *group, uint32_t who, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void group_add_jid(const struct group *group, uint32_t who, struct buf *out);

/* All stanzas that came. */
uint64_t group_received(const struct group *group);

/* Sends and reads until the counter is so high; false when that takes longer. */
bool group_wait(struct group *group, const uint64_t *counter, uint64_t wanted, uint32_t ms);
/* All of them go into the room, without its history; the password may be NULL. */
bool group_join(struct group *group, const char *room, const char *password);
/* Reads for so long. */
void group_rest(struct group *group, uint32_t ms);
/* Waits until the server has read what that one wrote. False: it takes longer, or ended the
 * connection. */
bool group_settle(struct group *group, uint32_t who, uint32_t ms);
/* Asks with an <iq/>, and waits for the answer. `iq` is what is inside. */
bool group_ask(struct group *group, uint32_t who, const char *type, const char *to,
               const char *inside, uint32_t ms);

#endif
