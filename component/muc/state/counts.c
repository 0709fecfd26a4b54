#include "coven/counts.h"

#include <string.h>

#include "denial.h"
#include "service_state.h"

const int64_t counts_bounds_us[COUNTS_BUCKETS] = {100,   250,   500,   1000,   2500,   5000,
                                                  10000, 20000, 50000, 100000, 250000, 1000000};

void counts_add_time(struct counts_times *times, int64_t us)
{
    unsigned i = 0;
    while (i < COUNTS_BUCKETS && us > counts_bounds_us[i])
        i++;
    times->buckets[i]++;
    times->count++;
    times->sum_us += us;
}

void counts_add_named(struct counts_named *list, unsigned size, const char *name)
{
    unsigned i = 0;
    while (i + 1 < size && list[i].name && strcmp(list[i].name, name) != 0)
        i++;
    if (!list[i].name)
        list[i].name = i + 1 < size ? name : "other";
    list[i].count++;
}

struct counts *counts_of(struct service *service)
{
    return &service->counts;
}

struct counts_gauges counts_gauges(const struct service *service)
{
    return (struct counts_gauges){
        .rooms = service->rooms_stored.all,
        .public_rooms = service->rooms_stored.listed,
        .rooms_in_memory = service->rooms.count,
        .tombstones = service->rooms_stored.tombstones,
        .sessions = service->rooms_stored.sessions,
        .users = service->users.count,
        .occupants = service->occupants,
        .denied = service->denials->table.count,
        .commands = service->runs_count,
        .uptime_ms = service->started_ms < 0 ? 0 : service->mono_ms - service->started_ms,
    };
}
