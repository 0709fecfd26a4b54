#include "link/backoff.h"

#include "coven/id.h"

void backoff_init(struct backoff *backoff, uint32_t min_ms, uint32_t max_ms)
{
    backoff->min_ms = min_ms > 0 ? min_ms : 1;
    backoff->max_ms = max_ms > backoff->min_ms ? max_ms : backoff->min_ms;
    backoff_shortest(backoff);
}

uint32_t backoff_next(struct backoff *backoff)
{
    uint32_t chance, whole = backoff->next_ms;
    id_random_bytes(&chance, sizeof chance);
    backoff->next_ms = whole > backoff->max_ms / 2 ? backoff->max_ms : whole * 2;
    return whole - chance % (whole / 2 + 1);
}

void backoff_shortest(struct backoff *backoff)
{
    backoff->next_ms = backoff->min_ms;
}

void backoff_longest(struct backoff *backoff)
{
    backoff->next_ms = backoff->max_ms;
}
