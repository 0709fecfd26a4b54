/* What a room says of itself and of who is in it (XEP-0045, 6.4, 6.5 and 6.6). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "occupant.h"
#include "room.h"
#include "service_state.h"

static const char *const features[] = {
    NS_DISCO_INFO,    NS_DISCO_ITEMS, NS_MUC,         NS_MUC_STABLE_ID,
    NS_MUC_SELF_PING, NS_SID,         NS_OCCUPANT_ID,
};

static void write_feature(struct xml *xml, const char *var)
{
    if (!var)
        return;
    xml_open(xml, "feature", NULL);
    xml_attr_text(xml, "var", var);
    xml_close(xml);
}

static void write_info_text(struct xml *xml, const char *var, const char *label, const char *text)
{
    struct span value = span_of(text);
    if (value.len > 0)
        form_write_field(xml, var, "text-single", label, &value, 1);
}

static void write_info_number(struct xml *xml, const char *var, const char *label, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    write_info_text(xml, var, label, text);
}

static void write_room_info(struct xml *xml, const struct room *room)
{
    form_write_open(xml, "result", NS_MUC_ROOMINFO);
    write_info_text(xml, "muc#roominfo_description", "Description", room->config.description);
    write_info_text(xml, "muc#roominfo_lang", "Language", room->config.lang);
    write_info_number(xml, "muc#roominfo_occupants", "Number of occupants",
                      HASH_COUNT(room->occupants));
    write_info_number(xml, "muc#maxhistoryfetch", "Messages of history on entry",
                      room->config.history);
    xml_close(xml);
}

const struct stanza_error *room_info(struct request *request)
{
    const struct room *room = request->room;
    if (stanza_attr(request->payload, "node"))
        return &error_item_not_found;
    struct draft draft = request_result_open(request);
    struct xml *xml = &draft.xml;
    xml_open(xml, "query", NS_DISCO_INFO);
    xml_open(xml, "identity", NULL);
    xml_attr_text(xml, "category", "conference");
    xml_attr_text(xml, "type", "text");
    xml_attr(xml, "name", *room->config.name ? span_of(room->config.name) : room_node(room));
    xml_close(xml);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        write_feature(xml, features[i]);
    for (size_t i = 0; room_option_at(i); i++)
        write_feature(xml, room_option_feature(room_option_at(i), &room->config));
    write_room_info(xml, room);
    xml_close(xml);
    request_send(request, &draft);
    return NULL;
}

#define ITEMS_MAX 100

/* Who is in a hidden room is nobody's business but of those who are in it. */
const struct stanza_error *room_items(struct request *request)
{
    const struct room *room = request->room;
    unsigned left = room->config.public || request->session ? ITEMS_MAX : 0;
    if (stanza_attr(request->payload, "node"))
        return &error_item_not_found;
    struct draft draft = request_result_open(request);
    xml_open(&draft.xml, "query", NS_DISCO_ITEMS);
    for (struct occupant *occupant = room->occupants; occupant && left > 0; left--) {
        xml_open(&draft.xml, "item", NULL);
        xml_attr(&draft.xml, "jid", occupant_address(occupant));
        xml_attr_text(&draft.xml, "name", occupant->nick);
        xml_close(&draft.xml);
        occupant = occupant->hh.next;
    }
    xml_close(&draft.xml);
    request_send(request, &draft);
    return NULL;
}

/* Outsiders are to ask the room, not an occupant (6.6). */
const struct stanza_error *occupant_disco(struct request *request)
{
    if (!request->session)
        return &error_bad_request;
    if (!occupant_find(request->room, request_nick(request)))
        return &error_item_not_found;
    return &error_service_unavailable;
}
