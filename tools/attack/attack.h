/* An attack is a row of a table: who attacks, with what, and what must hold. */
#ifndef ATTACK_ATTACK_H
#define ATTACK_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/buf.h"

struct attempt;

/* How much may leave the service for what the attackers send, at most. */
enum gain {
    GAIN_ROOM,   /* a copy of each stanza to everybody in the room */
    GAIN_ECHO,   /* no more than came */
    GAIN_SILENT, /* others get nothing of it, the attackers what everybody in a room would, and
                    as much as somebody may ask for */
    GAIN_DAY,    /* these are no attackers: nothing may be refused, everything may be answered */
};

struct attack {
    const char *name, *does;
    bool quick; /* is among the quick ones */
    enum gain gain;
    uint32_t attackers;  /* connections */
    uint32_t bystanders; /* bystanders in the room, beside the honest */
    bool inside;         /* the attackers go into the room first */
    bool one_account;    /* they are sessions of one account */
    bool silent;         /* they answer no requests */
    uint32_t seconds;    /* how long at most */
    uint64_t stanzas;    /* how many at most; 0: any number */
    uint32_t rate;       /* of them in a second; 0: as fast as the server takes them */
    uint32_t in_flight;  /* requests of each without an answer at most; 0: any number */
    uint32_t grown_mib;  /* how much memory it may cost the service; 0: the usual */
    uint32_t here_ms;    /* how much later the room itself may be; 0: as little as others */
    const char *config;  /* fields of the room's form */
    /* Before the attack; false: it cannot begin. */
    bool (*prepare)(struct attempt *attempt);
    /* One stanza, of a member of the attackers; called over and over. */
    void (*say)(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out);
    /* Or something of its own. */
    void (*act)(struct attempt *attempt);
};

/* The attack at that place; NULL behind the last. */
const struct attack *attack_at(size_t index);
const struct attack *attack_find(const char *name);

#endif
