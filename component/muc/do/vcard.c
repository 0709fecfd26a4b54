/* The vCard of a room, and in it its avatar (XEP-0054, XEP-0486). The card itself is only in the
 * store. */

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/say/room_avatar.h"
#include "muc/state/access.h"
#include "muc/state/affiliation.h"
#include "muc/state/avatar.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

/* ---- Reading a card ---- */

/* An empty card is stored as none. */
static void render(xmpp_stanza_t *card, struct buf *out)
{
    struct xml xml = xml_to(out);
    if (stanza_child(card, NULL, NULL))
        xml_copy(&xml, card);
}

/* ---- Keeping it ---- */

static void take_card(void *user, const struct store_option *row)
{
    if (span_is(row->var, CARD_ROW) && stored_xml_is_element(row->value, "vCard"))
        buf_add_span(user, row->value);
}

static enum store_result load_card(const struct room *room, struct buf *card)
{
    return store_options(room->service->store, room->id, take_card, card);
}

static void put_row(struct room *room, const char *var, const struct buf *value)
{
    struct store_option row = {span_of(var), buf_span(value)};
    service_wrote(room->service, store_option_put(room->service->store, room->id, &row));
}

/* Returns whether the avatar is another one now. */
static bool keep(struct room *room, const struct buf *card, const struct buf *hashes)
{
    char *old = room->avatar;
    room_touch(room);
    put_row(room, CARD_ROW, card);
    put_row(room, AVATAR_ROW, hashes);
    room->avatar = hashes->len > 0 ? mem_copy(hashes->data, hashes->len) : NULL;
    bool differs = !avatar_is_same(old, room->avatar);
    free(old);
    return differs;
}

static void send_notice(struct room *room)
{
    struct draft draft =
        draft_open(room->service, "message", room_address(room), "groupchat", NULL);
    draft_to_each(&draft);
    xml_open(&draft.xml, "x", NS_MUC_USER);
    xml_open(&draft.xml, "status", NULL);
    xml_attr_text(&draft.xml, "code", "104");
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    outbox_fan(room->service->outbox, room->audience, draft_close(&draft), 0);
}

/* ---- Requests ---- */

/* A client must be able to get the card in one stanza. */
static bool fits(const struct service_limits *limits, size_t bytes)
{
    return bytes <= limits->vcard_bytes && bytes <= limits->stanza_bytes / 2;
}

static const struct stanza_error *put_card(struct request *request, const struct buf *card,
                                           const struct buf *hashes)
{
    struct buf old = BUF_INIT;
    enum store_result result = load_card(request->room, &old);
    bool same = span_equal(buf_span(&old), buf_span(card));
    buf_free(&old);
    if (result == STORE_FAILED)
        return &error_resource_constraint;
    if (same) {
        answer_result(request);
        return NULL;
    }
    audit_log(request, "changes the room's vCard");
    bool differs = keep(request->room, card, hashes);
    answer_result(request);
    if (differs)
        room_avatar_announce(request->room);
    send_notice(request->room);
    return NULL;
}

const struct stanza_error *vcard_set(struct request *request)
{
    struct buf card = BUF_INIT, hashes = BUF_INIT;
    const struct stanza_error *error = NULL;
    if (affiliation_in(request->room, jid_bare(&request->from)) != AFFILIATION_OWNER) {
        return &refusal_owners_only;
    }
    render(request->payload, &card);
    if (!fits(&request->service->settings.limits, card.len)) {
        error = request_exceeds(request, "vcard_bytes", &error_policy_violation);
    } else if (!avatar_read(buf_span(&card), &hashes)) {
        buf_add_text(&request->why, "PHOTO: invalid base64, or too many images");
        error = &error_value_not_acceptable;
    } else {
        error = put_card(request, &card, &hashes);
    }
    buf_free(&card);
    buf_free(&hashes);
    return error;
}

/* A room without a card has an empty one: clients ask every room, and take an error for one. */
static void send_card(struct request *request, struct span card)
{
    struct draft draft = answer_open(request);
    if (card.len > 0)
        xml_raw(&draft.xml, card);
    else
        xml_element(&draft.xml, "vCard", NS_VCARD, span_of(""));
    answer_send(request, &draft);
}

const struct stanza_error *vcard_get(struct request *request)
{
    struct buf card = BUF_INIT;
    if (access_of(request) < ACCESS_SIGN)
        return &refusal_card_private;
    enum store_result result = load_card(request->room, &card);
    if (result != STORE_FAILED)
        send_card(request, buf_span(&card));
    buf_free(&card);
    return result == STORE_FAILED ? &error_resource_constraint : NULL;
}

/* The service's own card has its name only. */
const struct stanza_error *vcard_service(struct request *request)
{
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "vCard", NS_VCARD);
    xml_element(&draft.xml, "FN", NULL, span_of(request->service->settings.name));
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}
