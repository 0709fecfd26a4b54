/* Disco of a room and of its occupants (XEP-0045, 6.4, 6.5, 6.6, 7.12 and 18.1.1). */

#include <string.h>

#include "archive.h"
#include "coven/ns.h"
#include "coven/utf8.h"
#include "disco_node.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/say/occupant_list.h"
#include "muc/say/roominfo.h"
#include "muc/state/access.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/room.h"

#define NAME_BYTES_MAX 1024 /* of the room's name */

static const char *const features[] = {
    NS_DISCO_INFO,    NS_DISCO_ITEMS, NS_MUC,          NS_MUC_STABLE_ID,
    NS_MUC_SELF_PING, NS_MUC_REQUEST, NS_MUC_REGISTER, NS_MUC_ROOMCONFIG,
    NS_MUC_ROOMINFO,  NS_PING,        NS_REGISTER,     NS_RSM,
    NS_OCCUPANT_ID,   NS_SID,         NS_VCARD,        NS_COMMANDS,
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

static const char *const archive_features[] = {
    NS_MAM, NS_MAM_EXTENDED, NS_FULLTEXT, NS_RETRACT, NS_TOMBSTONE, NS_MODERATE, NS_MODERATE_0};

static void write_features(struct xml *xml, const struct room *room)
{
    const struct room_config *config = &room->config;
    size_t count = room_is_archived(room) ? sizeof archive_features / sizeof *archive_features : 0;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        write_feature(xml, features[i]);
    for (size_t i = 0; options_at(i); i++)
        write_feature(xml, options_feature(options_at(i), config));
    for (size_t i = 0; i < count; i++)
        write_feature(xml, archive_features[i]);
}

static const struct stanza_error *tell_room(struct request *request)
{
    const struct room *room = request->room;
    const char *name = room->config.name;
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", NS_DISCO_INFO);
    write_identity(&draft.xml, *name ? span_of(name) : room_node(room));
    write_features(&draft.xml, room);
    roominfo_write(&draft.xml, request);
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

/* ---- Nodes of a room that are asked about ---- */

#define NODE_OWN_NICK "x-roomuser-item"

/* The nick that is reserved for the sender (7.12). */
static const struct stanza_error *tell_nick(struct request *request)
{
    const struct affiliation_entry *entry =
        affiliation_entry(request->room, jid_bare(&request->from));
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", NS_DISCO_INFO);
    xml_attr_text(&draft.xml, "node", NODE_OWN_NICK);
    if (entry && *entry->nick)
        write_identity(&draft.xml, span_of(entry->nick));
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

/* The room passes on everything that occupants send (18.1.1). */
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

const struct stanza_error *disco_room_info(struct request *request)
{
    const char *node = disco_node_of(request);
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        if (strcmp(node, nodes[i].name) == 0)
            return nodes[i].handler(request);
    }
    return &refusal_no_node;
}

/* ---- Occupants ---- */

static bool is_seen(const struct occupant_list *list, const struct occupant *occupant)
{
    return access_sees(list->request, occupant);
}

static bool add_seen(struct disco_page *page, const struct occupant *occupant)
{
    return disco_page_add(page, occupant_address(occupant), span_of(occupant_nick(occupant)));
}

static void send_nobody(struct request *request)
{
    struct draft draft = answer_open(request);
    xml_element(&draft.xml, "query", NS_DISCO_ITEMS, span_of(""));
    answer_send(request, &draft);
}

const struct stanza_error *disco_room_items(struct request *request)
{
    struct disco_page page;
    const struct occupant_list list = {
        .request = request, .has = is_seen, .add = add_seen, .count = access_count(request)};
    const struct stanza_error *error = NULL;
    const char *node = disco_node_of(request);
    if (*node != '\0')
        return &refusal_no_node;
    if (!disco_page_open(&page, request))
        return &error_bad_request;
    if (access_lists(request))
        error = occupant_list_send(&list, &page);
    else
        send_nobody(request);
    disco_page_close(&page);
    return error;
}

/* Outsiders must ask the room, not an occupant (6.6). */
const struct stanza_error *disco_room_occupant(struct request *request)
{
    if (!request->session)
        return &error_bad_request;
    return relay_iq(request);
}
