/* A stanza in the making. Write it in this order: name and root attributes, the address (known, or
 * left open for copies), the children. Only one draft of the service's buffer is open at a time. */
#ifndef MUC_DRAFT_H
#define MUC_DRAFT_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/outbox.h"
#include "coven/xml.h"

struct service;

struct draft {
    struct xml xml;
    uint32_t to_at;
    uint32_t real_count;
    struct rendered_real real[RENDERED_REAL_MAX];
};

/* Opens <name from= type= id=>; NULLs are left out. */
struct draft draft_open(struct service *service, const char *name, struct span from,
                        const char *type, const char *id);

/* The same in a buffer of the caller's: for another thread, or beside another draft. */
struct draft draft_open_in(struct buf *scratch, const char *name, struct span from,
                           const char *type, const char *id);

/* Writes the address, or leaves it open for each copy. After the last root attribute. */
void draft_to(struct draft *draft, struct span to);
void draft_to_each(struct draft *draft);

/* What is written between these two calls goes only to those who may see real JIDs. */
void draft_real_begin(struct draft *draft);
void draft_real_end(struct draft *draft);

/* Is the draft within `limit` bytes so far? */
bool draft_fits(const struct draft *draft, size_t limit);

/* Closes the stanza, which must be within OUTBOX_STANZA_MAX. The caller owns the reference. */
struct rendered *draft_close(struct draft *draft);

#endif
