#include "import_room.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "coven/id.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/prep.h"
#include "coven/store_staged.h"
#include "coven/stored_xml.h"
#include "muc/state/applicant.h"
#include "muc/state/avatar.h"
#include "muc/state/occupant_id.h"
#include "muc/state/readdress.h"
#include "muc/state/room_life.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"
#include "transfer.h"

#define REASONS_MAX    50 /* that are told apart */
#define APPLICANTS_MAX 1000

void import_room_leave_out(struct import_room *import, const char *what)
{
    json_t *before = json_object_get(import->left_out, what);
    if (!before && json_object_size(import->left_out) >= REASONS_MAX)
        what = "something else";
    before = json_object_get(import->left_out, what);
    json_object_set_new(import->left_out, what, json_integer(json_integer_value(before) + 1));
}

/* The lines that follow are passed over. */
static void give_up(struct import_room *import, const char *why)
{
    if (!import->why)
        import->why = mem_string(why);
    if (import->id != 0)
        imports_end(import->service, import->id);
    import->id = 0;
}

/* ---- The first line ---- */

static void read_option(struct import_room *import, const char *var, const char *value)
{
    const struct service_limits *limits = &import->service->settings.limits;
    struct buf what = BUF_INIT;
    for (size_t i = 0; options_at(i); i++) {
        if (strcmp(options_var(options_at(i)), var) != 0)
            continue;
        if (options_assign(&import->config, options_at(i), value, limits))
            return;
        buf_printf(&what, "option %.100s: its value does not fit", var);
    }
    if (what.len == 0)
        buf_printf(&what, "option %.100s: there is none", var);
    import_room_leave_out(import, what.data);
    buf_free(&what);
}

static void read_options(struct import_room *import, const json_t *line)
{
    json_t *options = json_object_get(line, "options"), *value;
    const char *var;
    options_init(&import->config, &import->service->settings.limits);
    json_object_foreach(options, var, value)
    {
        if (json_is_string(value))
            read_option(import, var, json_string_value(value));
    }
}

static void read_subject(struct import_room *import, const json_t *line)
{
    struct span text = transfer_text(line, "subject"), to;
    struct stored_xml stanza;
    if (text.len == 0)
        return;
    if (!stored_xml_read(text, "message", &stanza) || !stored_xml_attr(&stanza, "to", &to) ||
        to.len > 0 || !stored_xml_has_sender(&stanza, span_of(import->address)) ||
        !transfer_time(line, "subject_time", &import->subject_time)) {
        import_room_leave_out(import, "subject: its stanza is malformed");
        return;
    }
    struct readdressed now = readdress_from(text, (uint32_t)(to.at - text.at),
                                            span_of(import->address), jid_bare(&import->to));
    buf_add_span(&import->subject, now.stanza);
    import->subject_to = now.to_at;
    readdress_free(&now);
}

static void read_card(struct import_room *import, const json_t *line)
{
    struct span card = transfer_text(line, "vcard");
    if (card.len == 0)
        return;
    if (card.len > import->service->settings.limits.vcard_bytes)
        import_room_leave_out(import, "vCard: larger than vcard_bytes allows");
    else if (!stored_xml_is_element(card, "vCard") || !avatar_read(card, &import->hashes))
        import_room_leave_out(import, "vCard: malformed");
    else
        buf_add_span(&import->card, card);
}

static void read_facts(struct import_room *import, const json_t *line)
{
    struct jid creator;
    struct span salt = transfer_text(line, "salt");
    int64_t now = import->service->wall_ms;
    import->created = now;
    transfer_time(line, "created", &import->created);
    transfer_time(line, "used", &import->used);
    if (import->created <= 0 || import->created > now)
        import->created = now;
    if (import->used < 0 || import->used > now)
        import->used = 0;
    bool named = jid_parse(transfer_text(line, "creator"), &creator);
    struct span bare = named ? jid_bare(&creator) : span_of(import->service->settings.domain);
    import->creator = mem_copy(bare.at, bare.len);
    if (salt.len > 0 && !transfer_read_salt(salt, import->salt, &import->salt_len)) {
        import->salt_len = 0;
        import_room_leave_out(import, "salt: malformed");
    }
}

/* Why the room is not taken; NULL: it is. */
static const char *objection(const struct import_room *import, bool exists)
{
    const struct service *service = import->service;
    const struct service_limits *limits = &service->settings.limits;
    if (exists && import->existing == EXISTING_LEAVE)
        return "left as it is: there is a room of that name";
    if (import->to.node_len > limits->room_name_bytes)
        return "not imported: its name is longer than room_name_bytes allows";
    if (!import->config.persistent)
        return "not imported: it is temporary, and nobody is in it";
    if (!exists && service->rooms_stored.all >= limits->rooms)
        return "not imported: there are as many rooms as the limit rooms allows";
    return NULL;
}

