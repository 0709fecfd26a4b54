#include "room_names.h"

#include <stdlib.h>

#include "coven/mem.h"

static void take(void *user, const struct store_facts *facts)
{
    *(char **)user = mem_copy(facts->name.at, facts->name.len);
}

const char *room_names_find(struct room_names *names, struct store *store, int64_t id)
{
    if (names->name && names->id == id)
        return names->name;
    free(names->name);
    names->name = NULL;
    names->id = id;
    enum store_result result = store_facts_of(store, id, take, &names->name);
    if (result == STORE_NOTHING)
        names->name = mem_string("");
    return names->name;
}

void room_names_free(struct room_names *names)
{
    free(names->name);
}
