#include "retract_named.h"

#include <limits.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "coven/task.h"
#include "coven/xml.h"
#include "muc/limit/tasks.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"
#include "retract.h"

/* The newest messages of a room at which a turn may look, and one turn in a while: those of a busy
 * hour. */
#define RECENT        200
#define DEEP          10000
#define DEEP_PAUSE_MS 100
#define LOOK_MS       10 /* time limit of both: each message may be a read from disk */

#define RUNS_MAX      10 /* of a search that ends early, as while the index is behind, or is in vain */

/* ---- Names ---- */

struct sought {
    struct span name;
    bool found;
    struct message_id id;
};

static bool has_name(const struct stored_xml *stanza, struct span name)
{
    struct span content = stanza->inner;
    struct stored_xml origin;
    if (stored_xml_attr_is(stanza, "id", name))
        return true;
    while (stored_xml_child(&content, "origin-id", NS_SID, &origin)) {
        if (stored_xml_attr_is(&origin, "id", name))
            return true;
    }
    return false;
}

static bool look(void *user, const struct store_message *row)
{
    struct sought *sought = user;
    struct stored_xml stanza;
    if (!stored_xml_open(row->stanza, &stanza) || !has_name(&stanza, sought->name))
        return true;
    sought->found = true;
    sought->id = (struct message_id){row->key, row->noise};
    return false;
}

/* What every stanza with the name has in it: the store passes over the others quickly. */
static void write_bytes(struct buf *out, const char *name)
{
    buf_add_text(out, " id='");
    xml_escape_attr(out, span_of(name));
    buf_add_char(out, '\'');
}

static unsigned depth_of_look(struct service *service)
{
    if (service->mono_ms < service->deep_look_ms)
        return RECENT;
    service->deep_look_ms = service->mono_ms + DEEP_PAUSE_MS;
    return DEEP;
}

enum store_result retract_named_recent(struct room *room, struct span author, const char *name,
                                       struct message_id *id_r)
{
    struct sought sought = {.name = span_of(name)};
    struct buf bytes = BUF_INIT;
    write_bytes(&bytes, name);
    const struct store_range range = {
        .room = room->id,
        .author = author,
        .bytes = buf_span(&bytes),
        .limit = depth_of_look(room->service),
        .search_ms = LOOK_MS,
    };
    unarchived_save(room);
    enum store_result result = store_messages_recent(room->service->store, &range, look, &sought);
    buf_free(&bytes);
    *id_r = sought.id;
    if (result == STORE_FAILED)
        return result;
    return sought.found ? STORE_OK : STORE_NOTHING;
}

/* ---- In another thread ---- */

struct search {
    struct task task;
    struct jid author, room;
    int64_t room_id;
    const char *name;
    struct message_id retraction;
    const char *retraction_id; /* of its stanza */
    unsigned search_ms;
    unsigned runs; /* including this one */
    /* The result. */
    enum store_result result;
    struct sought sought;
};

static void search_run(struct task *task, struct store *store)
{
    struct search *search = (struct search *)task;
    struct buf bytes = BUF_INIT;
    write_bytes(&bytes, search->name);
    struct store_range range = {
        .room = search->room_id,
        .keys = {0, search->retraction.key},
        .author = jid_bare(&search->author),
        .bytes = buf_span(&bytes),
        .backwards = true,
        .limit = UINT_MAX,
        .search_ms = search->search_ms,
    };
    search->sought = (struct sought){.name = span_of(search->name)};
    search->result = store_messages(store, &range, look, &search->sought);
    buf_free(&bytes);
}

/* A retraction that took something back stays: it cannot be taken back itself. */
static void take_back(const struct search *search, struct room *room)
{
    struct service *service = room->service;
    char text[MESSAGE_ID_SIZE];
    bool done = false;
    message_id_print(search->sought.id, text);
    service_wrote(service, retract_by_author(room, jid_bare(&search->author), text,
                                             search->retraction_id, &done));
    if (done)
        service_wrote(service, store_message_set_kind(service->store, search->retraction.key,
                                                      STORE_RETRACTION));
}

static struct task *copy_of(const struct search *search, struct service *service);

static void search_finish(struct task *task, struct service *service, bool dropped)
{
    const struct search *search = (struct search *)task;
    struct room *room = NULL;
    if ((dropped || search->result == STORE_LATE) && search->runs < RUNS_MAX)
        (dropped ? tasks_add : tasks_stage)(service, copy_of(search, service),
                                            jid_bare(&search->author));
    if (dropped || !search->sought.found)
        return;
    enum store_result result = room_load(service, jid_node(&search->room), &room);
    service_wrote(service, result);
    if (result == STORE_OK && room->id == search->room_id)
        take_back(search, room);
}

static void search_free(struct task *task)
{
    struct search *search = (struct search *)task;
    free((char *)(uintptr_t)search->name);
    free((char *)(uintptr_t)search->retraction_id);
    free(search);
}

/* For its first run or one more. */
static struct task *copy_of(const struct search *search, struct service *service)
{
    struct search *copy = mem_new(sizeof *copy);
    *copy = *search;
    copy->task = (struct task){
        .run = search_run, .finish = search_finish, .free = search_free, .kind = TASK_SEARCH};
    copy->name = mem_string(search->name);
    copy->retraction_id = mem_string(search->retraction_id);
    copy->search_ms = service->settings.limits.search_ms;
    copy->runs++;
    return &copy->task;
}

const struct stanza_error *retract_named_search(struct request *request, const char *name,
                                                struct message_id retraction)
{
    struct service *service = request->service;
    if (!tasks_admit(service, TASK_SEARCH, jid_bare(&request->from)))
        return request_exceeds(request, "queries", &error_resource_constraint);
    const struct search search = {
        .author = request->from,
        .room = request->to,
        .room_id = request->room->id,
        .name = name,
        .retraction = retraction,
        .retraction_id = request->id,
    };
    tasks_stage(service, copy_of(&search, service), jid_bare(&search.author));
    return NULL;
}
