#include "names.h"

#include <stdlib.h>

#include "coven/mem.h"

void names_take(void *user, struct span name)
{
    struct names *names = user;
    names->list = mem_resize(names->list, (names->count + 1) * sizeof *names->list);
    names->list[names->count++] = mem_copy(name.at, name.len);
}

void names_free(struct names *names)
{
    for (unsigned i = 0; i < names->count; i++)
        free(names->list[i]);
    free(names->list);
}
