#include "heal.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "handlers.h"
#include "leave.h"
#include "names.h"
#include "occupant.h"
#include "presence.h"
#include "room.h"
#include "service_state.h"

#define OUTSTANDING_MAX 100   /* questions that wait for an answer */
#define ANSWER_MS       60000 /* who says nothing for so long, but does not bounce, lives */

struct probe {
    struct table_link link;
    char id[ID_TEXT_SIZE];
    char *jid;
    bool bounced;
    int64_t deadline_ms;
    struct probe *prev, *next;
};

/* ---- Asking ---- */

static void write_question(struct service *service, const struct probe *probe, const char *name,
                           const char *type)
{
    bool message = strcmp(name, "message") == 0;
    struct draft draft =
        draft_open(service, name, span_of(service->settings.domain), type, probe->id);
    draft_to(&draft, span_of(probe->jid));
    xml_element(&draft.xml, message ? "no-store" : "ping", message ? NS_HINTS : NS_PING,
                span_of(""));
    outbox_send(service->outbox, service->lane, draft_close(&draft));
}

static void ask(struct service *service, struct span jid)
{
    struct healing *healing = &service->healing;
    struct probe *probe = mem_new(sizeof *probe);
    id_random_text(probe->id);
    probe->jid = mem_copy(jid.at, jid.len);
    probe->deadline_ms = service->mono_ms + ANSWER_MS;
    table_add(&healing->probes, &probe->link, hash_span(&service->seed, span_of(probe->id)));
    DL_APPEND(healing->oldest, probe);
    write_question(service, probe, "message", "groupchat");
    write_question(service, probe, "iq", "get");
}

static void close_probe(struct service *service, struct probe *probe)
{
    table_remove(&service->healing.probes, &probe->link);
    DL_DELETE(service->healing.oldest, probe);
    free(probe->jid);
    free(probe);
}

/* ---- The dead ---- */

static void bury(struct session *session)
{
    static const char status[] = "<status>Connection lost</status>";
    struct presence_event event = presence_event_gone(session->occupant);
    presence_event_code(&event, 333);
    event.payload = span_of(status);
    session_depart(session, &event);
}

/* Out of every room that the session was in. */
static void remove_everywhere(struct service *service, struct span jid)
{
    struct names names = {NULL, 0};
    service_wrote(service, store_session_rooms(service->store, jid, names_take, &names));
    for (unsigned i = 0; i < names.count; i++) {
        struct room *room = NULL;
        if (room_find(service, span_of(names.list[i]), &room) == STORE_OK) {
            struct session *session = session_find(room, jid);
            if (session)
                bury(session);
        }
    }
    names_free(&names);
}

/* ---- Answers ---- */

static bool has_id(const struct table_link *link, struct span id)
{
    return span_is(id, TABLE_ITEM(link, const struct probe, link)->id);
}

static struct probe *probe_of(const struct request *request)
{
    struct service *service = request->service;
    if (!request->id)
        return NULL;
    struct span id = span_of(request->id);
    struct table_link *link =
        table_find(&service->healing.probes, hash_span(&service->seed, id), has_id, id);
    struct probe *probe = link ? TABLE_ITEM(link, struct probe, link) : NULL;
    return probe && span_is(jid_full(&request->from), probe->jid) ? probe : NULL;
}

const struct stanza_error *heal_bounce(struct request *request)
{
    struct probe *probe = probe_of(request);
    if (probe)
        probe->bounced = true;
    return NULL;
}

void heal_see(struct service *service, struct span jid)
{
    for (struct probe *probe = service->healing.oldest; probe; probe = probe->next) {
        if (span_is(jid, probe->jid))
            probe->bounced = false;
    }
}

const struct stanza_error *heal_answer(struct request *request)
{
    struct service *service = request->service;
    struct probe *probe = probe_of(request);
    if (!probe)
        return NULL;
    if (probe->bounced) {
        service->healing.gone++;
        remove_everywhere(service, span_of(probe->jid));
    }
    close_probe(service, probe);
    heal_step(service);
    return NULL;
}

/* ---- The walk through all sessions ---- */

static void take_jid(void *user, struct span text)
{
    struct service *service = user;
    struct jid jid;
    free(service->healing.cursor);
    service->healing.cursor = mem_copy(text.at, text.len);
    if (jid_parse(text, &jid) && service_lists(service->settings.local_domains, jid_domain(&jid)))
        ask(service, text);
}

static void give_up_old(struct service *service)
{
    struct probe *probe = service->healing.oldest;
    while (probe && probe->deadline_ms <= service->mono_ms) {
        close_probe(service, probe);
        probe = service->healing.oldest;
    }
}

static void finish(struct service *service)
{
    struct healing *healing = &service->healing;
    if (healing->gone > 0)
        log_info("removed %u sessions that ended while the server was away", healing->gone);
    healing->running = false;
    healing->gone = 0;
}

void heal_step(struct service *service)
{
    struct healing *healing = &service->healing;
    if (!healing->running)
        return;
    give_up_old(service);
    unsigned waiting = healing->probes.count;
    if (waiting >= OUTSTANDING_MAX)
        return;
    struct span after = span_of(healing->cursor ? healing->cursor : "");
    enum store_result result =
        store_session_jids(service->store, after, OUTSTANDING_MAX - waiting, take_jid, service);
    if (result == STORE_NOTHING && waiting == 0)
        finish(service);
}

void heal_free(struct service *service)
{
    while (service->healing.oldest)
        close_probe(service, service->healing.oldest);
    free(service->healing.cursor);
    service->healing = (struct healing){.running = false};
}

void heal_begin(struct service *service)
{
    heal_free(service);
    service->healing.running = true;
    heal_step(service);
}

void service_heal(struct service *service)
{
    heal_free(service);
    if (tell_begin(service))
        service_tell(service);
    else
        heal_begin(service);
}
