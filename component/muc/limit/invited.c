#include "invited.h"

#include <stdlib.h>

#include "coven/buf.h"
#include "coven/mem.h"
#include "muc/state/service_state.h"

#define ENTRIES  65536
#define VALID_MS (INT64_C(7) * 24 * 3600 * 1000)

/* An invitation, known by two keyed hashes, which nobody can foresee. */
struct made_invitation {
    unsigned hash, check;
    int64_t at_ms; /* when the invitation was noted, on the monotonic clock */
    bool taken;
};

static unsigned hash_of(const struct room *room, struct span first, struct span second)
{
    struct buf text = BUF_INIT;
    buf_add_span(&text, first);
    buf_add_char(&text, ' '); /* a separator: no bare JID has a space */
    buf_add_span(&text, room_address(room));
    buf_add_char(&text, ' ');
    buf_add_span(&text, second);
    unsigned hash = hash_span(&room->service->seed, buf_span(&text));
    buf_free(&text);
    return hash;
}

void invited_note(const struct room *room, struct span inviter, struct span invitee)
{
    struct invited *invited = room->service->invited;
    if (!invited->entries)
        invited->entries = mem_new(ENTRIES * sizeof *invited->entries);
    unsigned hash = hash_of(room, inviter, invitee);
    invited->entries[hash % ENTRIES] = (struct made_invitation){
        .hash = hash,
        .check = hash_of(room, invitee, inviter),
        .at_ms = room->service->mono_ms,
        .taken = true,
    };
}

bool invited_was(const struct room *room, struct span inviter, struct span invitee)
{
    const struct invited *invited = room->service->invited;
    unsigned hash = hash_of(room, inviter, invitee);
    const struct made_invitation *entry =
        invited->entries ? &invited->entries[hash % ENTRIES] : NULL;
    return entry && entry->taken && entry->hash == hash &&
           entry->check == hash_of(room, invitee, inviter) &&
           room->service->mono_ms - entry->at_ms < VALID_MS;
}

void invited_free(struct invited *invited)
{
    free(invited->entries);
    free(invited);
}
