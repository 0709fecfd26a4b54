#include "link/backoff.h"

#include "coven/id.h"

void backoff_init(struct backoff *backoff, uint32_t min_ms, uint32_t max_ms)
{
    backoff->min_ms = min_ms > 0 ? min_ms : 1;
    backoff->max_ms = max_ms > backoff->min_ms ? max_ms : backoff->min_ms;
    backoff_quick(backoff, 0);
}

void backoff_quick(struct backoff *backoff, int64_t until)
{
    backoff->quick_until = until;
    backoff->next_ms = backoff->min_ms;
}

/* Between half of `whole` and all of it. */
static uint32_t shorten(uint32_t whole)
{
    uint32_t chance;
    id_random_bytes(&chance, sizeof chance);
    return whole - chance % (whole / 2 + 1);
}

uint32_t backoff_next(struct backoff *backoff, int64_t now)
{
    uint32_t whole = backoff->next_ms;
    if (now < backoff->quick_until)
        return shorten(BACKOFF_QUICK_MS);
    backoff->next_ms = whole > backoff->max_ms / 2 ? backoff->max_ms : whole * 2;
    return shorten(whole);
}

void backoff_longest(struct backoff *backoff)
{
    backoff->quick_until = 0;
    backoff->next_ms = backoff->max_ms;
}
