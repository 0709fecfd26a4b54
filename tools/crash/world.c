#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

const char *const change_words[CHANGE_KINDS] = {"nothing",      "its creation", "its configuration",
                                                "an entry",     "a leave",      "a renaming",
                                                "affiliations", "a kick",       "its destruction"};

struct said *said_add(struct said_list *list)
{
    if (list->count == list->size) {
        list->size = list->size ? 2 * list->size : 64;
        list->items = mem_resize(list->items, list->size * sizeof *list->items);
    }
    return &list->items[list->count++];
}

void said_free(struct said_list *list)
{
    free(list->items);
    *list = (struct said_list){NULL, 0, 0};
}

void world_init(struct world *world, uint32_t rooms, uint32_t seats)
{
    *world = (struct world){mem_new(rooms * sizeof *world->rooms), rooms, seats};
    for (uint32_t i = 0; i < rooms; i++) {
        world->rooms[i].number = i;
        world->rooms[i].shape = shape_of_nothing();
    }
}

void world_free(struct world *world)
{
    for (uint32_t i = 0; i < world->count; i++)
        room_forget(&world->rooms[i], world->seats);
    free(world->rooms);
}

void room_forget(struct room *room, uint32_t seats)
{
    said_free(&room->archive);
    for (uint32_t seat = 0; seat < seats; seat++)
        said_free(&room->seats[seat].seen);
}

void room_settle(struct room *room, uint32_t seats)
{
    room->shape = room->change.after;
    room->change.kind = CHANGE_NONE;
    if (!room->shape.exists)
        room_forget(room, seats);
}

uint32_t room_dead(const struct room *room, uint32_t seats)
{
    uint32_t dead = 0;
    for (uint32_t seat = 0; seat < seats; seat++)
        dead |= (uint32_t)room->seats[seat].dead << seat;
    return dead;
}

static bool sees_other(const struct seat *seat, uint32_t own, const struct shape *shape,
                       uint32_t seats, struct buf *why)
{
    bool inside = shape->nick[own] != 0;
    for (uint32_t other = 0; other < seats; other++) {
        uint32_t should = inside ? shape->nick[other] : 0, is = seat->view[other];
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

bool room_view_differs(const struct room *room, const struct shape *shape, uint32_t seats,
                       uint32_t blind, struct buf *why)
{
    blind |= room_dead(room, seats);
    for (uint32_t seat = 0; seat < seats; seat++) {
        if (!(blind >> seat & 1) && sees_other(&room->seats[seat], seat, shape, seats, why))
            return true;
    }
    return false;
}
