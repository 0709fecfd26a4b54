#include "metrics.h"

#include <inttypes.h>

#include "coven/counts.h"

static const char *const kinds[COUNTS_KINDS] = {"message", "presence", "iq"};

struct metrics {
    struct buf *out;
    bool is_open; /* OpenMetrics */
};

static const struct metrics_type {
    const char *open, *plain; /* its name */
    const char *ending;       /* of samples; in the plain format the head has it, too */
} types[] = {{"gauge", "gauge", ""},
             {"counter", "counter", "_total"},
             {"info", "gauge", "_info"},
             {"histogram", "histogram", ""}};

enum { GAUGE, COUNTER, INFO, HISTOGRAM };

/* `unit` is empty for plain numbers; else the name ends with it. */
static void head(const struct metrics *to, const char *name, int type, const char *unit,
                 const char *help)
{
    const struct metrics_type *is = &types[type];
    const char *ending = to->is_open ? "" : is->ending;
    buf_printf(to->out, "# TYPE coven_%s%s %s\n", name, ending, to->is_open ? is->open : is->plain);
    if (*unit && to->is_open)
        buf_printf(to->out, "# UNIT coven_%s %s\n", name, unit);
    buf_printf(to->out, "# HELP coven_%s%s %s\n", name, ending, help);
}

static void gauge(const struct metrics *to, const char *name, const char *unit, const char *help,
                  int64_t value)
{
    head(to, name, GAUGE, unit, help);
    buf_printf(to->out, "coven_%s %" PRId64 "\n", name, value);
}

static void counter(const struct metrics *to, const char *name, const char *help, uint64_t value)
{
    head(to, name, COUNTER, "", help);
    buf_printf(to->out, "coven_%s_total %" PRIu64 "\n", name, value);
}

static void named(const struct metrics *to, const char *name, const char *label, const char *help,
                  const struct counts_named *list, unsigned size)
{
    head(to, name, COUNTER, "", help);
    for (unsigned i = 0; i < size && list[i].name; i++)
        buf_printf(to->out, "coven_%s_total{%s=\"%s\"} %" PRIu64 "\n", name, label, list[i].name,
                   list[i].count);
}

static void histogram(const struct metrics *to, const char *name, const char *help,
                      const struct counts_times *times)
{
    uint64_t below = 0; /* OpenMetrics wants a point in each bound; from 1 s on they are whole */
    head(to, name, HISTOGRAM, "seconds", help);
    for (unsigned i = 0; i < COUNTS_BUCKETS; i++) {
        below += times->buckets[i];
        double bound = (double)counts_bounds_us[i] / 1e6;
        buf_printf(to->out, "coven_%s_bucket{le=\"%g%s\"} %" PRIu64 "\n", name, bound,
                   bound < 1 ? "" : ".0", below);
    }
    buf_printf(to->out, "coven_%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, times->count);
    buf_printf(to->out, "coven_%s_sum %.6f\n", name, (double)times->sum_us / 1e6);
    buf_printf(to->out, "coven_%s_count %" PRIu64 "\n", name, times->count);
}

static void write_gauges(const struct metrics *to, const struct counts_gauges *now)
{
    gauge(to, "rooms", "", "Rooms that exist.", now->rooms);
    gauge(to, "public_rooms", "", "Rooms that the service lists.", now->public_rooms);
    gauge(to, "rooms_in_memory", "", "Rooms that are loaded.", now->rooms_in_memory);
    gauge(to, "tombstones", "", "Destroyed rooms that still refer to others.", now->tombstones);
    gauge(to, "sessions", "", "Sessions inside rooms.", now->sessions);
    gauge(to, "users", "", "Users inside the rooms in memory.", now->users);
    gauge(to, "occupants", "", "Occupants of the rooms in memory.", now->occupants);
    gauge(to, "denied", "", "Users and domains that may not use the service.", now->denied);
    gauge(to, "commands_running", "", "Administrative commands under way.", now->commands);
    head(to, "uptime_seconds", GAUGE, "seconds", "Time since the start.");
    buf_printf(to->out, "coven_uptime_seconds %.3f\n", (double)now->uptime_ms / 1e3);
}

static void by_kind(const struct metrics *to, const char *name, const char *help,
                    const uint64_t *values)
{
    head(to, name, COUNTER, "", help);
    for (unsigned i = 0; i < COUNTS_KINDS; i++)
        buf_printf(to->out, "coven_%s_total{kind=\"%s\"} %" PRIu64 "\n", name, kinds[i], values[i]);
}

static void write_counts(const struct metrics *to, const struct counts *counts)
{
    by_kind(to, "stanzas_received", "Stanzas from the server.", counts->received);
    counter(to, "turns", "Turns of the loop.", counts->turns);
    counter(to, "turns_dropped", "Turns whose commit failed.", counts->turns_dropped);
    counter(to, "commands", "Administrative commands that began.", counts->commands);
    named(to, "refusals", "condition", "Requests that were refused.", counts->refusals,
          COUNTS_REASONS);
    named(to, "limit_refusals", "limit", "Requests that a limit refused.", counts->limits,
          COUNTS_LIMITS);
    histogram(to, "turn_seconds", "Time of whole turns.", &counts->turn);
    histogram(to, "commit_seconds", "Time of the store's commits.", &counts->commit);
}

static void write_host(const struct metrics *to, const struct metrics_host *host)
{
    gauge(to, "link_up", "", "1 while the component is connected.", host->is_up);
    counter(to, "link_connects", "Times that the component was connected.", host->connects);
    gauge(to, "link_copies", "", "1 while the server makes copies.", host->multiplies);
    by_kind(to, "stanzas_sent",
            "Stanzas to all recipients, also where the server makes the copies.", host->sent);
    gauge(to, "queue_bytes", "bytes", "Output that waits.", (int64_t)host->queue_bytes);
    gauge(to, "memory_bytes", "bytes", "Private resident memory.", (int64_t)host->memory_bytes);
    gauge(to, "memory_limit_bytes", "bytes", "New work is refused above it.",
          (int64_t)host->memory_limit_bytes);
    gauge(to, "store_bytes", "bytes", "Size of the store's files; 0: it is in memory.",
          (int64_t)host->store_bytes);
}

void metrics_write(struct buf *out, bool is_open, struct service *service,
                   const struct metrics_host *host)
{
    const struct metrics metrics = {out, is_open};
    struct counts_gauges now = counts_gauges(service);
    head(&metrics, "build", INFO, "", "What runs.");
    buf_add_text(out, "coven_build_info{version=\"" COVEN_VERSION "\"} 1\n");
    write_host(&metrics, host);
    write_gauges(&metrics, &now);
    write_counts(&metrics, counts_of(service));
    if (is_open)
        buf_add_text(out, "# EOF\n");
}
