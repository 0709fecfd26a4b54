/* A message that comes in. It is checked as one from a stranger, because files come from strangers,
 * and keeps its time, its place, and the id by which clients know it. */

#include <string.h>

#include "coven/id.h"
#include "coven/ns.h"
#include "coven/store_staged.h"
#include "coven/stored_xml.h"
#include "import_room.h"
#include "muc/state/message_id.h"
#include "muc/state/privilege.h"
#include "muc/state/readdress.h"
#include "muc/state/service_state.h"
#include "transfer.h"

#define TRIES 40 /* to find a key that no other message has */

/* ---- The stanza ---- */

/* Claims nothing that only the room may say, but one id of each kind. */
static bool is_modest(const struct stored_xml *stanza, struct span room, struct span id)
{
    struct span content = stanza->inner;
    struct stored_xml child;
    unsigned ids = 0, occupants = 0;
    if (stored_xml_child(&content, "x", NS_MUC_USER, &child))
        return false;
    for (content = stanza->inner; stored_xml_child(&content, "stanza-id", NS_SID, &child);) {
        if (!stored_xml_attr_is(&child, "by", room))
            continue;
        if (!stored_xml_attr_is(&child, "id", id) || ids++ > 0)
            return false;
    }
    for (content = stanza->inner;
         stored_xml_child(&content, "occupant-id", NS_OCCUPANT_ID, &child);)
        occupants++;
    return occupants <= 1;
}

/* Why the stanza cannot be taken; NULL: it can, and its recipient goes to `*to_at_r`. */
static const char *objection(const struct import_room *import, struct span text, struct span id,
                             uint32_t *to_at_r)
{
    const struct service_limits *limits = &import->service->settings.limits;
    struct span room = span_of(import->address), to;
    struct stored_xml stanza;
    if (text.len > 2 * (size_t)limits->stanza_bytes)
        return "message: larger than stanza_bytes allows";
    if (!stored_xml_read(text, "message", &stanza) || stanza.inner.len == 0)
        return "message: its stanza is malformed";
    if (!stored_xml_attr(&stanza, "to", &to) || to.len > 0 ||
        !stored_xml_attr_is(&stanza, "type", span_of("groupchat")))
        return "message: its stanza is not a groupchat message with an open recipient";
    if (!stored_xml_has_sender(&stanza, room))
        return "message: its sender is not in the room";
    if (!is_modest(&stanza, room, id))
        return "message: it claims what only the room may say";
    *to_at_r = (uint32_t)(to.at - text.at);
    return NULL;
}

/* ---- Key and id ---- */

/* The key with that time. When the clock was wrong, keys and times differ (eras.h). */
static int64_t key_for(const struct service *service, int64_t key, int64_t ms)
{
    const struct eras *eras = &service->era.eras;
    struct key_range ranges[ERAS_MAX];
    if (eras->count == 1)
        return key_time(key) == ms ? key : key_at(ms);
    return eras_ranges(eras, ms, ms, ranges) > 0 ? ranges[0].after + 1 : key_at(ms);
}

/* Behind the message before, and not in the future. */
static int64_t place_for(struct import_room *import, int64_t key, int64_t ms)
{
    int64_t wanted = key_for(import->service, key, ms);
    if (wanted <= import->last_key)
        wanted = import->last_key + 1;
    return wanted < era_end(import->service) ? wanted : era_next_key(import->service);
}

/* Others may have the key, perhaps many in a row. */
static enum store_result bring(struct import_room *import, struct store_message *row, int64_t key)
{
    int64_t step = 1;
    enum store_result result = STORE_NOTHING;
    for (int i = 0; i < TRIES && result == STORE_NOTHING; i++) {
        row->key = key;
        result = store_message_bring(import->service->store, row);
        key += step;
        step += i < TRIES / 2 ? step : 0;
    }
    return result;
}

