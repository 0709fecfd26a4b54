#include <stdlib.h>

#include "coven/bug.h"
#include "outbox_parts.h"

struct roster *roster_new(struct lane *lane)
{
    struct roster *roster = mem_new(sizeof *roster);
    roster->lane = lane_ref(lane);
    roster->owned = true;
    return roster;
}

static void slot_release(struct slot *slot)
{
    blob_unref(slot->address);
    rendered_unref(slot->presence);
}

static void roster_free(struct roster *roster)
{
    for (uint32_t i = 0; i < roster->count; i++)
        slot_release(&roster->slots[i]);
    free(roster->slots);
    lane_unref(roster->lane);
    free(roster);
}

void roster_unref(struct roster *roster)
{
    if (!roster)
        return;
    coven_assert(roster->owned);
    roster->owned = false;
    if (!roster->jobs)
        roster_free(roster);
}

uint32_t roster_open(const struct roster *roster)
{
    return roster->count - (uint32_t)(roster->closed - roster->removed);
}

/* ---- Compaction ---- */

/* A quarter more than is in use, so that a resize is paid for by the changes that led to it. */
static void roster_resize(struct roster *roster)
{
    roster->cap = roster->count + roster->count / 4 + 2;
    coven_assert(roster->cap > roster->count);
    roster->slots = mem_resize(roster->slots, roster->cap * sizeof *roster->slots);
}

/* How many slots were closed before the oldest job: nobody sees them any more. */
static uint64_t roster_unseen(const struct roster *roster)
{
    return (roster->jobs ? roster->jobs->closed : roster->closed) - roster->removed;
}

static void roster_compact(struct roster *roster)
{
    uint64_t seen_from = roster->jobs ? roster->jobs->moment : roster->moment;
    uint32_t kept = 0;
    roster->removed += roster_unseen(roster);
    for (uint32_t i = 0; i < roster->count; i++) {
        struct slot *slot = &roster->slots[i];
        if (slot->to <= seen_from) {
            slot_release(slot);
            continue;
        }
        if (slot->seat)
            slot->seat->slot = kept;
        roster->slots[kept++] = *slot;
    }
    roster->count = kept;
    if (roster->cap / 2 > kept + 1)
        roster_resize(roster);
}

/*
 * A quarter is worth a walk over all, though not under the feet of a job that is on its own.
 * Without its room a roster changes no more, and must not touch seats.
 */
static void roster_settle(struct roster *roster)
{
    if (!roster->owned || roster->begun > 0 || roster_unseen(roster) * 4 <= roster->count)
        return;
    roster_compact(roster);
}

/* ---- Changes ---- */

static void slot_add(struct roster *roster, struct roster_seat *seat,
                     const struct roster_entry *entry)
{
    coven_assert(entry->address && entry->address->len <= OUTBOX_ADDRESS_MAX);
    coven_assert(entry->owner != 0);
    coven_assert(!entry->presence || entry->presence->to_at != RENDERED_NO_TO);
    if (roster->count == roster->cap)
        roster_resize(roster);
    seat->slot = roster->count;
    roster->shown += entry->presence ? entry->presence->len : 0;
    roster->moderators += entry->moderator;
    roster->slots[roster->count++] = (struct slot){
        .from = roster->moment,
        .to = SLOT_OPEN,
        .address = blob_ref(entry->address),
        .presence = rendered_ref(entry->presence),
        .seat = seat,
        .owner = entry->owner,
        .sees_real = entry->sees_real,
        .moderator = entry->moderator,
    };
}

static void slot_close(struct roster *roster, const struct roster_seat *seat)
{
    coven_assert(seat->slot < roster->count);
    struct slot *slot = &roster->slots[seat->slot];
    coven_assert(slot->seat == seat);
    slot->to = roster->moment;
    slot->seat = NULL;
    roster->shown -= slot->presence ? slot->presence->len : 0;
    roster->moderators -= slot->moderator;
    roster->closed++;
}

void roster_add(struct roster *roster, struct roster_seat *seat, const struct roster_entry *entry)
{
    roster->moment++;
    slot_add(roster, seat, entry);
}

void roster_change(struct roster *roster, struct roster_seat *seat,
                   const struct roster_entry *entry)
{
    roster->moment++;
    slot_close(roster, seat);
    slot_add(roster, seat, entry);
    roster_settle(roster);
}

void roster_remove(struct roster *roster, struct roster_seat *seat)
{
    roster->moment++;
    roster->lane->departures++;
    slot_close(roster, seat);
    roster_settle(roster);
}

void roster_depart(struct roster *roster)
{
    roster->lane->departures++;
}

/* ---- Jobs ---- */

void roster_enter(struct roster *roster, struct job *job)
{
    coven_assert(roster->owned);
    job->moment = roster->moment;
    job->closed = roster->closed;
    DL_APPEND2(roster->jobs, job, older, newer);
}

void roster_leave(struct roster *roster, struct job *job)
{
    DL_DELETE2(roster->jobs, job, older, newer);
    roster->begun -= job->cursor > 0;
    if (!roster->owned && !roster->jobs)
        roster_free(roster);
    else
        roster_settle(roster);
}
