#include "roll.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "affiliation.h"
#include "coven/mem.h"

unsigned roll_before(const struct roll *roll, const char *jid, bool passed)
{
    unsigned from = 0, to = roll->count;
    while (from < to) {
        unsigned middle = from + (to - from) / 2;
        int order = strcmp(roll->sorted[middle]->jid, jid);
        if (order < 0 || (order == 0 && passed))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* A room is loaded in the order of JIDs. */
static unsigned place_of(const struct roll *roll, const char *jid)
{
    bool last = roll->count > 0 && strcmp(roll->sorted[roll->count - 1]->jid, jid) < 0;
    return last ? roll->count : roll_before(roll, jid, false);
}

/* There is room for as many entries as the next power of two. */
static bool is_full(unsigned count)
{
    return (count & (count - 1)) == 0;
}

static void resize(struct roll *roll, unsigned count)
{
    roll->sorted = mem_resize(roll->sorted, count * sizeof(struct affiliation_entry *));
}

void roll_add(struct roll *roll, struct affiliation_entry *entry)
{
    unsigned at = place_of(roll, entry->jid);
    if (is_full(roll->count))
        resize(roll, roll->count > 0 ? 2 * roll->count : 1);
    struct affiliation_entry **place = roll->sorted + at;
    memmove(place + 1, place, (roll->count - at) * sizeof(struct affiliation_entry *));
    *place = entry;
    roll->count++;
    DL_APPEND(roll->first, entry);
}

void roll_remove(struct roll *roll, struct affiliation_entry *entry)
{
    struct affiliation_entry **place = roll->sorted + roll_before(roll, entry->jid, false);
    struct affiliation_entry **end = roll->sorted + roll->count;
    memmove(place, place + 1, (size_t)(end - place - 1) * sizeof(struct affiliation_entry *));
    DL_DELETE(roll->first, entry);
    roll->count--;
    if (roll->count == 0) {
        free(roll->sorted);
        roll->sorted = NULL;
    } else if (is_full(roll->count)) {
        resize(roll, roll->count);
    }
}
