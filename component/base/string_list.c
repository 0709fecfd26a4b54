#include "coven/string_list.h"

#include <stdlib.h>

#include "coven/mem.h"

void string_list_take(void *user, struct span name)
{
    struct string_list *names = user;
    names->list = mem_resize(names->list, (names->count + 1) * sizeof *names->list);
    names->list[names->count++] = mem_copy(name.at, name.len);
}

void string_list_free(struct string_list *names)
{
    for (unsigned i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
}
