/* Received stanzas in their order, kept for later. Starts zeroed. */
#ifndef COVEN_STANZA_LIST_H
#define COVEN_STANZA_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>

struct stanza_item {
    xmpp_stanza_t *stanza; /* a reference */
    bool cut;              /* the guard left a part of it out */
};

struct stanza_list {
    struct stanza_item *items;
    size_t count, size;
};

/* Takes over the caller's reference. */
void stanza_list_add(struct stanza_list *list, xmpp_stanza_t *stanza, bool cut);

/* Releases the stanzas and keeps the memory. */
void stanza_list_clear(struct stanza_list *list);

void stanza_list_free(struct stanza_list *list);

#endif
