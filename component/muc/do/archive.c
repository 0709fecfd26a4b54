#include "archive.h"

#include "archive_access.h"
#include "coven/datetime.h"
#include "coven/ns.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

/* ---- Keeping ---- */

static void set_author(struct store_message *row, const struct session *author)
{
    const struct occupant *occupant = author->occupant;
    struct span bare = span_of(occupant_bare(occupant)), full = session_jid(author);
    row->author = bare;
    if (full.len > bare.len)
        row->resource = (struct span){full.at + bare.len + 1, full.len - bare.len - 1};
    row->nick = span_of(occupant_nick(occupant));
    row->affiliation = (int)occupant_affiliation(occupant);
    row->role = (int)occupant->role;
}

/* Number of the room's next archived message. After a dropped turn it is read again. */
static int64_t next_number(struct room *room)
{
    struct service *service = room->service;
    room_touch(room);
    if (room->archived == ARCHIVED_UNKNOWN)
        service_wrote(service, store_message_number(service->store, room->id, &room->archived));
    if (room->archived < INT64_MAX) /* otherwise the number was damaged on disk */
        room->archived++;
    return room->archived;
}

/* Notes what was said before a message, and whether the message itself counts as said. */
static void set_said(struct store_message *row, struct room *room)
{
    struct service *service = room->service;
    if (room->said == STORE_SAID_UNKNOWN)
        service_wrote(service, store_message_said(service->store, room->id, &room->said));
    row->said = room->said;
    if (row->kind == STORE_SAID)
        room->said = row->key;
}

void archive_add(struct room *room, const struct session *author, struct rendered *stanza,
                 struct message_id id, enum store_kind kind)
{
    struct service *service = room->service;
    bool archived = room_is_archived(room);
    if (!archived && (kind != STORE_SAID || room->config.history == 0))
        return;
    struct store_message row = {
        .key = id.key,
        .noise = id.noise,
        .room = room->id,
        .number = archived ? next_number(room) : 0,
        .kind = kind,
        .stanza = {stanza->bytes, stanza->len},
        .to_at = stanza->to_at,
    };
    if (author)
        set_author(&row, author);
    set_said(&row, room);
    if (archived)
        service_wrote(service, store_message_add(service->store, &row));
    else
        unarchived_add(room, &row, author ? author->jid : NULL, stanza);
}

enum store_result archive_find(struct room *room, const char *id, store_message_each *each,
                               void *user)
{
    struct message_id key;
    enum store_result result = message_id_find(room, id, &key);
    if (result != STORE_OK)
        return result;
    unarchived_save(room);
    return store_message_get(room->service->store, room->id, key.key, key.noise, each, user);
}

/* ---- Reading ---- */

struct end {
    const char *name;
    const struct eras *eras;
    struct xml *xml;
};

static bool write_end(void *user, const struct store_message *message)
{
    const struct end *end = user;
    char id[MESSAGE_NAME_SIZE], stamp[DATETIME_SIZE];
    message_id_name(message, id);
    datetime_print(eras_stamp(end->eras, message->key), stamp);
    xml_open(end->xml, end->name, NULL);
    xml_attr_text(end->xml, "id", id);
    xml_attr_text(end->xml, "timestamp", stamp);
    xml_close(end->xml);
    return false;
}

const struct stanza_error *archive_metadata(struct request *request)
{
    const struct stanza_error *error = archive_access_refusal(request);
    if (error)
        return error;
    struct draft draft = answer_open(request);
    const struct eras *eras = &request->service->era.eras;
    struct end start = {"start", eras, &draft.xml}, end = {"end", eras, &draft.xml};
    struct store_range range = {
        .room = request->room->id, .keys = {0, eras->last_key + 1}, .limit = 1};
    struct store *store = request->service->store;
    xml_open(&draft.xml, "metadata", NS_MAM);
    enum store_result result = store_messages(store, &range, write_end, &start);
    range.backwards = true;
    if (result == STORE_OK)
        result = store_messages(store, &range, write_end, &end);
    if (result == STORE_FAILED)
        return &error_resource_constraint;
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}
