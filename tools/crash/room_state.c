#include "room_state.h"

const char *const affiliation_words[AFFILIATIONS] = {"outcast", "none", "member", "admin", "owner"};

struct room_state room_state_none(void)
{
    struct room_state state = {.exists = false};
    for (unsigned seat = 0; seat < SEATS_MAX; seat++)
        state.affiliation[seat] = NONE;
    return state;
}

static bool differ(const char *what, uint32_t is, uint32_t should, struct buf *why)
{
    if (is != should)
        buf_printf(why, "%s is %u, but should be %u", what, is, should);
    return is != should;
}

static bool seat_differs(const struct room_state *is, const struct room_state *should,
                         uint32_t seat, bool blind, struct buf *why)
{
    if (is->affiliation[seat] != should->affiliation[seat]) {
        buf_printf(why, "the affiliation of user %u is %s, but should be %s", seat,
                   affiliation_words[is->affiliation[seat]],
                   affiliation_words[should->affiliation[seat]]);
        return true;
    }
    if (blind || is->nick[seat] == should->nick[seat])
        return false;
    buf_printf(why, "user %u ", seat);
    if (!is->nick[seat])
        buf_printf(why, "is not inside, but should be, as n%ug%u", seat, should->nick[seat]);
    else if (!should->nick[seat])
        buf_printf(why, "is inside, as n%ug%u, but should not be", seat, is->nick[seat]);
    else
        buf_printf(why, "is called n%ug%u, but should be n%ug%u", seat, is->nick[seat], seat,
                   should->nick[seat]);
    return true;
}

bool room_state_differs(const struct room_state *is, const struct room_state *should,
                        uint32_t seats, uint32_t blind, struct buf *why)
{
    if (is->exists != should->exists) {
        buf_add_text(why, is->exists ? "it exists, but should not" : "it does not exist any more");
        return true;
    }
    if (!is->exists)
        return differ("the name of a destroyed room", is->gone, should->gone, why);
    if (differ("members only", is->members_only, should->members_only, why) ||
        differ("moderated", is->moderated, should->moderated, why) ||
        differ("the password's number", is->password, should->password, why) ||
        differ("the title's number", is->title, should->title, why))
        return true;
    for (uint32_t seat = 0; seat < seats; seat++) {
        if (seat_differs(is, should, seat, blind >> seat & 1, why))
            return true;
    }
    return false;
}

void room_state_remove_barred(struct room_state *state, uint32_t seats)
{
    uint8_t least = state->members_only ? MEMBER : NONE;
    for (uint32_t seat = 0; seat < seats; seat++) {
        if (state->affiliation[seat] < least)
            state->nick[seat] = 0;
    }
}
