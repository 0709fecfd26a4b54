/* import-rooms: rooms that come in as lines of JSON, some lines in each turn. */

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "handlers.h"
#include "import_room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"
#include "transfer.h"

/* Of one turn, which they fill for some two milliseconds. */
#define STEP_LINES 150
#define STEP_BYTES 65536

struct import {
    enum existing existing;
    struct import_room room;
    json_t *line; /* to be taken again, when a room is loaded */
    int64_t lines;
    bool told_version;
};

/* What a line leaves. */
enum taken { TAKEN, TAKEN_NOT_YET, TAKEN_WRONG };

typedef enum taken line_taker(struct run *run, const json_t *line);

/* ---- Kinds of lines ---- */

static void close_room(struct run *run)
{
    struct import *import = run->state;
    if (import->room.address)
        run_row(run, import_room_report(&import->room));
    import_room_close(&import->room);
}

static enum taken take_head(struct run *run, const json_t *line)
{
    struct import *import = run->state;
    import->told_version = json_integer_value(json_object_get(line, "version")) == TRANSFER_VERSION;
    return import->told_version ? TAKEN : TAKEN_WRONG;
}

static enum taken take_room(struct run *run, const json_t *line)
{
    struct import *import = run->state;
    close_room(run);
    return import_room_begin(&import->room, run->service, import->existing, line) ? TAKEN
                                                                                  : TAKEN_NOT_YET;
}

static enum taken take_affiliation(struct run *run, const json_t *line)
{
    import_room_affiliation(&((struct import *)run->state)->room, line);
    return TAKEN;
}

static enum taken take_applicant(struct run *run, const json_t *line)
{
    import_room_applicant(&((struct import *)run->state)->room, line);
    return TAKEN;
}

static enum taken take_message(struct run *run, const json_t *line)
{
    import_room_message(&((struct import *)run->state)->room, line);
    return TAKEN;
}

static enum taken take_end(struct run *run, const json_t *line)
{
    struct import *import = run->state;
    if (!import_room_end(&import->room, line))
        return TAKEN_NOT_YET;
    close_room(run);
    return TAKEN;
}

static void put_tombstone(struct service *service, const json_t *line, const struct jid *room,
                          int64_t destroyed)
{
    struct jid jid;
    size_t i;
    json_t *owner;
    struct span venue = transfer_text(line, "venue");
    bool named = jid_parse(transfer_text(line, "creator"), &jid);
    struct store_tombstone row = {
        .name = jid_node(room),
        .creator = named ? jid_bare(&jid) : span_of(service->settings.domain),
        .destroyed = destroyed,
        .venue = venue,
        .reason = transfer_text(line, "reason"),
    };
    if (row.reason.len > service->settings.limits.reason_bytes)
        row.reason.len = 0;
    tombstone_remove(service, row.name);
    service_wrote(service, store_tombstone_put(service->store, &row));
    service->rooms_stored.tombstones++;
    json_array_foreach(json_object_get(line, "owners"), i, owner)
    {
        const char *text = json_string_value(owner);
        if (text && jid_parse(span_of(text), &jid))
            service_wrote(
                service, store_tombstone_put_owner(service->store, jid_node(room), jid_bare(&jid)));
    }
}

/* Why the name does not stay taken; NULL: it does. */
static const char *tombstone_objection(struct run *run, const json_t *line, struct jid *room,
                                       int64_t *destroyed_r)
{
    struct room *existing = NULL;
    struct jid venue, address;
    struct service *service = run->service;
    if (!jid_parse(transfer_text(line, "room"), &address) || address.node_len == 0 ||
        !jid_make(jid_node(&address), span_of(service->settings.domain), span_of(""), room))
        return "not imported: its address is none of a room";
    if (transfer_text(line, "venue").len > 0 && !jid_parse(transfer_text(line, "venue"), &venue))
        return "not imported: the address of the room that took its place is none";
    if (!transfer_time(line, "destroyed", destroyed_r))
        return "not imported: the time of its end is none";
    enum store_result found = room_load_begin(service, jid_node(room), &existing);
    service_wrote(service, found);
    if (found == STORE_OK)
        return "left as it is: there is a room of that name";
    return service->rooms_stored.tombstones < service->settings.limits.tombstones
               ? NULL
               : "not imported: there are as many as the limit tombstones allows";
}

