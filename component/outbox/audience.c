#include <stdlib.h>

#include "coven/bug.h"
#include "outbox_parts.h"

struct audience *audience_new(struct lane *lane)
{
    struct audience *audience = mem_new(sizeof *audience);
    audience->lane = lane_ref(lane);
    audience->owned = true;
    return audience;
}

static void slot_release(struct slot *slot)
{
    blob_unref(slot->address);
    rendered_unref(slot->presence);
}

static void audience_free(struct audience *audience)
{
    for (uint32_t i = 0; i < audience->count; i++)
        slot_release(&audience->slots[i]);
    free(audience->slots);
    lane_unref(audience->lane);
    free(audience);
}

void audience_unref(struct audience *audience)
{
    if (!audience)
        return;
    coven_assert(audience->owned);
    audience->owned = false;
    if (!audience->jobs)
        audience_free(audience);
}

uint32_t audience_open(const struct audience *audience)
{
    return audience->count - (uint32_t)(audience->closed - audience->removed);
}

/* ---- Compaction ---- */

/* Room for a quarter more than is in use makes the amortised cost of a change constant. */
static void audience_resize(struct audience *audience)
{
    audience->cap = audience->count + audience->count / 4 + 2;
    coven_assert(audience->cap > audience->count);
    audience->slots = mem_resize(audience->slots, audience->cap * sizeof *audience->slots);
}

/* The number of slots that were closed before the oldest job: no job sees them. */
static uint64_t audience_unseen(const struct audience *audience)
{
    return (audience->jobs ? audience->jobs->closed : audience->closed) - audience->removed;
}

static void audience_compact(struct audience *audience)
{
    uint64_t seen_from = audience->jobs ? audience->jobs->moment : audience->moment;
    uint32_t kept = 0;
    audience->removed += audience_unseen(audience);
    for (uint32_t i = 0; i < audience->count; i++) {
        struct slot *slot = &audience->slots[i];
        if (slot->to <= seen_from) {
            slot_release(slot);
            continue;
        }
        if (slot->seat)
            slot->seat->slot = kept;
        audience->slots[kept++] = *slot;
    }
    audience->count = kept;
    if (audience->cap / 2 > kept + 1)
        audience_resize(audience);
}

/* Compacts once a quarter of the slots is unseen, but not while a job walks over them: its cursor
 * is an index. Without its room the audience changes no more, and its seats may be gone. */
static void audience_settle(struct audience *audience)
{
    if (!audience->owned || audience->begun > 0 || audience_unseen(audience) * 4 <= audience->count)
        return;
    audience_compact(audience);
}

/* ---- Changes ---- */

static void slot_add(struct audience *audience, struct audience_seat *seat,
                     const struct audience_entry *entry)
{
    coven_assert(entry->address && entry->address->len <= OUTBOX_ADDRESS_MAX);
    coven_assert(entry->owner != 0);
    coven_assert(!entry->presence || entry->presence->to_at != RENDERED_NO_TO);
    if (audience->count == audience->cap)
        audience_resize(audience);
    seat->slot = audience->count;
    audience->shown += entry->presence ? entry->presence->len : 0;
    audience->moderators += entry->moderator;
    audience->locals += entry->local;
    audience->slots[audience->count++] = (struct slot){
        .from = audience->moment,
        .to = SLOT_OPEN,
        .address = blob_ref(entry->address),
        .presence = rendered_ref(entry->presence),
        .seat = seat,
        .owner = entry->owner,
        .sees_real = entry->sees_real,
        .moderator = entry->moderator,
        .local = entry->local,
    };
}

static void slot_close(struct audience *audience, const struct audience_seat *seat)
{
    coven_assert(seat->slot < audience->count);
    struct slot *slot = &audience->slots[seat->slot];
    coven_assert(slot->seat == seat);
    slot->to = audience->moment;
    slot->seat = NULL;
    audience->shown -= slot->presence ? slot->presence->len : 0;
    audience->moderators -= slot->moderator;
    audience->locals -= slot->local;
    audience->closed++;
}

void audience_add(struct audience *audience, struct audience_seat *seat,
                  const struct audience_entry *entry)
{
    audience->moment++;
    slot_add(audience, seat, entry);
}

void audience_change(struct audience *audience, struct audience_seat *seat,
                     const struct audience_entry *entry)
{
    audience->moment++;
    slot_close(audience, seat);
    slot_add(audience, seat, entry);
    audience_settle(audience);
}

void audience_remove(struct audience *audience, struct audience_seat *seat)
{
    audience->moment++;
    audience->lane->departures++;
    slot_close(audience, seat);
    audience_settle(audience);
}

void audience_depart(struct audience *audience)
{
    audience->lane->departures++;
}

/* ---- Jobs ---- */

void audience_enter(struct audience *audience, struct job *job)
{
    coven_assert(audience->owned);
    job->moment = audience->moment;
    job->closed = audience->closed;
    DL_APPEND2(audience->jobs, job, older, newer);
}

void audience_leave(struct audience *audience, struct job *job)
{
    DL_DELETE2(audience->jobs, job, older, newer);
    audience->begun -= job->begun;
    if (!audience->owned && !audience->jobs)
        audience_free(audience);
    else
        audience_settle(audience);
}
