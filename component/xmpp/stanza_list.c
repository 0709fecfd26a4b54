#include "coven/stanza_list.h"

#include <stdlib.h>

#include "coven/mem.h"

#define FIRST 64

void stanza_list_add(struct stanza_list *list, xmpp_stanza_t *stanza, bool cut)
{
    if (list->count == list->size) {
        list->size = list->size ? 2 * list->size : FIRST;
        list->items = mem_resize(list->items, list->size * sizeof *list->items);
    }
    list->items[list->count++] = (struct stanza_item){stanza, cut};
}

void stanza_list_clear(struct stanza_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        xmpp_stanza_release(list->items[i].stanza);
    list->count = 0;
}

void stanza_list_free(struct stanza_list *list)
{
    stanza_list_clear(list);
    free(list->items);
    *list = (struct stanza_list){NULL, 0, 0};
}
