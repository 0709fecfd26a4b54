/*
 * Stanzas that have been sent and have not come back to everybody yet. Each gets a number, which
 * travels in its body or status as a mark; the ledger knows when it was sent and how many copies
 * are due.
 */
#ifndef WIRE_LEDGER_H
#define WIRE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/span.h"

/* `L` and ten digits: its fixed length makes it quick to find. */
#define MARK_LEN 11
void mark_write(char at[MARK_LEN], uint32_t number);
/* False: these bytes are no mark. */
bool mark_read(const char at[MARK_LEN], uint32_t *number_r);

struct ledger_entry {
    uint64_t sent_ns;
    uint32_t number, due;
};

struct ledger {
    struct ledger_entry *entries; /* a ring */
    uint32_t mask, next;
    uint32_t open;   /* stanzas with copies due */
    uint64_t sent;   /* stanzas */
    uint64_t copies; /* copies that came and were due */
    uint64_t stray;  /* that came and were not due */
    uint64_t lost;   /* that were due when their entry was used again */
};

/* Room for `size` open stanzas, a power of two. */
void ledger_init(struct ledger *ledger, uint32_t size);
void ledger_free(struct ledger *ledger);
bool ledger_is_full(const struct ledger *ledger);

/* Enters a stanza and returns its number. */
uint32_t ledger_send(struct ledger *ledger, uint64_t sent_ns, uint32_t copies);
/* A copy came. False: none was due. Else `sent_ns_r` is when its stanza was sent. */
bool ledger_receive(struct ledger *ledger, uint32_t number, uint64_t *sent_ns_r);
/* A stanza came back as an error: nothing of it is due any more. */
void ledger_refuse(struct ledger *ledger, uint32_t number);

/* Copies that are due. */
uint64_t ledger_due(const struct ledger *ledger);
/* Forgets what is due, and counts from zero. Numbers are not used again. */
void ledger_reset(struct ledger *ledger);

#endif
