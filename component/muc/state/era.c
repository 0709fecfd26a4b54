#include "era.h"

#include <inttypes.h>

#include "coven/log.h"
#include "service_state.h"

#define TOLERANCE_MS 2000    /* smaller jumps of the clock are ignored */
#define TRUST_MS     3600000 /* without a jump, until the clock is trusted */

/* After a crash the store may have the era of an unwritten message, but not its key. */
void era_init(struct service *service)
{
    struct era_state *state = &service->era;
    int64_t key = 0;
    service_wrote(service, store_last_ids(service->store, &service->last_room_id, &key));
    state->eras = eras_begin(key);
    service_wrote(service, store_eras(service->store, &state->eras));
    const struct era *newest = &state->eras.list[state->eras.count - 1];
    if (key < newest->from)
        state->eras.last_key = newest->from;
    state->kept = state->eras;
}

static int64_t last_stamp(const struct era_state *state)
{
    return key_time(state->eras.last_key) - eras_offset(&state->eras);
}

/* ---- The clock ---- */

/* Nobody knows how the clock went while covend was down. */
static void start(struct era_state *state, int64_t wall_ms, int64_t mono_ms)
{
    int64_t ahead = last_stamp(state) - wall_ms;
    state->started = true;
    state->changed_ms = mono_ms;
    state->trusted_ms = state->lead_ms + (ahead < 0 ? ahead : 0);
    if (ahead > TOLERANCE_MS)
        log_warn("clock: %" PRId64
                 ".%03d s behind the newest stored message: it is wrong now, or was wrong "
                 "then",
                 ahead / 1000, (int)(ahead % 1000));
}

static void note_jump(struct era_state *state, int64_t jump_ms, int64_t mono_ms)
{
    int64_t size = jump_ms < 0 ? -jump_ms : jump_ms;
    state->changed_ms = mono_ms;
    state->forward = state->forward || jump_ms > 0;
    log_warn("clock: jumped %s by %" PRId64 ".%03d s", jump_ms > 0 ? "forward" : "back",
             size / 1000, (int)(size % 1000));
}

void era_time(struct service *service, int64_t wall_ms, int64_t mono_ms)
{
    struct era_state *state = &service->era;
    int64_t lead = wall_ms - mono_ms, jump = lead - state->lead_ms;
    service->wall_ms = wall_ms;
    service->mono_ms = mono_ms;
    state->lead_ms = lead;
    if (!state->started)
        start(state, wall_ms, mono_ms);
    else if (jump > TOLERANCE_MS || jump < -TOLERANCE_MS)
        note_jump(state, jump, mono_ms);
    else if (mono_ms - state->changed_ms >= TRUST_MS)
        state->trusted_ms = lead;
}

int64_t era_trusted_time(const struct service *service)
{
    const struct era_state *state = &service->era;
    int64_t lead = state->lead_ms < state->trusted_ms ? state->lead_ms : state->trusted_ms;
    return service->mono_ms + lead;
}

/* ---- Keys ---- */

static int64_t key_with(const struct service *service, int64_t offset_ms)
{
    int64_t key = key_at(service->wall_ms + offset_ms), last = service->era.eras.last_key;
    return key > last ? key : last + 1;
}

/* A new era is due if the clock is behind the last key, or the offset is larger than necessary. */
static bool is_due(const struct service *service)
{
    const struct era_state *state = &service->era;
    int64_t wall = service->wall_ms, last = key_time(state->eras.last_key);
    int64_t offset = eras_offset(&state->eras);
    return last - offset > wall + TOLERANCE_MS || (offset > 0 && (state->forward || wall > last));
}

/* Begins an era, with the least offset that keeps the keys rising. */
static void begin(struct service *service)
{
    struct era_state *state = &service->era;
    int64_t ahead = key_time(state->eras.last_key + 1) - service->wall_ms;
    struct era era = {.offset_ms = ahead > 0 ? ahead : 0};
    if (era.offset_ms == eras_offset(&state->eras))
        return;
    era.from = key_with(service, era.offset_ms);
    int64_t ended = eras_add(&state->eras, era);
    if (ended > 0)
        service_wrote(service, store_era_delete(service->store, ended));
    service_wrote(service, store_era_put(service->store, &era));
    state->begun = true;
}

int64_t era_next_key(struct service *service)
{
    struct era_state *state = &service->era;
    if (is_due(service))
        begin(service);
    state->forward = false;
    return state->eras.last_key = key_with(service, eras_offset(&state->eras));
}

int64_t era_end(const struct service *service)
{
    return key_with(service, eras_offset(&service->era.eras));
}

void era_note(struct service *service, int64_t key)
{
    struct eras *eras = &service->era.eras;
    if (key > eras->last_key)
        eras->last_key = key;
}

void era_settle(struct service *service, bool kept)
{
    struct era_state *state = &service->era;
    int64_t last_key =
        state->eras.last_key; /* a key is never used twice, even if its turn is dropped */
    if (!state->begun)
        return;
    if (kept)
        state->kept = state->eras;
    else
        state->eras = state->kept;
    state->eras.last_key = last_key;
    state->begun = false;
}
