/* What the service says of itself (XEP-0045, 6.2 and 6.3). */

#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "room.h"
#include "service_state.h"

static const char *const features[] = {
    NS_DISCO_INFO, NS_DISCO_ITEMS, NS_MUC, NS_PING, NS_VERSION,
};

const struct stanza_error *service_info(struct request *request)
{
    if (stanza_attr(request->payload, "node"))
        return &error_item_not_found;
    struct draft draft = request_result_open(request);
    struct xml *xml = &draft.xml;
    xml_open(xml, "query", NS_DISCO_INFO);
    xml_open(xml, "identity", NULL);
    xml_attr_text(xml, "category", "conference");
    xml_attr_text(xml, "type", "text");
    xml_attr_text(xml, "name", request->service->settings.name);
    xml_close(xml);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        xml_open(xml, "feature", NULL);
        xml_attr_text(xml, "var", features[i]);
        xml_close(xml);
    }
    xml_close(xml);
    request_send(request, &draft);
    return NULL;
}

#define ITEMS_MAX         100 /* a page */
#define LISTING_BYTES_MAX 65536

struct listing {
    struct xml *xml;
    const char *domain;
};

static void write_item(void *user, const struct store_room *room)
{
    struct listing *listing = user;
    if (listing->xml->out->len > LISTING_BYTES_MAX)
        return;
    struct buf address = BUF_INIT;
    buf_add_span(&address, room->name);
    buf_add_char(&address, '@');
    buf_add_text(&address, listing->domain);
    xml_open(listing->xml, "item", NULL);
    xml_attr(listing->xml, "jid", buf_span(&address));
    xml_attr(listing->xml, "name", room->title.len > 0 ? room->title : room->name);
    xml_close(listing->xml);
    buf_free(&address);
}

const struct stanza_error *service_items(struct request *request)
{
    struct service *service = request->service;
    if (stanza_attr(request->payload, "node"))
        return &error_item_not_found;
    struct draft draft = request_result_open(request);
    struct listing listing = {&draft.xml, service->settings.domain};
    xml_open(&draft.xml, "query", NS_DISCO_ITEMS);
    enum store_result result =
        store_rooms_listed(service->store, span_of(""), ITEMS_MAX, write_item, &listing);
    if (result == STORE_FAILED)
        return &error_resource_constraint;
    xml_close(&draft.xml);
    request_send(request, &draft);
    return NULL;
}
