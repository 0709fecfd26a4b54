/*
 * A page of an archive: the messages, each in a stanza of its own, and the result that says what
 * part of the archive they are (XEP-0313, 4.2 and 4.3).
 *
 * The turn of the request checks what it asks for and whether it may; the page is read and rendered
 * by another thread, and a later turn sends it.
 */

#include <stdlib.h>

#include "archive_access.h"
#include "archive_page.h"
#include "coven/datetime.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "coven/task.h"
#include "handlers.h"
#include "muc/limit/quota.h"
#include "muc/limit/tasks.h"
#include "muc/say/answer.h"
#include "muc/state/readdress.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/session.h"

#define BYTES_MAX (512 * 1024) /* limit for all messages after the first */

/* ---- One message ---- */

/* The author, for those who may see real JIDs. */
static void write_author(struct xml *xml, const struct store_message *message)
{
    struct buf jid = BUF_INIT;
    buf_add_span(&jid, message->author);
    if (message->resource.len > 0)
        buf_add_char(&jid, '/');
    buf_add_span(&jid, message->resource);
    xml_open(xml, "x", NS_MUC_USER);
    xml_open(xml, "item", NULL);
    xml_attr_text(xml, "affiliation", affiliation_name(affiliation_of(message->affiliation)));
    xml_attr(xml, "jid", buf_span(&jid));
    xml_attr_text(xml, "role", role_name(role_of(message->role)));
    xml_close(xml);
    xml_close(xml);
    buf_free(&jid);
}

/* Does the asker see the real author? Clients cannot forge it: payload_copy() leaves out theirs. */
static bool names_author(const struct archive_page *page, const struct store_message *message)
{
    bool own = span_equal(message->author, jid_bare(&page->from));
    return message->author.len > 0 && (page->shows_real || own);
}

/* The attributes without ` to=''`. */
static void write_attributes(struct xml *xml, const struct stored_xml *stanza, struct span to)
{
    static const char before[] = " to='";
    const char *begin = stanza->attributes.at, *end = begin + stanza->attributes.len;
    const char *to_begin = to.at - (sizeof before - 1), *to_end = to.at + to.len + 1;
    xml_raw_attrs(xml, (struct span){begin, (size_t)(to_begin - begin)});
    xml_raw_attrs(xml, (struct span){to_end, (size_t)(end - to_end)});
}

/* The stanza as it was sent, without address; nothing when it is damaged. */
static void write_message(struct xml *xml, const struct archive_page *page,
                          const struct store_message *message)
{
    struct stored_xml stanza;
    struct span to;
    struct readdressed now = readdress_stanza(message->stanza, message->to_at, jid_bare(&page->to));
    if (stored_xml_open(now.stanza, &stanza) && stored_xml_attr(&stanza, "to", &to)) {
        xml_open(xml, "message", NS_CLIENT);
        write_attributes(xml, &stanza, to);
        xml_raw(xml, stanza.inner);
        if (names_author(page, message))
            write_author(xml, message);
        xml_close(xml);
    }
    readdress_free(&now);
}

static struct rendered *render(struct archive_page *page, const struct store_message *message,
                               bool whole)
{
    char id[MESSAGE_NAME_SIZE], stamp[DATETIME_SIZE];
    message_id_name(message, id);
    datetime_print(eras_stamp(&page->query.eras, message->key), stamp);
    struct draft draft = draft_open_in(&page->scratch, "message", jid_bare(&page->to), NULL, NULL);
    draft_to(&draft, jid_full(&page->from));
    xml_open(&draft.xml, "result", NS_MAM);
    xml_attr_text(&draft.xml, "queryid", page->query.queryid);
    xml_attr_text(&draft.xml, "id", id);
    xml_open(&draft.xml, "forwarded", NS_FORWARD);
    xml_open(&draft.xml, "delay", NS_DELAY);
    xml_attr_text(&draft.xml, "stamp", stamp);
    xml_close(&draft.xml);
    if (whole)
        write_message(&draft.xml, page, message);
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    return draft_fits(&draft, page->stanza_max) || !whole ? draft_close(&draft) : NULL;
}

/* A message that is damaged, or too large together with its envelope, comes without its content
 * (2.2). */
bool archive_page_add(void *user, const struct store_message *message)
{
    struct archive_page *page = user;
    size_t room_left = BYTES_MAX - page->bytes;
    bool fits = page->count == 0 || message->stanza.len <= room_left;
    if (page->count == page->query.part.max || page->bytes >= BYTES_MAX || !fits) {
        page->more = true;
        return false;
    }
    bool whole = message->stanza.len > 0;
    struct rendered *stanza = whole ? render(page, message, true) : NULL;
    if (!stanza)
        stanza = render(page, message, false);
    page->bytes += stanza->len;
    struct archive_item *item = &page->items[page->count++];
    item->stanza = stanza;
    item->key = message->key;
    item->number = message->number;
    message_id_name(message, item->id);
    return true;
}

const struct archive_item *archive_page_item(const struct archive_page *page, unsigned position)
{
    bool backwards = page->query.part.from == RSM_BEFORE;
    return &page->items[backwards ? page->count - 1 - position : position];
}

bool archive_page_has_index(const struct archive_page *page)
{
    return page->count > 0 && page->query.part.from != RSM_BEFORE;
}

/* ---- Reading ---- */

