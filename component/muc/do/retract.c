#include "retract.h"

#include "archive.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "muc/say/message.h"
#include "muc/state/readdress.h"
#include "muc/state/service_state.h"
#include "retract_named.h"

/* ---- Messages that may be taken back ---- */

/* The id in a stored retraction. False: there is none. */
static bool read_retracted(const struct stored_xml *stanza, struct retractable *message)
{
    struct span content = stanza->inner, id;
    struct stored_xml element;
    message->is_fastened = !stored_xml_child(&content, "retract", NS_RETRACT, &element);
    if (message->is_fastened && !stored_xml_child(&content, "apply-to", NS_FASTEN, &element))
        return false;
    if (!stored_xml_attr(&element, "id", &id))
        return false;
    buf_add_span(&message->retracted, id);
    return true;
}

static void read_origin_id(const struct stored_xml *stanza, struct retractable *message)
{
    struct span content = stanza->inner, id;
    struct stored_xml origin;
    if (stored_xml_child(&content, "origin-id", NS_SID, &origin) &&
        stored_xml_attr(&origin, "id", &id))
        buf_add_span(&message->origin_id, id);
}

/* The room's own is the last one. */
static void read_occupant_id(const struct stored_xml *stanza, struct retractable *message)
{
    struct span content = stanza->inner, id;
    struct stored_xml element;
    while (stored_xml_child(&content, "occupant-id", NS_OCCUPANT_ID, &element)) {
        buf_clear(&message->occupant_id);
        if (stored_xml_attr(&element, "id", &id) && !memchr(id.at, '&', id.len))
            buf_add_span(&message->occupant_id, id);
    }
}

struct lookup {
    const struct room *room;
    struct retractable *message;
    bool found;
};

/* Is it the message that newcomers get as the subject? */
static bool is_subject_of(const struct stored_xml *stanza, const struct room *room)
{
    const struct rendered *subject = room->subject;
    return subject && span_equal(stanza->text, (struct span){subject->bytes, subject->len});
}

/* False: it is damaged. */
static bool read_stanza(const struct readdressed *now, const struct room *room,
                        struct retractable *message)
{
    struct stored_xml stanza;
    if (!stored_xml_open(now->stanza, &stanza) ||
        (message->is_retraction && !read_retracted(&stanza, message)))
        return false;
    message->to_at = now->to_at;
    message->is_subject = is_subject_of(&stanza, room);
    buf_add_span(&message->attributes, stanza.attributes);
    read_origin_id(&stanza, message);
    read_occupant_id(&stanza, message);
    return true;
}

/* Takes the row, unless it is a tombstone or of the room itself. */
static bool take(void *user, const struct store_message *row)
{
    struct lookup *search = user;
    struct retractable *message = search->message;
    message->is_retraction = row->kind == STORE_RETRACTION;
    if (row->kind == STORE_TOMBSTONE || (row->author.len == 0 && row->nick.len == 0))
        return false;
    struct readdressed now = readdress_stanza(row->stanza, row->to_at, room_address(search->room));
    search->found = read_stanza(&now, search->room, message);
    readdress_free(&now);
    message->is_subject = message->is_subject && row->kind == STORE_SUBJECT;
    message->key = row->key;
    message_id_name(row, message->name);
    buf_add_span(&message->author, row->author);
    return false;
}

enum store_result retract_find(struct retractable *message, struct room *room, const char *id)
{
    struct lookup search = {room, message, false};
    *message = (struct retractable){.to_at = 0};
    enum store_result result = archive_find(room, id, take, &search);
    return result == STORE_OK && !search.found ? STORE_NOTHING : result;
}

void retract_close(struct retractable *message)
{
    buf_free(&message->author);
    buf_free(&message->occupant_id);
    buf_free(&message->attributes);
    buf_free(&message->origin_id);
    buf_free(&message->retracted);
}

/* ---- Taking back ---- */

