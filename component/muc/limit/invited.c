#include "invited.h"

#include <stdlib.h>

#include "coven/buf.h"
#include "coven/mem.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"

#define PLACES 65536
#define LATELY (INT64_C(7) * 24 * 3600 * 1000)

/* An invitation, by two hashes of it that nobody can foresee. */
struct invited_place {
    unsigned first, second;
    int64_t at_ms; /* when it was made */
    bool taken;
};

static unsigned hash_of(const struct room *room, struct span one, struct span other)
{
    struct buf text = BUF_INIT;
    buf_add_span(&text, one);
    buf_add_char(&text, ' '); /* no bare JID holds one */
    buf_add_span(&text, room_address(room));
    buf_add_char(&text, ' ');
    buf_add_span(&text, other);
    unsigned hash = hash_span(&room->service->seed, buf_span(&text));
    buf_free(&text);
    return hash;
}

void invited_note(const struct room *room, struct span inviter, struct span invitee)
{
    struct invited *invited = room->service->invited;
    if (!invited->places)
        invited->places = mem_new(PLACES * sizeof *invited->places);
    unsigned first = hash_of(room, inviter, invitee);
    invited->places[first % PLACES] = (struct invited_place){
        .first = first,
        .second = hash_of(room, invitee, inviter),
        .at_ms = room->service->mono_ms,
        .taken = true,
    };
}

bool invited_was(const struct room *room, struct span inviter, struct span invitee)
{
    const struct invited *invited = room->service->invited;
    unsigned first = hash_of(room, inviter, invitee);
    const struct invited_place *place = invited->places ? &invited->places[first % PLACES] : NULL;
    return place && place->taken && place->first == first &&
           place->second == hash_of(room, invitee, inviter) &&
           room->service->mono_ms - place->at_ms < LATELY;
}

void invited_free(struct invited *invited)
{
    free(invited->places);
    free(invited);
}
