/* What a room says of itself and of who is in it (XEP-0045, 6.4, 6.5, 6.6, 7.12 and 18.1.1). */

#include <string.h>

#include "archive.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "handlers.h"
#include "occupant.h"
#include "page.h"
#include "room.h"
#include "roominfo.h"
#include "service_state.h"

#define NAME_BYTES_MAX 1024 /* of the room's name */

static const char *const features[] = {
    NS_DISCO_INFO, NS_DISCO_ITEMS, NS_MUC,         NS_MUC_STABLE_ID, NS_MUC_SELF_PING, NS_PING,
    NS_REGISTER,   NS_RSM,         NS_OCCUPANT_ID, NS_SID,           NS_VCARD,
};

static void write_identity(struct xml *xml, struct span name)
{
    xml_open(xml, "identity", NULL);
    xml_attr_text(xml, "category", "conference");
    xml_attr_text(xml, "type", "text");
    xml_attr(xml, "name", (struct span){name.at, utf8_cut(name, NAME_BYTES_MAX)});
    xml_close(xml);
}

static void write_feature(struct xml *xml, const char *var)
{
    if (!var)
        return;
    xml_open(xml, "feature", NULL);
    xml_attr_text(xml, "var", var);
    xml_close(xml);
}

static const char *const archive_features[] = {NS_MAM,     NS_MAM_EXTENDED, NS_FULLTEXT,
                                               NS_RETRACT, NS_TOMBSTONE,    NS_MODERATE};

static void write_features(struct xml *xml, const struct room *room)
{
    const struct room_config *config = &room->config;
    size_t count = archive_is_kept(room) ? sizeof archive_features / sizeof *archive_features : 0;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        write_feature(xml, features[i]);
    for (size_t i = 0; room_option_at(i); i++)
        write_feature(xml, room_option_feature(room_option_at(i), config));
    for (size_t i = 0; i < count; i++)
        write_feature(xml, archive_features[i]);
}

static const struct stanza_error *tell_room(struct request *request)
{
    const struct room *room = request->room;
    struct draft draft = request_result_open(request);
    xml_open(&draft.xml, "query", NS_DISCO_INFO);
    write_identity(&draft.xml, *room->config.name ? span_of(room->config.name) : room_node(room));
    write_features(&draft.xml, room);
    roominfo_write(&draft.xml, request);
    xml_close(&draft.xml);
    request_send(request, &draft);
    return NULL;
}

/* ---- Nodes of a room that are asked about ---- */

#define NODE_OWN_NICK "x-roomuser-item"

/* The nick that is reserved for whoever asks (7.12). */
static const struct stanza_error *tell_nick(struct request *request)
{
    const struct affiliation_entry *entry =
        room_affiliation_entry(request->room, jid_bare(&request->from));
    struct draft draft = request_result_open(request);
    xml_open(&draft.xml, "query", NS_DISCO_INFO);
    xml_attr_text(&draft.xml, "node", NODE_OWN_NICK);
    if (entry && *entry->nick)
        write_identity(&draft.xml, span_of(entry->nick));
    xml_close(&draft.xml);
    request_send(request, &draft);
    return NULL;
}

/* Nothing that people send is kept back (18.1.1). */
static const struct stanza_error *tell_traffic(struct request *request)
{
    (void)request;
    return &error_service_unavailable;
}

static const struct {
    const char *name;
    request_handler *handler;
} nodes[] = {
    {"", tell_room},
    {NODE_OWN_NICK, tell_nick},
    {NS_MUC_TRAFFIC, tell_traffic},
};

const struct stanza_error *room_info(struct request *request)
{
    const char *node = stanza_attr(request->payload, "node");
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        if (strcmp(node ? node : "", nodes[i].name) == 0)
            return nodes[i].handler(request);
    }
    return &error_feature_not_implemented;
}

/* ---- Occupants ---- */

/* In the order in which they came in. */
static unsigned position_of(const struct room *room, const struct occupant *occupant)
{
    unsigned index = 0;
    for (const struct occupant *at = room->occupants; at && at != occupant; at = at->next)
        index++;
    return index;
}

static struct occupant *occupant_at(const struct room *room, uint32_t index)
{
    struct occupant *occupant = room->occupants;
    for (; occupant && index > 0; index--)
        occupant = occupant->next;
    return occupant;
}

static struct occupant *last_occupant(const struct room *room)
{
    return room->occupants ? room->occupants->prev : NULL; /* it is a ring backwards */
}

static struct occupant *occupant_before(const struct room *room, const struct occupant *occupant)
{
    return occupant == room->occupants ? NULL : occupant->prev;
}

/* The occupant whose address is the key, or NULL when it went. */
static struct occupant *occupant_of_key(const struct room *room, const char *key)
{
    struct jid jid;
    if (!jid_parse(span_of(key), &jid) || !span_equal(jid_bare(&jid), room_address(room)))
        return NULL;
    return occupant_find(room, jid_resource(&jid));
}

/* Where the page begins. False: next to somebody who is not here any more. */
static bool find_start(const struct room *room, const struct rsm *wanted, struct occupant **at_r)
{
    if (wanted->from == RSM_START || wanted->from == RSM_INDEX) {
        *at_r = occupant_at(room, wanted->index);
        return true;
    }
    if (wanted->from == RSM_BEFORE && *wanted->key == '\0') {
        *at_r = last_occupant(room);
        return true;
    }
    struct occupant *key = occupant_of_key(room, wanted->key);
    if (key)
        *at_r = wanted->from == RSM_BEFORE ? occupant_before(room, key) : key->next;
    return key != NULL;
}

static const struct stanza_error *list_occupants(struct request *request, struct page *page)
{
    const struct room *room = request->room;
    bool backwards = page->wanted.from == RSM_BEFORE;
    struct occupant *at = NULL, *first = NULL;
    if (!find_start(room, &page->wanted, &at))
        return &error_item_not_found;
    while (at && page_add(page, occupant_address(at), span_of(occupant_nick(at)))) {
        if (backwards || !first)
            first = at;
        at = backwards ? occupant_before(room, at) : at->next;
    }
    bool part = page_is_part(page);
    page_send(page, request, first && part ? position_of(room, first) : 0,
              room->occupants_by_nick.count);
    return NULL;
}

/* Who is in a room is nobody's business who may not look into it; of a hidden one it is that of
 * those inside alone. */
static bool may_list(const struct request *request)
{
    bool open = request->room->config.public && request->service->settings.list_occupants;
    return request->session || (open && room_may_look(request));
}

static void send_nobody(struct request *request)
{
    struct draft draft = request_result_open(request);
    xml_element(&draft.xml, "query", NS_DISCO_ITEMS, span_of(""));
    request_send(request, &draft);
}

const struct stanza_error *room_items(struct request *request)
{
    struct page page;
    const struct stanza_error *error = NULL;
    if (stanza_attr(request->payload, "node"))
        return &error_item_not_found;
    if (!page_open(&page, request))
        return &error_bad_request;
    if (may_list(request))
        error = list_occupants(request, &page);
    else
        send_nobody(request);
    page_close(&page);
    return error;
}

/* Outsiders are to ask the room, not an occupant (6.6). */
const struct stanza_error *occupant_disco(struct request *request)
{
    if (!request->session)
        return &error_bad_request;
    return occupant_iq(request);
}
