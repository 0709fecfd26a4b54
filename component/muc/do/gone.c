#include "gone.h"

#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"

static bool joins(const struct request *request)
{
    return request->kind == KIND_PRESENCE && !request->type &&
           stanza_child(request->stanza, "x", NS_MUC);
}

static bool asks(const struct request *request, const char *ns)
{
    return request->kind == KIND_IQ && request->payload && stanza_is(request->payload, NULL, ns);
}

static bool is_told(const struct request *request)
{
    const char *type = request->type ? request->type : "";
    if (request->kind == KIND_PRESENCE)
        return joins(request);
    if (request->kind == KIND_MESSAGE)
        return strcmp(type, "error") != 0;
    return (strcmp(type, "get") == 0 || strcmp(type, "set") == 0) && !asks(request, NS_DISCO_ITEMS);
}

/* Disco says that there is no such room, unless there is another one to go to: Gajim asks before it
 * enters, and follows the link in the answer. */
static bool is_answered(const struct request *request, const struct tombstone *tombstone)
{
    return *tombstone->venue || !asks(request, NS_DISCO_INFO);
}

/* Without a reason of the owner, clients that do not read the link at least show where to go. */
static void explain(struct request *request, const struct tombstone *tombstone)
{
    struct jid venue;
    bool moved = jid_parse(span_of(tombstone->venue), &venue);
    if (moved)
        jid_write_link(&venue, "join", &request->instead);
    if (*tombstone->reason)
        buf_add_text(&request->why, tombstone->reason);
    else if (moved)
        buf_printf(&request->why, "This room was destroyed and has moved to %s", venue.text);
}

const struct stanza_error *gone_check(struct request *request)
{
    struct service *service = request->service;
    struct span node = jid_node(&request->to);
    struct tombstone tombstone;
    if (!is_told(request))
        return NULL;
    enum store_result result = tombstone_find(service, node, &tombstone);
    if (result != STORE_OK)
        return result == STORE_NOTHING ? NULL : &error_resource_constraint;
    bool returns = joins(request) && tombstone_is_owner(service, node, jid_bare(&request->from));
    bool told = !returns && is_answered(request, &tombstone);
    if (told)
        explain(request, &tombstone);
    tombstone_free(&tombstone);
    return told ? &error_gone : NULL;
}