/* The address here has the same name and this service's domain. */
static bool read_address(struct import_room *import, const json_t *line)
{
    struct jid jid;
    struct span text = transfer_text(line, "room");
    if (!jid_parse(text, &jid) || jid.node_len == 0 || jid_has_resource(&jid) ||
        !span_equal(jid_bare(&jid), text))
        return false;
    return jid_make(jid_node(&jid), span_of(import->service->settings.domain), span_of(""),
                    &import->to);
}

static bool begin_known(struct import_room *import, const json_t *line, const struct room *room)
{
    read_options(import, line);
    read_facts(import, line);
    read_subject(import, line);
    read_card(import, line);
    const char *why = objection(import, room != NULL);
    if (why)
        give_up(import, why);
    else if ((import->id = imports_begin(import->service)) == 0)
        give_up(import, "not imported: too many rooms are being imported");
    if (room && import->existing == EXISTING_MERGE)
        import->target = room->id;
    return true;
}

bool import_room_begin(struct import_room *import, struct service *service, enum existing existing,
                       const json_t *line)
{
    struct room *room = NULL;
    struct span text = transfer_text(line, "room");
    *import = (struct import_room){.service = service, .existing = existing};
    if (!read_address(import, line)) {
        import->address = mem_copy(text.at, text.len < 200 ? text.len : 200);
        import->left_out = json_object();
        options_init(&import->config, &service->settings.limits);
        give_up(import, "not imported: its address is none of a room");
        return true;
    }
    enum store_result found = room_load_begin(service, jid_node(&import->to), &room);
    if (found == STORE_OK && room->loading)
        return false;
    service_wrote(service, found);
    import->address = mem_copy(text.at, text.len);
    import->left_out = json_object();
    import->applicants = json_array();
    return begin_known(import, line, room);
}

/* ---- Affiliations ---- */

void import_room_affiliation(struct import_room *import, const json_t *line)
{
    struct jid jid;
    char nick[PREP_SIZE];
    enum affiliation affiliation;
    struct span reason = transfer_text(line, "reason"), wanted = transfer_text(line, "nick");
    const char *name = json_string_value(json_object_get(line, "affiliation"));
    import->lines_affiliations++;
    if (import->id == 0)
        return;
    if (!jid_parse(transfer_text(line, "jid"), &jid) || jid_has_resource(&jid) || !name ||
        !affiliation_named(name, &affiliation)) {
        import_room_leave_out(import, "affiliation: its address or its value is none");
        return;
    }
    size_t nick_len = wanted.len > 0 ? prep_resource(wanted, nick) : 0;
    if (wanted.len > 0 && nick_len == 0)
        import_room_leave_out(import, "nickname: it is none");
    if (reason.len > import->service->settings.limits.reason_bytes) {
        import_room_leave_out(import, "reason: longer than reason_bytes allows");
        reason.len = 0;
    }
    struct store_affiliation row = {.jid = jid_bare(&jid),
                                    .affiliation = (int)affiliation,
                                    .nick = {nick, nick_len},
                                    .reason = reason};
    service_wrote(import->service, store_affiliation_put(import->service->store, import->id, &row));
    import->affiliations++;
}

/* They wait until the room has a row. */
void import_room_applicant(struct import_room *import, const json_t *line)
{
    if (import->id == 0)
        return;
    if (json_array_size(import->applicants) < APPLICANTS_MAX)
        json_array_append(import->applicants, (json_t *)(uintptr_t)line);
    else
        import_room_leave_out(import, "applicant: too many");
}

/* ---- The last line ---- */

static void put_applicants(struct import_room *import, struct room *room)
{
    struct jid jid;
    size_t i;
    json_t *line;
    json_array_foreach(import->applicants, i, line)
    {
        if (jid_parse(transfer_text(line, "jid"), &jid) && !applicant_is_full(room))
            applicant_put(room, jid_bare(&jid), transfer_text(line, "nick"));
        else
            import_room_leave_out(import, "applicant: no address, or too many");
    }
}

static void put_card(const struct import_room *import)
{
    struct store *store = import->service->store;
    const struct store_option rows[] = {{span_of(CARD_ROW), buf_span(&import->card)},
                                        {span_of(AVATAR_ROW), buf_span(&import->hashes)}};
    for (size_t i = 0; import->card.len > 0 && i < sizeof rows / sizeof *rows; i++)
        service_wrote(import->service, store_option_put(store, import->id, &rows[i]));
}

static void set_subject(const struct import_room *import, struct room *room)
{
    rendered_unref(room->subject);
    room->subject = import->subject.len > 0
                        ? rendered_new(buf_span(&import->subject), import->subject_to, NULL, 0)
                        : NULL;
    room->subject_time = import->subject_time;
}