static void write_retract(struct xml *xml, const struct retractable *message)
{
    xml_open(xml, message->is_fastened ? "apply-to" : "retract",
             message->is_fastened ? NS_FASTEN : NS_RETRACT);
    retraction_write_id(xml, buf_span(&message->retracted));
    if (message->is_fastened)
        xml_element(xml, "retract", NS_RETRACT_0, span_of(""));
    xml_close(xml);
}

/* The room has no subject then. */
static void forget_subject(struct room *room)
{
    rendered_unref(room->subject);
    room->subject = NULL;
    room_save(room);
}

/* The attributes stay: they say who sent the message, under which id. A retraction still names the
 * message that it took back: later readers must learn of that. */
void retract_carry_out(struct room *room, const struct retractable *message,
                       const struct retraction *retraction)
{
    struct service *service = room->service;
    struct buf stanza = BUF_INIT;
    struct xml xml = xml_to(&stanza);
    xml_open(&xml, "message", NS_CLIENT);
    xml_raw_attrs(&xml, buf_span(&message->attributes));
    if (message->is_retraction)
        write_retract(&xml, message);
    retraction_write_tombstone(&xml, room, retraction, buf_span(&message->origin_id));
    message_write_names(&xml, room_address(room), room_is_archived(room) ? message->name : NULL,
                        message->occupant_id.len > 0 ? message->occupant_id.data : NULL);
    xml_close(&xml);
    struct store_message row = {
        .key = message->key,
        .kind = STORE_TOMBSTONE,
        .stanza = buf_span(&stanza),
        .to_at = message->to_at,
    };
    room_touch(room);
    room->retractions++;
    if (message->is_subject)
        forget_subject(room);
    service_wrote(service, store_message_replace(service->store, &row));
    buf_free(&stanza);
}

/* ---- By the author ---- */

bool retract_is_in(xmpp_stanza_t *element)
{
    return stanza_child(element, "retract", NS_RETRACT) ||
           stanza_child(element, "retract", NS_RETRACT_0);
}

/* The id of the message that this one retracts. NULL: it retracts none. */
static const char *named_id(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *retract = stanza_child(stanza, "retract", NS_RETRACT);
    if (retract)
        return stanza_attr(retract, "id");
    xmpp_stanza_t *fastening = stanza_child(stanza, "apply-to", NS_FASTEN);
    return fastening && retract_is_in(fastening) ? stanza_attr(fastening, "id") : NULL;
}

enum store_result retract_by_author(struct room *room, struct span author, const char *id,
                                    const char *retraction, bool *done_r)
{
    struct retractable message;
    enum store_result result = retract_find(&message, room, id);
    *done_r = result == STORE_OK && !message.is_retraction &&
              span_equal(buf_span(&message.author), author);
    if (*done_r)
        retract_carry_out(room, &message, &(struct retraction){.id = retraction});
    retract_close(&message);
    return result;
}

/* STORE_NOTHING: none of the newest messages has the name. */
static enum store_result take_back_recent(struct request *request, const char *name, bool *done_r)
{
    struct span author = jid_bare(&request->from);
    struct message_id id;
    char text[MESSAGE_ID_SIZE];
    enum store_result result = retract_named_recent(request->room, author, name, &id);
    if (result != STORE_OK)
        return result;
    message_id_print(id, text);
    result = retract_by_author(request->room, author, text, request->id, done_r);
    return result == STORE_NOTHING ? STORE_OK : result; /* it was taken back before */
}

const struct stanza_error *retract_own(struct request *request, struct message_id id,
                                       enum retract_outcome *outcome_r)
{
    const char *name = named_id(request->stanza);
    bool done = false;
    *outcome_r = RETRACT_NONE;
    /* A tombstone names the retracting message, which therefore needs an id. */
    if (!name || !*name || !request->id)
        return NULL;
    enum store_result result =
        retract_by_author(request->room, jid_bare(&request->from), name, request->id, &done);
    if (result == STORE_NOTHING)
        result = take_back_recent(request, name, &done);
    service_wrote(request->service, result);
    if (done)
        *outcome_r = RETRACT_DONE;
    if (result != STORE_NOTHING)
        return NULL;
    *outcome_r = RETRACT_SOUGHT;
    return retract_named_search(request, name, id);
}
