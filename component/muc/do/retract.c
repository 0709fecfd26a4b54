#include "retract.h"

#include <string.h>

#include "archive.h"
#include "coven/datetime.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "muc/say/message.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"

/* ---- Messages that may be taken back ---- */

struct lookup {
    struct retractable *message;
    bool found;
};

/* The id in the <retract/> of a stanza; false: there is none. */
static bool read_retracted(const struct stored_xml *stanza, struct message_id *id_r)
{
    char text[MESSAGE_ID_SIZE] = "";
    struct span content = stanza->inner, id;
    struct stored_xml retract;
    if (!stored_xml_child(&content, "retract", NS_RETRACT, &retract) ||
        !stored_xml_attr(&retract, "id", &id) || id.len >= sizeof text)
        return false;
    memcpy(text, id.at, id.len);
    return message_id_parse(text, id_r);
}

/* Takes the row, unless it is a tombstone or a retraction by the room itself. */
static bool take(void *user, const struct store_message *row)
{
    struct lookup *search = user;
    struct retractable *message = search->message;
    struct stored_xml stanza;
    message->is_retraction = row->kind == STORE_RETRACTION;
    if (row->kind == STORE_TOMBSTONE || !stored_xml_open(row->stanza, &stanza) ||
        (message->is_retraction &&
         (row->author.len == 0 || !read_retracted(&stanza, &message->retracted))))
        return false;
    search->found = true;
    message->id = (struct message_id){row->key, row->noise};
    message->to_at = row->to_at;
    buf_add_span(&message->author, row->author);
    buf_add_span(&message->attributes, stanza.attributes);
    return false;
}

enum store_result retract_find(struct retractable *message, struct room *room, const char *id)
{
    struct lookup search = {message, false};
    *message = (struct retractable){.author = BUF_INIT, .attributes = BUF_INIT};
    enum store_result result = archive_find(room, id, take, &search);
    return result == STORE_OK && !search.found ? STORE_NOTHING : result;
}

void retract_close(struct retractable *message)
{
    buf_free(&message->author);
    buf_free(&message->attributes);
}

/* ---- Taking back ---- */

void retract_write(struct xml *xml, const struct retraction *retraction)
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

static void write_retracted_id(struct xml *xml, struct message_id id)
{
    char text[MESSAGE_ID_SIZE];
    message_id_print(id, text);
    xml_open(xml, "retract", NS_RETRACT);
    xml_attr_text(xml, "id", text);
    xml_close(xml);
}

static void write_retracted(struct xml *xml, int64_t now_ms, const struct retraction *retraction)
{
    char stamp[DATETIME_SIZE];
    datetime_print(now_ms, stamp);
    xml_open(xml, "retracted", NS_RETRACT);
    xml_attr_text(xml, "stamp", stamp);
    xml_attr_text(xml, "id", retraction->id);
    retract_write(xml, retraction);
    xml_close(xml);
}

/* The attributes stay: they say who sent the message, under which id. A retraction still names the
 * message that it took back: later readers must learn of that. */
void retract_carry_out(struct room *room, const struct retractable *message,
                       const struct retraction *retraction)
{
    struct service *service = room->service;
    char author_id[OCCUPANT_ID_SIZE];
    struct buf stanza = BUF_INIT;
    struct xml xml = xml_to(&stanza);
    xml_open(&xml, "message", NS_CLIENT);
    xml_raw_attrs(&xml, buf_span(&message->attributes));
    if (message->is_retraction)
        write_retracted_id(&xml, message->retracted);
    write_retracted(&xml, service->wall_ms, retraction);
    occupant_id_of(room, buf_span(&message->author), author_id);
    message_write_ids(&xml, room, message->id, message->author.len > 0 ? author_id : NULL);
    xml_close(&xml);
    struct store_message row = {
        .key = message->id.key,
        .kind = STORE_TOMBSTONE,
        .stanza = buf_span(&stanza),
        .to_at = message->to_at,
    };
    room_touch(room);
    room->retractions++;
    service_wrote(service, store_message_replace(service->store, &row));
    buf_free(&stanza);
}

bool retract_own(struct request *request)
{
    xmpp_stanza_t *retract = stanza_child(request->stanza, "retract", NS_RETRACT);
    const char *id = retract ? stanza_attr(retract, "id") : NULL;
    struct retractable message;
    /* A tombstone names the retracting message, which therefore needs an id. */
    if (!id || !request->id)
        return false;
    enum store_result result = retract_find(&message, request->room, id);
    service_wrote(request->service, result);
    bool own = result == STORE_OK && !message.is_retraction &&
               span_equal(buf_span(&message.author), jid_bare(&request->from));
    struct retraction retraction = {.id = request->id};
    if (own)
        retract_carry_out(request->room, &message, &retraction);
    retract_close(&message);
    return own;
}
