/* stats, top, log-level, reload, stop: the service itself. */

#include <stdlib.h>
#include <string.h>

#include "coven/counts.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "handlers.h"
#include "muc/limit/top.h"
#include "muc/state/service_state.h"
#include "runs.h"

#define TOP_DEFAULT 10

/* ---- stats ---- */

static uint64_t sum(const struct counts_named *list, unsigned size)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < size; i++)
        all += list[i].count;
    return all;
}

static void set_number(json_t *card, const char *name, uint64_t number)
{
    run_set(card, name, json_integer((json_int_t)number));
}

static void add_gauges(json_t *card, const struct counts_gauges *gauges)
{
    const struct {
        const char *name;
        int64_t value;
    } list[] = {{"uptime", gauges->uptime_ms / 1000},
                {"rooms", gauges->rooms},
                {"public_rooms", gauges->public_rooms},
                {"rooms_in_memory", gauges->rooms_in_memory},
                {"tombstones", gauges->tombstones},
                {"users", gauges->users},
                {"occupants", gauges->occupants},
                {"sessions", gauges->sessions},
                {"denied", gauges->denied}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        set_number(card, list[i].name, (uint64_t)list[i].value);
}

enum run_next service_command_stats(struct run *run)
{
    const struct run_host *host = &run->service->runs->host;
    const struct counts *counts = counts_of(run->service);
    struct counts_gauges gauges = counts_gauges(run->service);
    json_t *card = json_object();
    run_set(card, "version", json_string(COVEN_VERSION));
    add_gauges(card, &gauges);
    set_number(card, "messages_in", counts->received[0]);
    set_number(card, "presences_in", counts->received[1]);
    set_number(card, "requests_in", counts->received[2]);
    set_number(card, "refusals", sum(counts->refusals, COUNTS_REASONS));
    set_number(card, "dropped", counts->turns_dropped);
    if (host->describe)
        host->describe(host->user, card);
    run_row(run, card);
    return RUN_DONE;
}

/* ---- top ---- */

static void add_top(struct run *run, enum top_kind kind, const char *name)
{
    struct top_entry *list = mem_new(TOP_ENTRIES * sizeof *list);
    unsigned count = top_read(run->service, kind, list);
    int64_t most = run_number(run, "limit", TOP_DEFAULT);
    for (unsigned i = 0; i < count && (int64_t)i < most; i++) {
        json_t *row = json_object();
        run_set(row, "kind", json_string(name));
        run_set(row, "name", json_string(list[i].name));
        run_set(row, "stanzas", json_integer(list[i].stanzas));
        run_set(row, "refusals", json_integer(list[i].refusals));
        run_set(row, "seconds", json_integer(top_seconds(run->service)));
        run_row(run, row);
    }
    free(list);
}

enum run_next service_command_top(struct run *run)
{
    add_top(run, TOP_ROOM, "room");
    add_top(run, TOP_USER, "user");
    return RUN_DONE;
}

/* ---- log-level, reload, stop ---- */

enum run_next service_command_log_level(struct run *run)
{
    const char *word = run_text(run, "level");
    json_t *card = json_object();
    for (int i = 0; word && log_level_names[i]; i++) {
        if (strcmp(word, log_level_names[i]) != 0)
            continue;
        run_log(run, "sets the level of the log to %s", word);
        log_set_level((enum log_level)i);
    }
    run_set(card, "level", json_string(log_level_names[log_level()]));
    run_row(run, card);
    return RUN_DONE;
}

enum run_next service_command_reload(struct run *run)
{
    const struct run_host *host = &run->service->runs->host;
    if (!host->reload)
        return run_fail(run, &error_feature_not_implemented, NULL);
    run_log(run, "reads the configuration again");
    if (!host->reload(host->user))
        return run_fail(run, &error_conflict,
                        "The configuration has errors and is not used; the log says which");
    return RUN_DONE;
}

enum run_next service_command_stop(struct run *run)
{
    const struct run_host *host = &run->service->runs->host;
    if (!host->stop)
        return run_fail(run, &error_feature_not_implemented, NULL);
    run_log(run, "stops covend");
    host->stop(host->user);
    return RUN_DONE;
}
