#include "export_lines.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "muc/state/affiliation.h"
#include "muc/state/avatar.h"
#include "muc/state/message_id.h"
#include "muc/state/options.h"
#include "muc/state/readdress.h"
#include "running.h"
#include "transfer.h"

#define ROWS_A_CHUNK    500
#define BYTES_A_CHUNK   (1 << 20)
#define TOMBSTONE_CHUNK 100

static json_t *line_of(struct export_lines *lines, const char *type)
{
    json_t *line = json_object();
    json_object_set_new(line, "type", json_string(type));
    json_array_append_new(lines->rows, line);
    return line;
}

static json_t *address_of(const struct export_lines *lines, struct span name)
{
    return json_sprintf("%.*s@%s", (int)name.len, name.at, lines->domain);
}

static void set_after(struct export_lines *lines, struct span text)
{
    char *copy = mem_copy(text.at, text.len);
    free(lines->after);
    lines->after = copy;
}

static void begin_part(struct export_lines *lines, enum export_part part)
{
    lines->part = part;
    lines->after_key = 0;
    set_after(lines, span_of(""));
}

void export_lines_head(struct export_lines *lines)
{
    json_t *line = line_of(lines, "coven");
    run_set(line, "version", json_integer(TRANSFER_VERSION));
    run_set(line, "service", json_string(lines->domain));
    run_set(line, "time", run_json_time(lines->now_ms));
}

/* ---- A room ---- */

/* Its address when it was stored may be another. */
static void set_subject(const struct export_lines *lines, const struct store_room *room,
                        json_t *line)
{
    struct buf address = BUF_INIT;
    if (room->subject.len == 0)
        return;
    buf_printf(&address, "%.*s@%s", (int)room->name.len, room->name.at, lines->domain);
    struct readdressed now = readdress_stanza(room->subject, room->subject_to, buf_span(&address));
    run_set(line, "subject", run_json_text(now.stanza));
    run_set(line, "subject_time", run_json_time(room->subject_time));
    readdress_free(&now);
    buf_free(&address);
}

/* A room that nobody has configured yet is not there yet. */
static void take_room(void *user, const struct store_room *room)
{
    struct export_lines *lines = user;
    if (room->locked)
        return;
    lines->room = room->id;
    lines->name = mem_copy(room->name.at, room->name.len);
    lines->messages = lines->affiliations = 0;
    json_t *line = line_of(lines, "room");
    run_set(line, "room", address_of(lines, room->name));
    run_set(line, "created", run_json_time(room->created));
    run_set(line, "creator", run_json_text(room->creator));
    run_set(line, "used", run_json_time(room->used));
    run_set(line, "salt", transfer_print_salt(room->salt));
    set_subject(lines, room, line);
}

static void take_card(void *line, const struct store_option *row)
{
    if (span_is(row->var, CARD_ROW))
        run_set(line, "vcard", run_json_text(row->value));
}

/* All options, so that defaults of another service change nothing. */
static void read_options(struct export_lines *lines, struct store *store)
{
    struct room_config config;
    const struct room_option *option;
    json_t *line = json_array_get(lines->rows, json_array_size(lines->rows) - 1);
    json_t *options = json_object();
    lines->failed |= !options_read(&config, store, lines->room, &lines->limits);
    lines->failed |= store_options(store, lines->room, take_card, line) == STORE_FAILED;
    for (size_t i = 0; (option = options_at(i)); i++) {
        struct buf value = BUF_INIT;
        options_write_value(option, &config, &value);
        json_object_set_new(options, options_var(option),
                            json_stringn(value.len > 0 ? value.data : "", value.len));
        buf_free(&value);
    }
    json_object_set_new(line, "options", options);
    options_free(&config);
}

/* ---- Which room is next ---- */

static void take_name(void *user, const struct store_facts *facts)
{
    set_after(user, facts->name);
}

/* STORE_NOTHING: there is no further room. */
static enum store_result next_name(struct export_lines *lines, struct store *store)
{
    if (!lines->names)
        return store_facts(store, span_of(lines->after), 1, take_name, lines);
    const char *address = json_string_value(json_array_get(lines->names, lines->name_at++));
    if (!address)
        return STORE_NOTHING;
    set_after(lines, (struct span){address, strcspn(address, "@")});
    return STORE_OK;
}

static void read_next(struct export_lines *lines, struct store *store)
{
    enum store_result result = next_name(lines, store);
    if (result == STORE_OK)
        result = store_room_get(store, span_of(lines->after), take_room, lines);
    else if (result == STORE_NOTHING && !lines->names)
        begin_part(lines, EXPORT_TOMBSTONES);
    else
        lines->over = true;
    lines->failed |= result == STORE_FAILED;
    if (lines->name) {
        read_options(lines, store);
        begin_part(lines, EXPORT_AFFILIATIONS);
    } else if (lines->names && !lines->over) {
        lines->missing = mem_string(lines->after);
    }
}

/* ---- The parts of a room ---- */

static void take_affiliation(void *user, const struct store_affiliation *row)
{
    struct export_lines *lines = user;
    json_t *line = line_of(lines, "affiliation");
    run_set(line, "jid", run_json_text(row->jid));
    run_set(line, "affiliation", json_string(affiliation_name(affiliation_of(row->affiliation))));
    run_set(line, "nick", run_json_text(row->nick));
    run_set(line, "reason", run_json_text(row->reason));
    set_after(lines, row->jid);
    lines->affiliations++;
}

static void read_affiliations(struct export_lines *lines, struct store *store)
{
    enum store_result result = store_affiliations(store, lines->room, span_of(lines->after),
                                                  ROWS_A_CHUNK, take_affiliation, lines);
    lines->failed |= result == STORE_FAILED;
    if (result == STORE_NOTHING)
        begin_part(lines, EXPORT_APPLICANTS);
}

