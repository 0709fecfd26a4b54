#include "audit.h"

#include <string.h>

#include "archive.h"
#include "coven/clock.h"
#include "inspect.h"
#include "send.h"

#define VIEWS_MS 10000
#define DEAD_MS  60000
#define AGAIN_MS 200

/* ---- The rooms ---- */

static bool settle_found(struct run *run, struct model_room *room)
{
    const struct model_change *change = &room->change;
    uint32_t seats = run->model.seats, dead = model_room_dead(room, seats);
    struct buf why = BUF_INIT, why_not_after = BUF_INIT;
    bool before = !room_state_differs(&room->found, &room->state, seats, dead, &why);
    bool under_way = change->kind != CHANGE_NONE;
    bool after =
        under_way && !room_state_differs(&room->found, &change->after, seats, dead, &why_not_after);
    bool ok = after || (before && !change->seen) || (before && !under_way);
    if (!ok && under_way)
        run_fail(
            run, "room %u, where %s by user %u was under way%s: %s; %s%s", room->number,
            model_change_words[change->kind], change->seat,
            change->seen ? " and somebody saw it" : "", why_not_after.data,
            before ? "it was not done at all" : "compared with before: ", before ? "" : why.data);
    else if (!ok)
        run_fail(run, "room %u, where nothing was under way: %s", room->number, why.data);
    buf_free(&why);
    buf_free(&why_not_after);
    room->found.configured = after ? change->after.configured : room->state.configured;
    if (!room->found.exists && room->state.exists)
        model_room_forget(room, seats);
    room->state = room->change.after = room->found; /* what was found is confirmed now */
    return ok;
}

static bool check_rooms(struct run *run)
{
    if (!inspect_rooms(run))
        return false;
    for (uint32_t i = 0; i < run->model.count; i++) {
        if (!settle_found(run, &run->model.rooms[i]))
            return false;
    }
    return true;
}

/* ---- Dead sessions ---- */

static bool dead_are_inside(struct run *run)
{
    uint32_t seats = run->model.seats;
    for (uint32_t i = 0; i < run->model.count; i++) {
        const struct model_room *room = &run->model.rooms[i];
        for (uint32_t seat = 0; seat < seats; seat++) {
            if (room->seats[seat].dead && room->state.nick[seat])
                return true;
        }
    }
    return false;
}

/* Asks who is inside until no dead session is. */
static bool wait_for_dead(struct run *run)
{
    int64_t deadline = clock_mono_ms() + DEAD_MS;
    while (dead_are_inside(run)) {
        if (clock_mono_ms() > deadline)
            return run_fail(run, "after %d s there are still dead sessions inside", DEAD_MS / 1000);
        int64_t again = clock_mono_ms() + AGAIN_MS;
        while (clock_mono_ms() < again) {
            if (!run_turn(run, AGAIN_MS))
                return false;
        }
        if (!check_rooms(run))
            return false;
    }
    return true;
}

/* ---- Views ---- */

/* Seats whose view may be incomplete: somebody who was about to join or create the room may have
 * missed the answer, and joins again later; somebody who was about to leave ignores what comes. */
static uint32_t not_to_be_judged(const struct model_room *room, uint32_t seats)
{
    static const bool own[CHANGE_KINDS] = {
        [CHANGE_CREATE] = true, [CHANGE_JOIN] = true, [CHANGE_LEAVE] = true};
    uint32_t askers = own[room->change.kind] ? 1u << room->change.seat : 0;
    for (uint32_t seat = 0; seat < seats; seat++)
        askers |= (uint32_t)room->seats[seat].asking << seat;
    return askers;
}

static bool views_differ(struct run *run, bool all, struct buf *why)
{
    for (uint32_t i = 0; i < run->model.count; i++) {
        const struct model_room *room = &run->model.rooms[i];
        uint32_t blind = all ? 0 : not_to_be_judged(room, run->model.seats);
        buf_clear(why);
        buf_printf(why, "room %u, where %s was under way: ", i,
                   model_change_words[room->change.kind]);
        if (model_room_view_differs(room, &room->state, run->model.seats, blind, why))
            return true;
    }
    return false;
}

static bool wait_for_views(struct run *run, bool all)
{
    struct buf why = BUF_INIT;
    int64_t deadline = clock_mono_ms() + VIEWS_MS;
    bool ok = true;
    while (ok && views_differ(run, all, &why)) {
        if (clock_mono_ms() > deadline)
            ok = run_fail(run, "%s, %d s after the link was up", why.data, VIEWS_MS / 1000);
        ok = ok && run_turn(run, AGAIN_MS);
    }
    buf_free(&why);
    return ok;
}

/* Sets all views to the truth, in place of the room. */
static void assume_views(struct run *run)
{
    for (uint32_t i = 0; i < run->model.count; i++) {
        struct model_room *room = &run->model.rooms[i];
        for (uint32_t seat = 0; seat < run->model.seats; seat++) {
            uint32_t *view = room->seats[seat].view;
            bool inside = room->state.nick[seat] != 0;
            memcpy(view, room->state.nick, sizeof room->seats[seat].view);
            if (!inside)
                memset(view, 0, sizeof room->seats[seat].view);
        }
    }
}

/* Remembers that the seat is asking: the next kill may lose the answer. */
static void rejoin(struct run *run, struct model_room *room, uint32_t number)
{
    struct seat *seat = &room->seats[number];
    memset(seat->view, 0, sizeof seat->view);
    seat->asking = room->state.nick[number] != 0;
    if (!seat->asking)
        return;
    seat->stay++;
    run_count(run);
    send_rejoin(room, number, connection_out(&run->link));
}

/* Somebody who missed the answer to his own join joins again, as clients do. */
static void rejoin_all(struct run *run)
{
    for (uint32_t i = 0; i < run->model.count; i++) {
        struct model_room *room = &run->model.rooms[i];
        uint32_t askers = not_to_be_judged(room, run->model.seats);
        for (uint32_t seat = 0; seat < run->model.seats; seat++) {
            if (askers >> seat & 1)
                rejoin(run, room, seat);
        }
        room->change.kind = CHANGE_NONE;
    }
}

static void revive_dead(struct run *run)
{
    for (uint32_t i = 0; i < run->model.count; i++) {
        for (uint32_t s = 0; s < run->model.seats; s++) {
            struct seat *seat = &run->model.rooms[i].seats[s];
            if (seat->dead)
                memset(seat->view, 0, sizeof seat->view);
            seat->dead = false;
        }
    }
}

/* ---- The audit ---- */

bool audit_all(struct run *run, bool whole, int64_t *took_ms_r)
{
    int64_t began = clock_mono_ms();
    if (!check_rooms(run) || !wait_for_dead(run))
        return false;
    if (run->options->no_views)
        assume_views(run);
    if (!wait_for_views(run, false))
        return false;
    *took_ms_r = clock_mono_ms() - began;
    if (!archive_audit(run, whole))
        return false;
    rejoin_all(run);
    if (!wait_for_views(run, true))
        return false;
    revive_dead(run);
    return true;
}

bool audit_ends(struct run *run, uint32_t first)
{
    for (uint32_t i = 0; i < run->model.count; i++) {
        const struct model_room *room = &run->model.rooms[i];
        const struct said_list *archive = &room->archive;
        for (uint32_t s = 0; s < run->model.seats && archive->count; s++) {
            uint32_t last = archive->items[archive->count - 1].number;
            if (last >= first && room->state.nick[s] && room->seats[s].last < last)
                return run_fail(run, "room %u: user %u did not see the last message, %u", i, s,
                                last);
        }
    }
    return true;
}
