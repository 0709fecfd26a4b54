/* Stanzas that came in, in their order, to be looked at later. Starts zeroed. */
#ifndef COVEN_STANZA_LIST_H
#define COVEN_STANZA_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>

struct stanza_item {
    xmpp_stanza_t *stanza; /* a reference */
    bool cut;              /* something of it is missing */
};

struct stanza_list {
    struct stanza_item *items;
    size_t count, size;
};

/* Takes the caller's reference. */
void stanza_list_add(struct stanza_list *list, xmpp_stanza_t *stanza, bool cut);

/* Forgets the stanzas and keeps the memory. */
void stanza_list_clear(struct stanza_list *list);

void stanza_list_free(struct stanza_list *list);

#endif
