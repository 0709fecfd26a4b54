/* export: all that is kept of a user. */

#include <stdlib.h>

#include "coven/mem.h"
#include "handlers.h"
#include "muc/state/denial.h"
#include "muc/state/readdress.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"
#include "room_names.h"

#define MESSAGES_A_CHUNK 2000      /* looked at in one go of the other thread */
#define BYTES_A_CHUNK    (1 << 20) /* of those that are read */
#define ROWS_A_STEP      20

struct export
{
    char *jid, *domain;
    struct eras eras;
    int64_t now_ms;
    bool saved;     /* what was only in memory is in the store */
    bool traced;    /* all but the messages is read */
    const char *is; /* of the traces that are being read; NULL: the affiliation */
    int64_t after;  /* key of the last message that was looked at */
    bool over, failed;
    struct room_names names;
    json_t *rows; /* read and not all told yet */
    size_t told;
    size_t bytes; /* of the messages among them */
};

static json_t *row_of(const struct export *export, const char *kind, const char *room, size_t len)
{
    json_t *row = json_object();
    run_set(row, "kind", json_string(kind));
    if (len > 0)
        run_set(row, "room", json_sprintf("%.*s@%s", (int)len, room, export->domain));
    json_array_append_new(export->rows, row);
    return row;
}

/* ---- In the other thread ---- */

static void take_trace(void *user, const struct store_trace *trace)
{
    struct export *export = user;
    const char *kind = export->is ? export->is : "affiliation";
    json_t *row = row_of(export, kind, trace->room.at, trace->room.len);
    run_set(row, "nick", run_json_text(trace->nick));
    run_set(row, "reason", run_json_text(trace->reason));
    if (!export->is)
        run_set(row, "value", json_string(affiliation_name(affiliation_of(trace->affiliation))));
    else if (!span_is(trace->jid, export->jid))
        run_set(row, "value", run_json_text(trace->jid));
}

static void read_traces(struct export *export, struct store *store)
{
    static const struct {
        const char *is;
        enum store_result (*read)(struct store *store, struct span jid, store_trace_each *each,
                                  void *user);
    } kinds[] = {{"session", store_traces_inside},
                 {NULL, store_traces_affiliated},
                 {"application", store_traces_applied},
                 {"created", store_traces_created}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        export->is = kinds[i].is;
        export->failed |=
            kinds[i].read(store, span_of(export->jid), take_trace, export) == STORE_FAILED;
    }
    export->traced = true;
}

struct message_reading {
    struct export *export;
    struct store *store;
    bool failed;
};

/* The room of the row, if it still exists, may have been renamed. */
static void set_stanza(json_t *row, const struct store_message *message)
{
    struct span room = span_of(json_string_value(json_object_get(row, "room")));
    struct readdressed now = {message->stanza, message->to_at, BUF_INIT};
    if (room.len > 0)
        now = readdress_stanza(message->stanza, message->to_at, room);
    run_set(row, "stanza", run_json_text(now.stanza));
    readdress_free(&now);
}

static bool take_message(void *user, const struct store_message *message)
{
    struct message_reading *reading = user;
    struct export *export = reading->export;
    const char *room = room_names_find(&export->names, reading->store, message->room);
    if (!room) {
        reading->failed = true;
        return false;
    }
    json_t *row = row_of(export, "message", room, strlen(room));
    run_set(row, "time", run_json_time(eras_guess(&export->eras, message->key, export->now_ms)));
    run_set(row, "nick", run_json_text(message->nick));
    set_stanza(row, message);
    export->bytes += message->stanza.len;
    return export->bytes < BYTES_A_CHUNK;
}

static void read(void *state, struct store *store)
{
    struct export *export = state;
    struct message_reading reading = {export, store, false};
    if (!export->traced) {
        read_traces(export, store);
        return;
    }
    enum store_result result = store_authored(store, span_of(export->jid), MESSAGES_A_CHUNK,
                                              &export->after, take_message, &reading);
    export->failed = result == STORE_FAILED || reading.failed;
    export->over = result != STORE_OK;
}

/* ---- Steps ---- */

static struct export *begin(const struct run *run)
{
    struct export *export = mem_new(sizeof *export);
    export->jid = mem_string(run_text(run, "jid"));
    export->domain = mem_string(run->service->settings.domain);
    export->eras = run->service->era.eras;
    export->now_ms = run->service->wall_ms;
    export->rows = json_array();
    return export;
}

static void add_denial(const struct run *run, struct export *export)
{
    const struct denial *denial = denial_find(run->service, span_of(export->jid));
    if (!denial)
        return;
    json_t *row = row_of(export, "denied", "", 0);
    run_set(row, "time", run_json_time(denial->since / 1000 * 1000));
    run_set(row, "reason", run_json_text(span_of(denial->reason)));
}

enum run_next export_command_show(struct run *run)
{
    if (!run->state) {
        run->state = begin(run);
        add_denial(run, run->state);
        run_log(run, "exports what is kept of %s", run_text(run, "jid"));
    }
    struct export *export = run->state;
    if (export->failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    if (!export->saved) {
        export->saved = unarchived_save_some(run->service);
        return RUN_GOES_ON;
    }
    if (!run_rows(run, export->rows, &export->told, ROWS_A_STEP))
        return RUN_GOES_ON;
    json_array_clear(export->rows);
    export->told = export->bytes = 0;
    return export->over ? RUN_DONE : run_work(run, TASK_ADMIN, read);
}

void export_command_free(void *state)
{
    struct export *export = state;
    free(export->jid);
    free(export->domain);
    room_names_free(&export->names);
    json_decref(export->rows);
    free(export);
}
