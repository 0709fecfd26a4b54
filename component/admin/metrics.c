#include "metrics.h"

#include <inttypes.h>

#include "coven/counts.h"

static const char *const kinds[COUNTS_KINDS] = {"message", "presence", "iq"};

/* `unit` is empty for plain numbers; else the name ends with it. */
static void head(struct buf *out, const char *name, const char *type, const char *unit,
                 const char *help)
{
    buf_printf(out, "# TYPE coven_%s %s\n", name, type);
    if (*unit)
        buf_printf(out, "# UNIT coven_%s %s\n", name, unit);
    buf_printf(out, "# HELP coven_%s %s\n", name, help);
}

static void gauge(struct buf *out, const char *name, const char *unit, const char *help,
                  int64_t value)
{
    head(out, name, "gauge", unit, help);
    buf_printf(out, "coven_%s %" PRId64 "\n", name, value);
}

static void counter(struct buf *out, const char *name, const char *help, uint64_t value)
{
    head(out, name, "counter", "", help);
    buf_printf(out, "coven_%s_total %" PRIu64 "\n", name, value);
}

static void named(struct buf *out, const char *name, const char *label, const char *help,
                  const struct counts_named *list, unsigned size)
{
    head(out, name, "counter", "", help);
    for (unsigned i = 0; i < size && list[i].name; i++)
        buf_printf(out, "coven_%s_total{%s=\"%s\"} %" PRIu64 "\n", name, label, list[i].name,
                   list[i].count);
}

static void histogram(struct buf *out, const char *name, const char *help,
                      const struct counts_times *times)
{
    uint64_t below = 0; /* OpenMetrics wants a point in each bound; from 1 s on they are whole */
    head(out, name, "histogram", "seconds", help);
    for (unsigned i = 0; i < COUNTS_BUCKETS; i++) {
        below += times->buckets[i];
        double bound = (double)counts_bounds_us[i] / 1e6;
        buf_printf(out, "coven_%s_bucket{le=\"%g%s\"} %" PRIu64 "\n", name, bound,
                   bound < 1 ? "" : ".0", below);
    }
    buf_printf(out, "coven_%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", name, times->count);
    buf_printf(out, "coven_%s_sum %.6f\n", name, (double)times->sum_us / 1e6);
    buf_printf(out, "coven_%s_count %" PRIu64 "\n", name, times->count);
}

static void write_gauges(struct buf *out, const struct counts_gauges *now)
{
    gauge(out, "rooms", "", "Rooms that exist.", now->rooms);
    gauge(out, "public_rooms", "", "Rooms that the service lists.", now->public_rooms);
    gauge(out, "rooms_in_memory", "", "Rooms that are loaded.", now->rooms_in_memory);
    gauge(out, "tombstones", "", "Destroyed rooms that still refer to others.", now->tombstones);
    gauge(out, "sessions", "", "Sessions inside rooms.", now->sessions);
    gauge(out, "users", "", "Users inside the rooms in memory.", now->users);
    gauge(out, "occupants", "", "Occupants of the rooms in memory.", now->occupants);
    gauge(out, "denied", "", "Users and domains that may not use the service.", now->denied);
    gauge(out, "commands_running", "", "Administrative commands under way.", now->commands);
    head(out, "uptime_seconds", "gauge", "seconds", "Time since the start.");
    buf_printf(out, "coven_uptime_seconds %.3f\n", (double)now->uptime_ms / 1e3);
}

static void write_counts(struct buf *out, const struct counts *counts)
{
    head(out, "stanzas_received", "counter", "", "Stanzas from the server.");
    for (unsigned i = 0; i < COUNTS_KINDS; i++)
        buf_printf(out, "coven_stanzas_received_total{kind=\"%s\"} %" PRIu64 "\n", kinds[i],
                   counts->received[i]);
    counter(out, "turns", "Turns of the loop.", counts->turns);
    counter(out, "turns_dropped", "Turns whose commit failed.", counts->turns_dropped);
    counter(out, "commands", "Administrative commands that began.", counts->commands);
    named(out, "refusals", "condition", "Requests that were refused.", counts->refusals,
          COUNTS_REASONS);
    named(out, "limit_refusals", "limit", "Requests that a limit refused.", counts->limits,
          COUNTS_LIMITS);
    histogram(out, "turn_seconds", "Time of whole turns.", &counts->turn);
    histogram(out, "commit_seconds", "Time of the store's commits.", &counts->commit);
}

static void write_host(struct buf *out, const struct metrics_host *host)
{
    gauge(out, "link_up", "", "1 while the component is connected.", host->is_up);
    counter(out, "link_connects", "Times that the component was connected.", host->connects);
    gauge(out, "link_copies", "", "1 while the server makes copies.", host->multiplies);
    gauge(out, "queue_bytes", "bytes", "Output that waits.", (int64_t)host->queue_bytes);
    gauge(out, "memory_bytes", "bytes", "Private resident memory.", (int64_t)host->memory_bytes);
    gauge(out, "memory_limit_bytes", "bytes", "New work is refused above it.",
          (int64_t)host->memory_limit_bytes);
    gauge(out, "store_bytes", "bytes", "Size of the store's files; 0: it is in memory.",
          (int64_t)host->store_bytes);
}

void metrics_write(struct buf *out, struct service *service, const struct metrics_host *host)
{
    struct counts_gauges now = counts_gauges(service);
    head(out, "build", "info", "", "What runs.");
    buf_add_text(out, "coven_build_info{version=\"" COVEN_VERSION "\"} 1\n");
    write_host(out, host);
    write_gauges(out, &now);
    write_counts(out, counts_of(service));
    buf_add_text(out, "# EOF\n");
}
