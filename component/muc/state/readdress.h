/* Stanzas that the store keeps of a room which was renamed since. They name the room by the address
 * that it had; whoever reads them gets its present one. */
#ifndef MUC_READDRESS_H
#define MUC_READDRESS_H

#include <stdint.h>

#include "coven/buf.h"

struct readdressed {
    struct span stanza;
    uint32_t to_at;
    struct buf copy; /* holds the stanza if that had to be changed */
};

/* The stanza as the room with that address would have sent it: its sender, and who made the ids and
 * notes in it. One without such a sender stays as it is. The caller frees the result, which
 * borrows the given stanza. */
struct readdressed readdress_stanza(struct span stanza, uint32_t to_at, struct span address);

/* The same for a room that had the address `former`, which may be of another service. */
struct readdressed readdress_from(struct span stanza, uint32_t to_at, struct span former,
                                  struct span address);
void readdress_free(struct readdressed *readdressed);

#endif
