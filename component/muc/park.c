#include "park.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/mem.h"
#include "coven/xml.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"

#define RELEASED_MAX 100 /* stanzas handled in one turn */

struct parked {
    struct parked *prev, *next;
    xmpp_stanza_t *stanza;
    bool cut;
    bool fresh; /* parked in this turn */
    size_t bytes;
    size_t node_len;
    char node[]; /* of the room */
};

static struct span node_of(const struct parked *parked)
{
    return (struct span){parked->node, parked->node_len};
}

bool park_holds(const struct service *service, struct span node)
{
    const struct parked *parked = service->parking->first;
    if (service->parking->to_release > 0)
        return false;
    while (parked && !span_equal(node_of(parked), node))
        parked = parked->next;
    return parked != NULL;
}

static size_t size_of(struct request *request)
{
    struct buf *scratch = &request->service->scratch;
    struct xml xml = xml_to(scratch);
    buf_clear(scratch);
    xml_copy(&xml, request->stanza);
    return sizeof(struct parked) + jid_node(&request->to).len + scratch->len;
}

const struct stanza_error *park(struct request *request)
{
    struct parking *parking = request->service->parking;
    const struct service_limits *limits = &request->service->settings.limits;
    size_t bytes = size_of(request);
    if (parking->count >= limits->parked)
        return request_exceeds(request, "parked", &error_resource_constraint);
    if (parking->bytes + bytes > (size_t)limits->parked_kib * 1024)
        return request_exceeds(request, "parked_kib", &error_resource_constraint);
    struct span node = jid_node(&request->to);
    struct parked *parked = mem_new(sizeof *parked + node.len);
    *parked = (struct parked){
        .stanza = xmpp_stanza_clone(request->stanza),
        .cut = request->cut,
        .fresh = true,
        .bytes = bytes,
        .node_len = node.len,
    };
    memcpy(parked->node, node.at, node.len);
    DL_APPEND(parking->first, parked);
    request->parked = true;
    parking->count++;
    parking->bytes += bytes;
    return NULL;
}

/* Returns the stanza, which the caller owns. */
static xmpp_stanza_t *take_out(struct service *service, struct parked *parked)
{
    xmpp_stanza_t *stanza = parked->stanza;
    DL_DELETE(service->parking->first, parked);
    service->parking->count--;
    service->parking->bytes -= parked->bytes;
    free(parked);
    return stanza;
}

void park_settle(struct service *service, bool committed)
{
    struct parked *parked = service->parking->first ? service->parking->first->prev : NULL, *before;
    for (; parked && parked->fresh; parked = before) {
        before = parked == service->parking->first ? NULL : parked->prev;
        parked->fresh = false;
        if (!committed)
            xmpp_stanza_release(take_out(service, parked));
    }
}

void park_free(struct service *service)
{
    while (service->parking->first)
        xmpp_stanza_release(take_out(service, service->parking->first));
    free(service->parking);
}

/* ---- Steps ---- */

/* A stanza waits at least until the turn that parked it is over. */
bool park_has_work(const struct service *service)
{
    const struct parked *oldest = service->parking->first;
    return service->loading || (oldest && !oldest->fresh);
}

void park_step(struct service *service)
{
    room_load_some(service);
    service->parking->to_release = RELEASED_MAX;
}

xmpp_stanza_t *service_unpark(struct service *service, bool *cut_r)
{
    struct parking *parking = service->parking;
    struct parked *parked = parking->first;
    while (parked && (parked->fresh || room_load_is_under_way(service, node_of(parked))))
        parked = parked->next;
    if (!parked || parking->to_release <= 1) {
        parking->to_release = 0;
        return NULL;
    }
    parking->to_release--;
    *cut_r = parked->cut;
    return take_out(service, parked);
}
