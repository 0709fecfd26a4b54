/* An attack is a row of a table: who attacks, with what, and which bounds apply. */
#ifndef ATTACK_ATTACK_H
#define ATTACK_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/buf.h"

struct attempt;

/* The maximum output of the service for what the attackers send. */
enum gain {
    GAIN_ROOM,   /* a copy of each stanza to everybody in the room */
    GAIN_ECHO,   /* as much as came in */
    GAIN_SILENT, /* nothing to others; to the attackers a copy of each stanza to everybody, and what
                    anybody may ask for */
    GAIN_DAY,    /* no attack: nothing may be refused, everything may be answered */
};

struct attack {
    const char *name, *does;
    bool quick; /* part of --quick */
    enum gain gain;
    uint32_t attackers;  /* connections */
    uint32_t bystanders; /* in the room, besides the honest people */
    bool inside;         /* the attackers join the room first */
    bool one_account;    /* the attackers are sessions of one account */
    bool silent;         /* the attackers answer no requests */
    uint32_t seconds;    /* maximum duration */
    uint64_t stanzas;    /* maximum number of stanzas; 0: any */
    uint32_t rate;       /* stanzas a second; 0: as many as the server takes */
    uint32_t in_flight;  /* maximum number of unanswered requests of each attacker; 0: any */
    uint32_t grown_mib;  /* memory that the service may need more; 0: the usual */
    uint32_t here_ms;    /* additional delay allowed in the attacked room; 0: as elsewhere */
    const char *config;  /* fields of the room's configuration form */
    /* Prepares the attack. False: that failed. */
    bool (*prepare)(struct attempt *attempt);
    /* Writes one stanza of attacker `who`; called again and again. */
    void (*say)(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out);
    /* Or: carries out the whole attack. */
    void (*act)(struct attempt *attempt);
};

/* The attack at that index; NULL: there are no more. */
const struct attack *attack_at(size_t index);
const struct attack *attack_find(const char *name);

#endif