/* Is it in the room that this one goes into? */
static bool is_known(const struct import_room *import, const struct store_message *row, int64_t key)
{
    struct store *store = import->service->store;
    int64_t found = 0;
    uint64_t noise = 0;
    if (import->target == 0)
        return false;
    if (store_message_known(store, import->target, row->alias, &found, &noise) == STORE_OK)
        return true;
    return key > 0 &&
           store_message_is(store, import->target, key, row->noise, &found) == STORE_OK &&
           found == 1;
}

/* ---- The line ---- */

static void read_author(const json_t *line, struct store_message *row)
{
    enum affiliation affiliation = AFFILIATION_NONE;
    enum role role = ROLE_NONE;
    const char *name = json_string_value(json_object_get(line, "affiliation"));
    if (name)
        affiliation_named(name, &affiliation);
    name = json_string_value(json_object_get(line, "role"));
    if (name)
        role_named(name, &role);
    row->affiliation = (int)affiliation;
    row->role = (int)role;
    row->nick = transfer_text(line, "nick");
}

/* Empty: nobody knows. False: it is none. */
static bool read_jid(const json_t *line, struct jid *jid, struct store_message *row)
{
    struct span text = transfer_text(line, "jid");
    if (text.len == 0)
        return true;
    if (!jid_parse(text, jid) || jid->node_len == 0)
        return false;
    row->author = jid_bare(jid);
    row->resource = jid_resource(jid);
    return true;
}

/* Puts the message into the store. Where another has the key, or the id is of another kind, the
 * message has an alias: others know it by the same id as before. */
static void place(struct import_room *import, struct store_message *row, struct message_id id,
                  int64_t ms)
{
    struct span alias = row->alias;
    int64_t key = place_for(import, id.key, ms);
    enum store_result result = STORE_NOTHING;
    row->said = import->said;
    if (key == id.key) {
        row->key = key;
        row->alias = span_of("");
        result = store_message_bring(import->service->store, row);
    }
    row->alias = alias;
    if (result == STORE_NOTHING)
        result = bring(import, row, key);
    service_wrote(import->service, result);
    if (result != STORE_OK) {
        import_room_leave_out(import, "message: there is no place for its time");
        return;
    }
    era_note(import->service, row->key);
    import->last_key = row->key;
    if (row->kind == STORE_SAID)
        import->said = row->key;
    import->messages++;
    import->archived += row->number > 0;
}

/* With the room's address here. */
static void readdress(struct import_room *import, struct store_message *row, struct message_id id,
                      int64_t ms)
{
    struct readdressed now =
        readdress_from(row->stanza, row->to_at, span_of(import->address), jid_bare(&import->to));
    row->stanza = now.stanza;
    row->to_at = now.to_at;
    place(import, row, id, ms);
    readdress_free(&now);
}

void import_room_message(struct import_room *import, const json_t *line)
{
    struct jid jid;
    struct message_id id;
    int64_t ms;
    struct span name = transfer_text(line, "id");
    struct store_message row = {.room = import->id, .alias = name};
    const char *why = NULL;
    import->lines_messages++;
    if (import->id == 0)
        return;
    if (name.len == 0 || name.len > MESSAGE_ALIAS_MAX)
        why = "message: its id is none";
    else if (!transfer_time(line, "time", &ms) || ms <= 0)
        why = "message: its time is none";
    else if (!transfer_kind_named(json_string_value(json_object_get(line, "kind")), &row.kind))
        why = "message: its kind is unknown";
    else if (!read_jid(line, &jid, &row))
        why = "message: its author's address is none";
    else
        why = objection(import, transfer_text(line, "stanza"), name, &row.to_at);
    if (why) {
        import_room_leave_out(import, why);
        return;
    }
    if (!message_id_parse(name.at, &id))
        id = (struct message_id){0, message_id_noise(import->service)};
    row.noise = id.noise;
    row.stanza = transfer_text(line, "stanza");
    row.number = json_is_true(json_object_get(line, "passing")) ? 0 : import->archived + 1;
    read_author(line, &row);
    if (is_known(import, &row, id.key))
        import->known++;
    else
        readdress(import, &row, id, ms);
}
