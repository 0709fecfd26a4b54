#include "message.h"

#include "coven/bug.h"
#include "coven/datetime.h"
#include "coven/id.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "draft.h"
#include "muc/state/occupant.h"
#include "muc/state/request.h"
#include "muc/state/service_state.h"
#include "payload.h"

void message_write_names(struct xml *xml, struct span room, const char *id, const char *occupant_id)
{
    if (id) {
        xml_open(xml, "stanza-id", NS_SID);
        xml_attr(xml, "by", room);
        xml_attr_text(xml, "id", id);
        xml_close(xml);
    }
    if (!occupant_id)
        return;
    xml_open(xml, "occupant-id", NS_OCCUPANT_ID);
    xml_attr_text(xml, "id", occupant_id);
    xml_close(xml);
}

void message_write_ids(struct xml *xml, const struct room *room, struct message_id id,
                       const char *occupant_id)
{
    char text[MESSAGE_ID_SIZE];
    bool is_kept = id.key != 0 && room_is_archived(room);
    if (is_kept)
        message_id_print(id, text);
    message_write_names(xml, room_address(room), is_kept ? text : NULL, occupant_id);
}

struct rendered *message_render(struct request *request, struct message_id id)
{
    const struct occupant *occupant = request->session->occupant;
    char made[ID_TEXT_SIZE];
    if (!request->id)
        id_random_text(made);
    struct draft draft = draft_open(request->service, "message", occupant_address(occupant),
                                    "groupchat", request->id ? request->id : made);
    xml_attr_text(&draft.xml, "xml:lang", stanza_attr(request->stanza, "xml:lang"));
    draft_to_each(&draft);
    const struct payload_scope scope = {{.room = room_address(request->room)}, occupant};
    payload_copy(&draft.xml, request->stanza, &scope);
    message_write_ids(&draft.xml, request->room, id, occupant->id);
    bool fits = draft_fits(&draft, request->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

static void write_delay(struct buf *out, const struct room *room, int64_t sent_ms)
{
    char stamp[DATETIME_SIZE];
    struct xml xml = xml_to(out);
    datetime_print(sent_ms, stamp);
    xml_open(&xml, "delay", NS_DELAY);
    xml_attr(&xml, "from", room_address(room));
    xml_attr_text(&xml, "stamp", stamp);
    xml_close(&xml);
}

/* Appends the part `open` of a stanza, without the ids that the room wrote into it. */
static void add_without_id(struct buf *out, const struct room *room, struct span stanza,
                           struct span open)
{
    struct stored_xml message, id;
    const char *at = open.at, *end = open.at + open.len;
    bool sound = stored_xml_open(stanza, &message);
    coven_assert(sound);
    while (stored_xml_child(&message.inner, "stanza-id", NS_SID, &id)) {
        if (!stored_xml_attr_is(&id, "by", room_address(room)))
            continue;
        buf_add(out, at, (size_t)(id.text.at - at));
        at = id.text.at + id.text.len;
    }
    buf_add(out, at, (size_t)(end - at));
}

struct rendered *message_delayed(const struct room *room, struct span bytes, uint32_t to_at,
                                 int64_t sent_ms, bool is_archived)
{
    static const char end[] = "</message>";
    struct buf *out = &room->service->scratch;
    struct span open = {bytes.at, bytes.len - (sizeof end - 1)};
    coven_assert(bytes.len > sizeof end && to_at < open.len);
    buf_clear(out);
    if (is_archived)
        buf_add_span(out, open);
    else
        add_without_id(out, room, bytes, open);
    write_delay(out, room, sent_ms);
    buf_add_text(out, end);
    return rendered_new(buf_span(out), to_at, NULL, 0);
}
