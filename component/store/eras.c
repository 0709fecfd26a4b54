#include "coven/eras.h"

#include <string.h>

#define TIME_MAX (INT64_MAX >> KEY_SEQUENCE_BITS)

int64_t key_at(int64_t ms)
{
    return (ms < 0 ? 0 : ms < TIME_MAX ? ms : TIME_MAX) << KEY_SEQUENCE_BITS;
}

struct eras eras_begin(int64_t last_key)
{
    return (struct eras){.count = 1, .last_key = last_key};
}

static int64_t distance(int64_t a, int64_t b)
{
    return a < b ? b - a : a - b;
}

/* How much the stamps of era `i` change when it is merged into its predecessor, times the number of
 * its keys. */
static double loss_without(const struct eras *eras, unsigned i, int64_t end)
{
    const struct era *era = &eras->list[i];
    return (double)distance(era->offset_ms, era[-1].offset_ms) * (double)(end - era->from);
}

static unsigned find_victim(const struct eras *eras, int64_t end)
{
    unsigned victim = eras->count - 1;
    double least = loss_without(eras, victim, end);
    for (unsigned i = victim - 1; i > 0; i--) {
        double loss = loss_without(eras, i, eras->list[i + 1].from);
        if (loss < least) {
            least = loss;
            victim = i;
        }
    }
    return victim;
}

int64_t eras_add(struct eras *eras, struct era era)
{
    int64_t ended = 0;
    if (eras->count == ERAS_MAX) {
        unsigned victim = find_victim(eras, era.from);
        struct era *at = &eras->list[victim];
        ended = at->from;
        memmove(at, at + 1, (--eras->count - victim) * sizeof *at);
    }
    eras->list[eras->count++] = era;
    return ended;
}

static unsigned era_of(const struct eras *eras, int64_t key)
{
    unsigned i = eras->count - 1;
    while (i > 0 && key < eras->list[i].from)
        i--;
    return i;
}

static int64_t stamp_in(const struct era *era, int64_t key)
{
    return key_time(key) - era->offset_ms;
}

int64_t eras_stamp(const struct eras *eras, int64_t key)
{
    return stamp_in(&eras->list[era_of(eras, key)], key);
}

int64_t eras_guess(const struct eras *eras, int64_t key, int64_t now_ms)
{
    unsigned i = era_of(eras, key);
    const struct era *era = &eras->list[i], *end = eras->list + eras->count;
    int64_t stamp = stamp_in(era, key);
    if (stamp <= now_ms) {
        int64_t before = i > 0 ? stamp_in(era - 1, era->from - 1) : stamp;
        return before > stamp && before <= now_ms ? before : stamp;
    }
    while (stamp > now_ms && ++era < end)
        stamp = stamp_in(era, era->from);
    return stamp < now_ms ? stamp : now_ms;
}

/* The lowest key of the era with that stamp or a later one. */
static int64_t first_key(const struct era *era, int64_t stamp_ms)
{
    int64_t ms = stamp_ms < 0 ? 0 : stamp_ms < TIME_MAX ? stamp_ms : TIME_MAX;
    int64_t key = key_at(ms + era->offset_ms);
    return key > era->from ? key : era->from;
}

static struct key_range range_in(const struct eras *eras, unsigned i, int64_t first_ms,
                                 int64_t last_ms)
{
    const struct era *era = &eras->list[i];
    int64_t end = i + 1 < eras->count ? era[1].from : eras->last_key + 1;
    int64_t before = last_ms < TIME_MAX ? first_key(era, last_ms + 1) : end;
    return (struct key_range){first_key(era, first_ms) - 1, before < end ? before : end};
}

unsigned eras_ranges(const struct eras *eras, int64_t first_ms, int64_t last_ms,
                     struct key_range ranges[ERAS_MAX])
{
    unsigned count = 0;
    for (unsigned i = 0; i < eras->count; i++) {
        struct key_range range = range_in(eras, i, first_ms, last_ms);
        if (key_range_is_empty(range))
            continue;
        if (count > 0 && ranges[count - 1].before == range.after + 1)
            ranges[count - 1].before = range.before;
        else
            ranges[count++] = range;
    }
    return count;
}
