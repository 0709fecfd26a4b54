/* Eras in the order in which a clock makes them: a key's stamp lies in the ranges of that stamp,
 * and the ranges are in order. */
#include <string.h>

#include "coven/bug.h"
#include "coven/eras.h"

#define TIME_END (INT64_C(1) << 45) /* a thousand years */

struct input {
    const uint8_t *at, *end;
};

static int64_t take(struct input *input, unsigned size)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < size && input->at < input->end; i++)
        number = number << 8 | *input->at++;
    return (int64_t)number;
}

static int64_t take_time(struct input *input)
{
    return take(input, 6) % TIME_END;
}

static struct eras take_eras(struct input *input)
{
    struct eras eras = eras_begin(key_at(take_time(input)));
    unsigned count = (unsigned)take(input, 1) % 40;
    for (unsigned i = 0; i < count; i++) {
        int64_t from = eras.last_key + 1 + take(input, 4);
        eras_add(&eras, (struct era){.from = from, .offset_ms = take_time(input)});
        eras.last_key = from + take(input, 3);
    }
    return eras;
}

static void check_ranges(const struct eras *eras, int64_t key)
{
    struct key_range ranges[ERAS_MAX];
    int64_t stamp = eras_stamp(eras, key), end = 0;
    unsigned count = eras_ranges(eras, stamp, stamp, ranges), hits = 0;
    for (unsigned i = 0; i < count; i++) {
        coven_assert(!key_range_is_empty(ranges[i]) && ranges[i].after >= end - 1);
        hits += key > ranges[i].after && key < ranges[i].before;
        end = ranges[i].before;
    }
    coven_assert(hits == (stamp >= 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct input input = {bytes, bytes + len};
    struct eras eras = take_eras(&input);
    coven_assert(eras.count >= 1 && eras.count <= ERAS_MAX);
    int64_t now = take_time(&input), key = eras.last_key - take(&input, 7);
    if (key <= 0)
        return 0;
    coven_assert(eras_guess(&eras, key, now) <= now);
    check_ranges(&eras, key);
    return 0;
}