static void take_applicant(void *user, const struct store_applicant *row)
{
    json_t *line = line_of(user, "applicant");
    run_set(line, "jid", run_json_text(row->jid));
    run_set(line, "nick", run_json_text(row->nick));
}

static void read_applicants(struct export_lines *lines, struct store *store)
{
    lines->failed |= store_applicants(store, lines->room, lines->limits.applicants, take_applicant,
                                      lines) == STORE_FAILED;
    begin_part(lines, EXPORT_MESSAGES);
}

static void set_author(const struct store_message *row, json_t *line)
{
    struct buf jid = BUF_INIT;
    buf_add_span(&jid, row->author);
    if (row->resource.len > 0)
        buf_printf(&jid, "/%.*s", (int)row->resource.len, row->resource.at);
    run_set(line, "jid", run_json_text(buf_span(&jid)));
    run_set(line, "nick", run_json_text(row->nick));
    if (row->author.len > 0)
        run_set(line, "affiliation",
                json_string(affiliation_name(affiliation_of(row->affiliation))));
    if (role_of(row->role) != ROLE_NONE)
        run_set(line, "role", json_string(role_name(role_of(row->role))));
    buf_free(&jid);
}

static void set_stanza(const struct export_lines *lines, const struct store_message *row,
                       json_t *line)
{
    struct buf address = BUF_INIT;
    buf_printf(&address, "%s@%s", lines->name, lines->domain);
    struct readdressed now = readdress_stanza(row->stanza, row->to_at, buf_span(&address));
    run_set(line, "stanza", run_json_text(now.stanza));
    readdress_free(&now);
    buf_free(&address);
}

/* A damaged message, which has no stanza, stays behind. */
static bool take_message(void *user, const struct store_message *row)
{
    struct export_lines *lines = user;
    char id[MESSAGE_NAME_SIZE];
    lines->after_key = row->key;
    if (row->stanza.len == 0)
        return true;
    json_t *line = line_of(lines, "message");
    message_id_name(row, id);
    run_set(line, "id", json_string(id));
    run_set(line, "time", run_json_time(eras_stamp(&lines->eras, row->key)));
    run_set(line, "kind", json_string(transfer_kind_name(row->kind)));
    set_author(row, line);
    if (row->number == 0)
        run_set(line, "passing", json_true());
    set_stanza(lines, row, line);
    lines->messages++;
    lines->bytes += row->stanza.len;
    return lines->bytes < BYTES_A_CHUNK;
}

static void end_room(struct export_lines *lines)
{
    json_t *line = line_of(lines, "end");
    run_set(line, "room", address_of(lines, span_of(lines->name)));
    run_set(line, "affiliations", json_integer(lines->affiliations));
    run_set(line, "messages", json_integer(lines->messages));
    begin_part(lines, EXPORT_NEXT);
    set_after(lines, span_of(lines->name));
    free(lines->name);
    lines->name = NULL;
}

static void read_messages(struct export_lines *lines, struct store *store)
{
    enum store_result result =
        store_messages_all(store, lines->room, lines->after_key, ROWS_A_CHUNK, take_message, lines);
    lines->failed |= result == STORE_FAILED;
    if (result == STORE_NOTHING)
        end_room(lines);
}

/* ---- Tombstones ---- */

static void take_owner(void *user, struct span jid)
{
    json_array_append_new(user, json_stringn(jid.at, jid.len));
}

static void take_tombstone(void *user, const struct store_tombstone *row)
{
    struct export_lines *lines = user;
    json_t *line = line_of(lines, "tombstone");
    run_set(line, "room", address_of(lines, row->name));
    run_set(line, "destroyed", run_json_time(row->destroyed));
    run_set(line, "creator", run_json_text(row->creator));
    run_set(line, "venue", run_json_text(row->venue));
    run_set(line, "reason", run_json_text(row->reason));
    set_after(lines, row->name);
}

static void read_owners(struct export_lines *lines, struct store *store, json_t *line)
{
    json_t *owners = json_array();
    struct span room = transfer_text(line, "room");
    room.len = strcspn(room.at, "@");
    lines->failed |= store_tombstone_owners(store, room, take_owner, owners) == STORE_FAILED;
    json_object_set_new(line, "owners", owners);
}

static void read_tombstones(struct export_lines *lines, struct store *store)
{
    enum store_result result =
        store_tombstones(store, span_of(lines->after), TOMBSTONE_CHUNK, take_tombstone, lines);
    lines->failed |= result == STORE_FAILED;
    lines->over = result != STORE_OK;
    for (size_t i = 0; i < json_array_size(lines->rows); i++)
        read_owners(lines, store, json_array_get(lines->rows, i));
}

/* ---- All of it ---- */

static void (*const readers[])(struct export_lines *lines, struct store *store) = {
    [EXPORT_NEXT] = read_next,
    [EXPORT_AFFILIATIONS] = read_affiliations,
    [EXPORT_APPLICANTS] = read_applicants,
    [EXPORT_MESSAGES] = read_messages,
    [EXPORT_TOMBSTONES] = read_tombstones,
};

void export_lines_read(struct export_lines *lines, struct store *store)
{
    lines->bytes = 0;
    while (json_array_size(lines->rows) == 0 && !lines->over && !lines->failed && !lines->missing)
        readers[lines->part](lines, store);
}

void export_lines_close(struct export_lines *lines)
{
    json_decref(lines->names);
    json_decref(lines->rows);
    free(lines->domain);
    free(lines->name);
    free(lines->after);
    free(lines->missing);
}
