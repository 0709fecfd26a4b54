#include "said.h"

#include <stdlib.h>

#include "coven/mem.h"

struct said *said_add(struct said_list *list)
{
    if (list->count == list->size) {
        list->size = list->size ? 2 * list->size : 64;
        list->items = mem_resize(list->items, list->size * sizeof *list->items);
    }
    return &list->items[list->count++];
}

void said_free(struct said_list *list)
{
    free(list->items);
    *list = (struct said_list){NULL, 0, 0};
}
