#include "retract.h"

#include <string.h>

#include "archive.h"
#include "coven/datetime.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "message.h"
#include "occupant.h"
#include "room.h"
#include "service_state.h"

/* ---- Messages that may be taken back ---- */

struct search {
    struct retractable *message;
    bool found;
};

/* What takes something back stays, and so does what is a tombstone already. */
static bool take(void *user, const struct store_message *row)
{
    struct search *search = user;
    const char *bytes = row->stanza.at;
    const char *end = memchr(bytes, '>', row->stanza.len); /* stands for nothing else than that */
    if ((row->kind != STORE_SAID && row->kind != STORE_SUBJECT) || !end)
        return false;
    struct retractable *message = search->message;
    search->found = true;
    message->id = (struct message_id){row->key, row->noise};
    message->to_at = row->to_at;
    buf_add_span(&message->author, row->author);
    buf_add(&message->head, bytes, (size_t)(end + 1 - bytes));
    return false;
}

enum store_result retractable_find(struct retractable *message, struct room *room, const char *id)
{
    struct search search = {message, false};
    *message = (struct retractable){.author = BUF_INIT, .head = BUF_INIT};
    enum store_result result = archive_find(room, id, take, &search);
    return result == STORE_OK && !search.found ? STORE_NOTHING : result;
}

void retractable_close(struct retractable *message)
{
    buf_free(&message->author);
    buf_free(&message->head);
}

/* ---- Taking back ---- */

void retraction_write(struct xml *xml, const struct retraction *retraction)
{
    if (retraction->occupant) {
        xml_open(xml, "moderated", NS_MODERATE);
        xml_attr(xml, "by", occupant_address(retraction->occupant));
        xml_open(xml, "occupant-id", NS_OCCUPANT_ID);
        xml_attr_text(xml, "id", retraction->occupant->id);
        xml_close(xml);
        xml_close(xml);
    }
    if (retraction->reason)
        xml_element(xml, "reason", NULL, span_of(retraction->reason));
}

static void write_retracted(struct xml *xml, int64_t now_ms, const struct retraction *retraction)
{
    char stamp[DATETIME_SIZE];
    datetime_print(now_ms, stamp);
    xml_open(xml, "retracted", NS_RETRACT);
    xml_attr_text(xml, "stamp", stamp);
    xml_attr_text(xml, "id", retraction->id);
    retraction_write(xml, retraction);
    xml_close(xml);
}

/* The opening tag stays: who sent it, and under which id. */
void retraction_carry_out(struct room *room, const struct retractable *message,
                          const struct retraction *retraction)
{
    struct service *service = room->service;
    char author_id[OCCUPANT_ID_SIZE];
    struct buf stanza = BUF_INIT;
    struct xml xml = xml_to(&stanza);
    buf_add_span(&stanza, buf_span(&message->head));
    write_retracted(&xml, service->wall_ms, retraction);
    occupant_id_of(room, buf_span(&message->author), author_id);
    message_write_ids(&xml, room, message->id, message->author.len > 0 ? author_id : NULL);
    buf_add_text(&stanza, "</message>");
    struct store_message row = {
        .key = message->id.key,
        .kind = STORE_TOMBSTONE,
        .stanza = buf_span(&stanza),
        .to_at = message->to_at,
    };
    room_touch(room);
    service_wrote(service, store_message_replace(service->store, &row));
    buf_free(&stanza);
}

bool retract_own(struct request *request)
{
    xmpp_stanza_t *retract = stanza_child(request->stanza, "retract", NS_RETRACT);
    const char *id = retract ? stanza_attr(retract, "id") : NULL;
    struct retractable message;
    /* A tombstone names the message that left it, so that one needs an id. */
    if (!id || !request->id)
        return false;
    enum store_result result = retractable_find(&message, request->room, id);
    service_wrote(request->service, result);
    bool own =
        result == STORE_OK && span_equal(buf_span(&message.author), jid_bare(&request->from));
    struct retraction retraction = {.id = request->id};
    if (own)
        retraction_carry_out(request->room, &message, &retraction);
    retractable_close(&message);
    return own;
}