static void page_run(struct task *task, struct store *store)
{
    struct archive_page *page = (struct archive_page *)task;
    page->error = archive_query_check(&page->query, store);
    if (page->error)
        return;
    page->items = mem_new((page->query.part.max + 1) * sizeof *page->items);
    enum store_result result =
        (page->query.by_ids ? archive_find_by_ids : archive_find_by_form)(page, store);
    page->late = result == STORE_LATE;
    if (page->late || result == STORE_FAILED)
        page->error = &error_resource_constraint;
}

/* ---- Sending ---- */

static void send_items(const struct archive_page *page, struct outbox *outbox, struct lane *lane)
{
    for (unsigned i = 0; i < page->count; i++) {
        const struct archive_item *item =
            archive_page_item(page, page->query.flip ? page->count - 1 - i : i);
        outbox_send(outbox, lane, rendered_ref(item->stanza));
    }
}

static void send_result(struct archive_page *page, struct outbox *outbox, struct lane *lane)
{
    struct rsm_part part = {.index = page->index, .count = page->total};
    if (page->count > 0) {
        part.first = span_of(archive_page_item(page, 0)->id);
        part.last = span_of(archive_page_item(page, page->count - 1)->id);
    }
    struct draft draft =
        draft_open_in(&page->scratch, "iq", jid_bare(&page->to), "result", page->id);
    draft_to(&draft, jid_full(&page->from));
    xml_open(&draft.xml, "fin", NS_MAM);
    xml_attr_text(&draft.xml, "complete", page->more ? "false" : "true");
    rsm_write(&draft.xml, &part);
    xml_close(&draft.xml);
    outbox_send(outbox, lane, draft_close(&draft));
}

/* Since the request the room may have been destroyed and made again by somebody else, the asker may
 * have been banned, or may not see real JIDs any more: then the page must not be sent. Nor may a
 * message that was retracted after it was read. */
static const struct stanza_error *refusal_by_now(const struct archive_page *page,
                                                 struct service *service)
{
    struct room *room = NULL;
    struct request request = {.service = service, .from = page->from, .to = page->to};
    enum store_result result = room_load(service, jid_node(&page->to), &room);
    if (result == STORE_FAILED || outbox_is_full(service->outbox))
        return &error_resource_constraint;
    if (result == STORE_NOTHING || room->id != page->room)
        return &error_item_not_found;
    request.room = room;
    request.session = session_find(room, jid_full(&page->from));
    const struct stanza_error *error = archive_access_refusal(&request);
    bool exposed = page->shows_real && !archive_access_shows_real(&request);
    bool taken_back = room->retractions != page->retractions;
    return error || !(exposed || taken_back) ? error : &error_resource_constraint;
}

static void refuse(const struct archive_page *page, struct service *service)
{
    struct request request = {.service = service,
                              .kind = KIND_IQ,
                              .type = "set",
                              .id = page->id,
                              .from = page->from,
                              .to = page->to};
    if (page->late)
        buf_add_text(&request.why,
                     "The search took too long; search a smaller part of the archive");
    answer_refuse(&request, page->error);
    request_close(&request);
}

/* Stages the page in the asker's own lane. */
static void page_finish(struct task *task, struct service *service, bool dropped)
{
    struct archive_page *page = (struct archive_page *)task;
    if (!page->error && !dropped)
        page->error = refusal_by_now(page, service);
    if (page->error) {
        refuse(page, service);
        return;
    }
    struct outbox_tally before = outbox_tally(service->outbox);
    struct lane *lane = outbox_lane(service->outbox, jid_bare(&page->from));
    send_items(page, service->outbox, lane);
    send_result(page, service->outbox, lane);
    lane_unref(lane);
    quota_charge(service, jid_bare(&page->from), &before);
}

static void page_free(struct task *task)
{
    struct archive_page *page = (struct archive_page *)task;
    for (unsigned i = 0; i < page->count; i++)
        rendered_unref(page->items[i].stanza);
    free(page->items);
    archive_query_close(&page->query);
    buf_free(&page->scratch);
    free(page->id);
    free(page);
}

/* ---- Asking ---- */

static const struct stanza_error *check(const struct archive_query *query)
{
    if (query->part.from == RSM_INDEX && archive_query_searches(query))
        return &error_feature_not_implemented;
    return query->by_ids && query->words ? &error_feature_not_implemented : NULL;
}

static struct archive_page *page_new(struct request *request)
{
    struct service *service = request->service;
    struct archive_page *page = mem_new(sizeof *page);
    page->task = (struct task){.run = page_run, .finish = page_finish, .free = page_free};
    page->from = request->from;
    page->to = request->to;
    page->room = request->room->id;
    page->retractions = request->room->retractions;
    page->id = mem_string(request->id);
    page->shows_real = archive_access_shows_real(request);
    page->stanza_max = service->settings.limits.stanza_bytes;
    page->index = page->total = -1;
    return page;
}

static const struct stanza_error *page_stage(struct archive_page *page, struct request *request)
{
    struct service *service = request->service;
    struct span bare = jid_bare(&request->from);
    const struct stanza_error *error = check(&page->query);
    if (error)
        return error;
    page->task.kind = archive_query_searches(&page->query) ? TASK_SEARCH : TASK_PAGE;
    if (!tasks_admit(service, page->task.kind, bare))
        return request_exceeds(request, "queries", &error_resource_constraint);
    tasks_stage(service, &page->task, bare);
    return NULL;
}

const struct stanza_error *archive_page_read(struct request *request)
{
    const struct stanza_error *error = archive_access_refusal(request);
    if (error)
        return error;
    struct archive_page *page = page_new(request);
    error = archive_query_open(&page->query, request);
    if (!error)
        error = page_stage(page, request);
    if (error)
        page_free(&page->task);
    return error;
}
