#include "plan.h"

#include <string.h>

static const unsigned weights[MODE_PEOPLE][CHANGE_KINDS] = {
    [MODE_MESSAGES] = {[CHANGE_JOIN] = 4, [CHANGE_LEAVE] = 2, [CHANGE_RENAME] = 3},
    [MODE_CHANGES] = {[CHANGE_CONFIGURE] = 4,
                      [CHANGE_JOIN] = 8,
                      [CHANGE_LEAVE] = 2,
                      [CHANGE_RENAME] = 3,
                      [CHANGE_AFFILIATE] = 4,
                      [CHANGE_KICK] = 2,
                      [CHANGE_DESTROY] = 1},
    [MODE_CUT] = {[CHANGE_JOIN] = 6,
                  [CHANGE_LEAVE] = 2,
                  [CHANGE_RENAME] = 3,
                  [CHANGE_AFFILIATE] = 1,
                  [CHANGE_KICK] = 1},
};

uint32_t plan_talkativeness(enum mode mode)
{
    static const uint32_t percents[MODE_PEOPLE] = {
        [MODE_MESSAGES] = 92, [MODE_CHANGES] = 10, [MODE_CUT] = 70};
    return percents[mode];
}

static enum model_change_kind throw_kind(enum mode mode, struct dice *dice)
{
    unsigned sum = 0;
    for (unsigned kind = 0; kind < CHANGE_KINDS; kind++)
        sum += weights[mode][kind];
    unsigned at = dice_below(dice, sum), kind = 0;
    while (at >= weights[mode][kind])
        at -= weights[mode][kind++];
    return (enum model_change_kind)kind;
}

/* ---- The kinds of changes; false: not possible now ---- */

static bool plan_create(struct model_room *room, uint32_t seats, struct dice *dice)
{
    struct room_state *after = &room->change.after;
    (void)seats;
    (void)dice;
    after->exists = true;
    after->affiliation[0] = OWNER;
    after->nick[0] = ++room->seats[0].nicks;
    return true;
}

static bool plan_configure(struct model_room *room, uint32_t seats, struct dice *dice)
{
    struct room_state *after = &room->change.after;
    if (!after->configured)
        return after->configured = true;
    if (dice_once_in(dice, 3))
        after->members_only = !after->members_only;
    if (dice_once_in(dice, 3))
        after->moderated = !after->moderated;
    if (dice_once_in(dice, 2))
        after->password = dice_once_in(dice, 2) ? 0 : 1 + dice_below(dice, 1000000);
    after->title = 1 + dice_below(dice, 1000000);
    room_state_remove_barred(after, seats);
    return true;
}

/* Anybody but the owner. */
static uint32_t somebody(uint32_t seats, struct dice *dice)
{
    return 1 + dice_below(dice, seats - 1);
}

static bool plan_join(struct model_room *room, uint32_t seats, struct dice *dice)
{
    struct room_state *after = &room->change.after;
    uint32_t seat = room->change.seat = somebody(seats, dice);
    uint8_t least = after->members_only ? MEMBER : NONE;
    if (after->nick[seat] || after->affiliation[seat] < least)
        return false;
    after->nick[seat] = ++room->seats[seat].nicks;
    return true;
}

static bool plan_leave(struct model_room *room, uint32_t seats, struct dice *dice)
{
    uint32_t seat = room->change.seat = somebody(seats, dice);
    bool inside = room->change.after.nick[seat] != 0;
    room->change.after.nick[seat] = 0;
    return inside;
}

static bool plan_rename(struct model_room *room, uint32_t seats, struct dice *dice)
{
    uint32_t seat = room->change.seat = dice_below(dice, seats);
    if (!room->change.after.nick[seat])
        return false;
    room->change.after.nick[seat] = ++room->seats[seat].nicks;
    return true;
}

static bool plan_affiliate(struct model_room *room, uint32_t seats, struct dice *dice)
{
    struct room_state *after = &room->change.after;
    for (uint32_t count = 1 + dice_below(dice, 3); count; count--)
        after->affiliation[somebody(seats, dice)] = (uint8_t)dice_below(dice, AFFILIATIONS);
    room_state_remove_barred(after, seats);
    return memcmp(after->affiliation, room->state.affiliation, sizeof after->affiliation) != 0;
}

static bool plan_kick(struct model_room *room, uint32_t seats, struct dice *dice)
{
    bool any = false;
    for (uint32_t count = 1 + dice_below(dice, 3); count; count--) {
        uint32_t seat = somebody(seats, dice);
        any = any || room->change.after.nick[seat];
        room->change.after.nick[seat] = 0;
    }
    return any;
}

static bool plan_destroy(struct model_room *room, uint32_t seats, struct dice *dice)
{
    (void)seats;
    (void)dice;
    room->change.after = room_state_none();
    room->change.after.gone = true;
    return true;
}

bool plan_change(struct model_room *room, uint32_t seats, enum mode mode, struct dice *dice)
{
    static bool (*const planners[CHANGE_KINDS])(struct model_room * room, uint32_t seats,
                                                struct dice * dice) = {
        [CHANGE_CREATE] = plan_create, [CHANGE_CONFIGURE] = plan_configure,
        [CHANGE_JOIN] = plan_join,     [CHANGE_LEAVE] = plan_leave,
        [CHANGE_RENAME] = plan_rename, [CHANGE_AFFILIATE] = plan_affiliate,
        [CHANGE_KICK] = plan_kick,     [CHANGE_DESTROY] = plan_destroy,
    };
    enum model_change_kind kind = throw_kind(mode, dice);
    if (!room->state.configured)
        kind = room->state.exists ? CHANGE_CONFIGURE : CHANGE_CREATE;
    room->change = (struct model_change){.after = room->state};
    if (!planners[kind](room, seats, dice))
        return false;
    room->change.kind = kind;
    return true;
}

/* In modes that configure rooms only the owner is sure to have voice. */
bool plan_speaker(const struct model_room *room, uint32_t seats, enum mode mode, struct dice *dice,
                  uint32_t *seat_r)
{
    const struct room_state *now = &room->state;
    const struct room_state *then = room->change.kind == CHANGE_NONE ? now : &room->change.after;
    if (!now->configured || !then->exists)
        return false;
    *seat_r = weights[mode][CHANGE_CONFIGURE] ? 0 : dice_below(dice, seats);
    return now->nick[*seat_r] && then->nick[*seat_r];
}
