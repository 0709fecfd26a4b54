#include "rush_tally.h"

#include <stdio.h>

static double seconds(int64_t ms)
{
    return (double)ms / 1000;
}

static uint64_t count_above(const struct histogram *histogram, uint64_t ms)
{
    uint64_t count = 0;
    for (unsigned i = histogram_bucket(ms) + 1; i < HISTOGRAM_BUCKETS; i++)
        count += histogram->buckets[i];
    return count;
}

void rush_tally_print(const struct rush_tally *tally)
{
    const struct histogram *waits = &tally->waits;
    printf(
        "coven-crash: the server was away for %.1f s; all were logged in %.1f s later, and inside "
        "after %.1f s\n",
        seconds(tally->away_ms), seconds(tally->in_ms), seconds(tally->inside_ms));
    printf("coven-crash: of %llu joins half were answered within %.2f s, 90 %% within %.2f s, all "
           "within %.2f s; %llu took more than 3 s, %llu more than 10 s, %llu timed out\n",
           (unsigned long long)waits->count, seconds((int64_t)histogram_at(waits, 0.5)),
           seconds((int64_t)histogram_at(waits, 0.9)), seconds((int64_t)waits->max),
           (unsigned long long)count_above(waits, 3000),
           (unsigned long long)count_above(waits, 10000), (unsigned long long)tally->gave_up);
    printf("coven-crash: they received %llu own presences, %llu of others, %llu leaves and "
           "%llu refusals; %llu were removed\n",
           (unsigned long long)tally->heard[RUSH_OWN], (unsigned long long)tally->heard[RUSH_OTHER],
           (unsigned long long)tally->heard[RUSH_LEAVE],
           (unsigned long long)tally->heard[RUSH_REFUSAL], (unsigned long long)tally->sent_out);
}
