#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

const char *const model_change_words[CHANGE_KINDS] = {
    "nothing",      "its creation", "its configuration", "a join", "a leave", "a change of nick",
    "affiliations", "a kick",       "its destruction"};

void model_init(struct model *model, uint32_t rooms, uint32_t seats)
{
    *model = (struct model){mem_new(rooms * sizeof *model->rooms), rooms, seats};
    for (uint32_t i = 0; i < rooms; i++) {
        model->rooms[i].number = i;
        model->rooms[i].state = room_state_none();
    }
}

void model_free(struct model *model)
{
    for (uint32_t i = 0; i < model->count; i++)
        model_room_forget(&model->rooms[i], model->seats);
    free(model->rooms);
}

void model_room_forget(struct model_room *room, uint32_t seats)
{
    said_free(&room->archive);
    for (uint32_t seat = 0; seat < seats; seat++)
        said_free(&room->seats[seat].seen);
}

void model_room_settle(struct model_room *room, uint32_t seats)
{
    room->state = room->change.after;
    room->change.kind = CHANGE_NONE;
    if (!room->state.exists)
        model_room_forget(room, seats);
}

uint32_t model_room_dead(const struct model_room *room, uint32_t seats)
{
    uint32_t dead = 0;
    for (uint32_t seat = 0; seat < seats; seat++)
        dead |= (uint32_t)room->seats[seat].dead << seat;
    return dead;
}

static bool sees_other(const struct seat *seat, uint32_t own, const struct room_state *state,
                       uint32_t seats, struct buf *why)
{
    bool inside = state->nick[own] != 0;
    for (uint32_t other = 0; other < seats; other++) {
        uint32_t should = inside ? state->nick[other] : 0, is = seat->view[other];
        if (is == should)
            continue;
        buf_printf(why, "user %u ", own);
        if (!should && is)
            buf_printf(why, "sees n%ug%u, who is not inside", other, is);
        else if (!is)
            buf_printf(why, "does not see n%ug%u, who is inside", other, should);
        else
            buf_printf(why, "sees n%ug%u, who is called n%ug%u", other, is, other, should);
        if (!inside)
            buf_add_text(why, " (and is not inside itself)");
        return true;
    }
    return false;
}

bool model_room_view_differs(const struct model_room *room, const struct room_state *state,
                             uint32_t seats, uint32_t blind, struct buf *why)
{
    blind |= model_room_dead(room, seats);
    for (uint32_t seat = 0; seat < seats; seat++) {
        if (!(blind >> seat & 1) && sees_other(&room->seats[seat], seat, state, seats, why))
            return true;
    }
    return false;
}
