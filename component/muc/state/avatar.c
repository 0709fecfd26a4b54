#include "avatar.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "room.h"

#define HEX "0123456789abcdef"

void avatar_load(struct room *room, const struct store_option *row)
{
    if (!span_is(row->var, AVATAR_ROW))
        return;
    char *hashes = mem_copy(row->value.at, row->value.len);
    bool sound = row->value.len % AVATAR_HASH_CHARS == 0 && strspn(hashes, HEX) == row->value.len;
    free(room->avatar);
    room->avatar = sound && row->value.len > 0 ? hashes : NULL;
    if (!room->avatar)
        free(hashes);
}

bool avatar_is_same(const char *a, const char *b)
{
    return a && b ? strncmp(a, b, AVATAR_HASH_CHARS) == 0 : a == b;
}
