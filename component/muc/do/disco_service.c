/* Disco of the service and its list of rooms (XEP-0045, 6.2 and 6.3). */

#include <string.h>

#include "coven/ns.h"
#include "disco_node.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/say/disco_page.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

static const char *const features[] = {
    NS_DISCO_INFO, NS_DISCO_ITEMS, NS_MUC,  NS_MUC_STABLE_ID, NS_MUC_UNIQUE,
    "muc_rooms",   NS_OCCUPANT_ID, NS_PING, NS_RSM,           NS_VCARD,
    NS_VERSION,    NS_LAST,        NS_TIME, NS_COMMANDS,
};

const struct stanza_error *disco_service_info(struct request *request)
{
    const char *node = disco_node_of(request);
    if (*node != '\0')
        return &refusal_no_node;
    struct draft draft = answer_open(request);
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
    answer_send(request, &draft);
    return NULL;
}

struct listing {
    struct disco_page *page;
    struct service *service;
    struct jid key; /* where the page begins or ends */
};

static void add_room(void *user, struct span name, struct span title)
{
    struct listing *listing = user;
    struct buf address = BUF_INIT;
    buf_add_span(&address, name);
    buf_add_char(&address, '@');
    buf_add_text(&address, listing->service->settings.domain);
    disco_page_add(listing->page, buf_span(&address), title.len > 0 ? title : name);
    buf_free(&address);
}

/* A key is the address of a room; the order is that of the names, so a room that is gone still has
 * its place. */
static bool read_key(struct listing *listing)
{
    const char *key = listing->page->wanted.key;
    listing->key = (struct jid){.node_len = 0};
    if (!key || *key == '\0')
        return true;
    return jid_parse(span_of(key), &listing->key) && listing->key.node_len > 0 &&
           span_is(jid_domain(&listing->key), listing->service->settings.domain);
}

static enum store_result add_rooms(struct listing *listing)
{
    struct store *store = listing->service->store;
    const struct rsm *wanted = &listing->page->wanted;
    struct span key = jid_node(&listing->key);
    unsigned reach = disco_page_reach(listing->page);
    if (disco_page_is_empty(listing->page, listing->service->rooms_stored.listed))
        return STORE_NOTHING;
    if (wanted->from == RSM_BEFORE)
        return store_rooms_listed_before(store, key, reach, add_room, listing);
    return store_rooms_listed(store, key, wanted->index, reach, add_room, listing);
}

/* Counts the rooms before the page's first; if there are too many to count, the index stays
 * unknown. */
static enum store_result find_index(const struct listing *listing, int64_t *index_r)
{
    const struct disco_page *page = listing->page;
    struct jid first;
    int64_t before = 0;
    if (page->wanted.from == RSM_START || page->wanted.from == RSM_INDEX || page->count == 0) {
        *index_r = page->wanted.index;
        return STORE_OK;
    }
    struct span key = buf_span(page->wanted.from == RSM_BEFORE ? &page->rest : &page->nearest);
    if (!jid_parse(key, &first))
        return STORE_NOTHING;
    enum store_result result = store_rooms_listed_count(listing->service->store, jid_node(&first),
                                                        DISCO_PAGE_INDEX_MAX + 1, &before);
    if (result == STORE_OK && before <= DISCO_PAGE_INDEX_MAX)
        *index_r = before;
    return result;
}

static const struct stanza_error *list_rooms(struct request *request, struct disco_page *page)
{
    struct listing listing = {.page = page, .service = request->service};
    int64_t index = -1, count = request->service->rooms_stored.listed;
    if (!read_key(&listing))
        return &error_item_not_found;
    if (disco_page_is_far(page, count))
        return &error_feature_not_implemented;
    if (add_rooms(&listing) == STORE_FAILED)
        return &error_resource_constraint;
    if (disco_page_is_part(page) && find_index(&listing, &index) == STORE_FAILED)
        return &error_resource_constraint;
    disco_page_send(page, request, index, count);
    return NULL;
}

const struct stanza_error *disco_service_items(struct request *request)
{
    struct disco_page page;
    const char *node = disco_node_of(request);
    if (*node != '\0')
        return &refusal_no_node;
    if (!disco_page_open(&page, request))
        return &error_bad_request;
    const struct stanza_error *error = list_rooms(request, &page);
    disco_page_close(&page);
    return error;
}