static enum taken take_tombstone(struct run *run, const json_t *line)
{
    struct jid room;
    int64_t destroyed = 0;
    const char *why = tombstone_objection(run, line, &room, &destroyed);
    json_t *row = json_object();
    if (!why)
        put_tombstone(run->service, line, &room, destroyed);
    run_set(row, "room", run_json_text(transfer_text(line, "room")));
    run_set(row, "result", json_string(why ? why : "imported as destroyed"));
    run_row(run, row);
    return TAKEN;
}

static const struct {
    const char *type;
    line_taker *take;
    bool in_room; /* only between the first and the last line of one */
} types[] = {
    {"message", take_message, true},
    {"affiliation", take_affiliation, true},
    {"applicant", take_applicant, true},
    {"room", take_room, false},
    {"end", take_end, true},
    {"tombstone", take_tombstone, false},
    {"coven", take_head, false},
};

/* ---- Lines ---- */

static enum taken take_line(struct run *run, const json_t *line)
{
    struct import *import = run->state;
    const char *type = json_string_value(json_object_get(line, "type"));
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type) != 0)
            continue;
        bool fits = !types[i].in_room || import->room.address;
        return fits && (import->told_version || types[i].take == take_head)
                   ? types[i].take(run, line)
                   : TAKEN_WRONG;
    }
    return TAKEN_WRONG;
}

/* A line that is none takes its room with it: it may have been a part of that. */
static enum run_next fail(struct run *run, const char *why)
{
    struct import *import = run->state;
    close_room(run);
    return run_fail(run, &error_bad_request, "line %lld: %s", (long long)import->lines, why);
}

static enum run_next read_line(struct run *run, struct span text)
{
    struct import *import = run->state;
    json_error_t fault;
    if (!import->line) {
        import->lines++;
        import->line = json_loadb(text.at, text.len, JSON_REJECT_DUPLICATES, &fault);
    }
    if (!import->line)
        return fail(run, fault.text);
    enum taken taken = take_line(run, import->line);
    if (taken == TAKEN_NOT_YET)
        return RUN_GOES_ON;
    json_decref(import->line);
    import->line = NULL;
    return taken == TAKEN ? RUN_READS
                          : fail(run, "no line of this kind is expected here, or by this version");
}

static struct import *begin(const struct run *run)
{
    static const char *const words[] = {
        [EXISTING_LEAVE] = "leave", [EXISTING_MERGE] = "merge", [EXISTING_REPLACE] = "replace"};
    struct import *import = mem_new(sizeof *import);
    const char *wanted = run_text(run, "existing");
    for (size_t i = 0; wanted && i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], wanted) == 0)
            import->existing = (enum existing)i;
    }
    import->room.service = run->service;
    run_log(run, "imports rooms");
    return import;
}

enum run_next import_rooms_read(struct run *run)
{
    struct span text = span_of("");
    enum run_next next = RUN_READS;
    size_t bytes = 0;
    if (!run->state)
        run->state = begin(run);
    struct import *import = run->state;
    if (import->room.service->store_failed)
        return RUN_GOES_ON;
    for (int i = 0; i < STEP_LINES && bytes < STEP_BYTES && next == RUN_READS; i++) {
        if (!import->line && !run_line(run, &text))
            break;
        bytes += text.len;
        if (import->line || text.len > 0)
            next = read_line(run, text);
    }
    if (next != RUN_READS || !run_lines_over(run))
        return next;
    close_room(run);
    return RUN_DONE;
}

void import_rooms_free(void *state)
{
    struct import *import = state;
    import_room_close(&import->room);
    json_decref(import->line);
    free(import);
}