/* Its affiliations are only in the store, so it is loaded from there when somebody needs it. */
static void make(struct import_room *import)
{
    struct service *service = import->service;
    struct room *room = room_new(service, jid_node(&import->to), ROOM_LOCKED);
    char made[STORE_SALT];
    room->id = import->id;
    room->created = import->created;
    room->creator = mem_string(import->creator);
    room->used = import->used > 0 ? import->used : service->wall_ms;
    id_random_bytes(made, sizeof made);
    room_set_salt(room, import->salt_len > 0 ? (struct span){import->salt, import->salt_len}
                                             : (struct span){made, sizeof made});
    set_subject(import, room);
    service->rooms_stored.all++;
    room_set_state(room, ROOM_OPEN);
    room_configure(room, &import->config);
    options_init(&import->config, &service->settings.limits); /* the room owns what was in it */
    put_card(import);
    put_applicants(import, room);
    tombstone_remove(service, room_node(room));
    service_wrote(service, store_late_add(service->store, room->id));
    service_wrote(service, store_staged_delete(service->store, room->id));
    room_set_state(room, ROOM_GONE);
}

static void merge(struct import_room *import, struct room *room)
{
    bool is_newer = !room->subject || import->subject_time > room->subject_time;
    if (import->subject.len > 0 && is_newer) {
        set_subject(import, room);
        room_save(room);
    }
    imports_weave(import->service, import->id, room, import->archived);
}

static void end_well(struct import_room *import, struct room *room)
{
    bool merges = room && import->target == room->id;
    if (room && import->existing == EXISTING_REPLACE)
        room_life_destroy(room);
    if (merges) {
        merge(import, room);
    } else {
        make(import);
        imports_end(import->service, import->id);
    }
    import->why = mem_string(merges ? "merged" : room ? "replaced" : "imported");
    import->id = 0;
    log_info("room %.*s %s: %" PRId64 " messages, %" PRId64 " affiliations",
             (int)import->to.bare_len, import->to.text, import->why, import->messages,
             import->affiliations);
}

/* Why a room that has come as a whole is not taken after all; NULL: it is. */
static const char *late_objection(const struct import_room *import, const struct room *room,
                                  const json_t *line)
{
    const json_t *messages = json_object_get(line, "messages");
    const json_t *affiliations = json_object_get(line, "affiliations");
    if ((messages && json_integer_value(messages) != import->lines_messages) ||
        (affiliations && json_integer_value(affiliations) != import->lines_affiliations))
        return "not imported: lines are missing";
    if (room && import->target == 0 && import->existing != EXISTING_REPLACE)
        return "left as it is: there is a room of that name now";
    if (import->target != 0 && (!room || room->id != import->target))
        return "not imported: the room that it was to go into is gone";
    if (room && import->existing == EXISTING_REPLACE && room->sessions.count > 0)
        return "left as it is: somebody is in the room";
    return NULL;
}

bool import_room_end(struct import_room *import, const json_t *line)
{
    struct room *room = NULL;
    if (import->id == 0)
        return true;
    if (import->target != 0 && imports_have_work(import->service))
        return false; /* two rooms at once would take each other's numbers */
    enum store_result found = room_load_begin(import->service, jid_node(&import->to), &room);
    if (found == STORE_OK && room->loading)
        return false;
    service_wrote(import->service, found);
    const char *why = late_objection(import, room, line);
    if (why)
        give_up(import, why);
    else
        end_well(import, room);
    return true;
}

/* ---- Afterwards ---- */

json_t *import_room_report(const struct import_room *import)
{
    json_t *row = json_object(), *left_out = json_array(), *count;
    const char *what;
    json_object_set_new(row, "room", json_string(import->address));
    json_object_set_new(
        row, "result", json_string(import->why ? import->why : "not imported: its end is missing"));
    json_object_set_new(row, "messages", json_integer(import->messages));
    json_object_set_new(row, "affiliations", json_integer(import->affiliations));
    if (import->known > 0)
        json_object_set_new(row, "known", json_integer(import->known));
    json_object_foreach(import->left_out, what, count)
    {
        json_array_append_new(
            left_out, json_sprintf("%s (%lld)", what, (long long)json_integer_value(count)));
    }
    if (json_array_size(left_out) > 0)
        json_object_set(row, "left_out", left_out);
    json_decref(left_out);
    return row;
}

void import_room_close(struct import_room *import)
{
    if (!import->address)
        return;
    if (import->id != 0)
        imports_end(import->service, import->id);
    options_free(&import->config);
    buf_free(&import->subject);
    buf_free(&import->card);
    buf_free(&import->hashes);
    json_decref(import->applicants);
    json_decref(import->left_out);
    free(import->creator);
    free(import->address);
    free(import->why);
    *import = (struct import_room){.service = import->service};
}
