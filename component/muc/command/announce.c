/*
 * announce: a message from the service to everybody inside any room, or to the owners of all rooms;
 * or from a room to those inside. No archive keeps it. Each user gets it once: the JIDs of a user
 * follow each other in the order in which sessions are read, and the owners told so far are noted.
 */

#include <stdlib.h>

#include "coven/blob.h"
#include "coven/domain.h"
#include "coven/id.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "coven/string_list.h"
#include "handlers.h"
#include "muc/say/draft.h"
#include "muc/state/denial.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "select.h"

#define JIDS_A_CHUNK 1000 /* sessions read at once */
#define OWNERS_MAX   1000 /* of one room */
#define SENT_A_STEP  200

struct announcement {
    struct rendered *message;
    int64_t told;
    /* For the other thread. */
    bool to_owners;
    char *after; /* the last full JID that was read */
    struct select select;
    json_t *owners; /* an object with all that were found */
    struct string_list found;
    unsigned at; /* number of those found who are dealt with */
    int64_t read;
    bool over, failed;
};

/* ---- Reading, in the other thread ---- */

static struct span bare_of(const char *jid)
{
    return (struct span){jid, strcspn(jid, "/")};
}

static void read_inside(void *state, struct store *store)
{
    struct announcement *all = state;
    struct string_list jids = {NULL, 0};
    enum store_result result =
        store_session_jids(store, span_of(all->after), JIDS_A_CHUNK, string_list_take, &jids);
    all->failed = result == STORE_FAILED;
    all->over = jids.count < JIDS_A_CHUNK;
    all->read += jids.count;
    for (unsigned i = 0; i < jids.count; i++) {
        const char *before = i > 0 ? jids.list[i - 1] : all->after;
        if (!span_equal(bare_of(jids.list[i]), bare_of(before)))
            string_list_take(&all->found, bare_of(jids.list[i]));
    }
    if (jids.count > 0) {
        free(all->after);
        all->after = mem_string(jids.list[jids.count - 1]);
    }
    string_list_free(&jids);
}

static void take_owner(void *user, struct span jid)
{
    struct announcement *all = user;
    if (domain_is(jid) || json_object_getn(all->owners, jid.at, jid.len))
        return;
    json_object_setn_new(all->owners, jid.at, jid.len, json_true());
    string_list_take(&all->found, jid);
}

static bool take_room(void *user, struct selected *room, struct store *store)
{
    struct announcement *all = user;
    all->read++;
    all->failed |= store_affiliated(store, room->id, AFFILIATION_OWNER, OWNERS_MAX, take_owner,
                                    all) == STORE_FAILED;
    return true;
}

static void read_owners(void *state, struct store *store)
{
    struct announcement *all = state;
    select_read(&all->select, store, take_room, all);
    all->failed |= all->select.failed;
    all->over = all->select.over;
}

/* ---- Sending ---- */

/* NULL: it is too long. */
static struct rendered *render(const struct run *run, struct span from, const char *type,
                               const char *subject, const char *text)
{
    char id[ID_TEXT_SIZE];
    id_random_text(id);
    struct draft draft = draft_open(run->service, "message", from, type, id);
    draft_to_each(&draft);
    if (subject)
        xml_element(&draft.xml, "subject", NULL, span_of(subject));
    xml_element(&draft.xml, "body", NULL, span_of(text));
    bool fits = draft_fits(&draft, run->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

static enum run_next fail_length(struct run *run)
{
    return run_fail(run, &error_policy_violation, "The message is longer than %u bytes",
                    run->service->settings.limits.stanza_bytes);
}

static void send_to(struct announcement *all, struct service *service, const char *bare)
{
    struct jid jid;
    if (!jid_parse(span_of(bare), &jid) || denial_of(service, jid_bare(&jid)))
        return;
    struct buf escaped = BUF_INIT;
    xml_escape_attr(&escaped, jid_bare(&jid));
    struct blob *address = blob_new(buf_span(&escaped));
    outbox_deliver(service->outbox, service->lane, rendered_ref(all->message), address, false);
    blob_unref(address);
    buf_free(&escaped);
    all->told++;
}

/* Returns whether all who were found are told. */
static bool send_some(struct announcement *all, struct service *service)
{
    for (int i = 0; i < SENT_A_STEP && all->at < all->found.count; i++)
        send_to(all, service, all->found.list[all->at++]);
    if (all->at < all->found.count)
        return false;
    string_list_free(&all->found);
    all->found = (struct string_list){NULL, 0};
    all->at = 0;
    return true;
}

/* ---- Steps ---- */

static void tell(struct run *run, int64_t users)
{
    json_t *row = json_object();
    run_set(row, "users", json_integer(users));
    run_row(run, row);
}

/* Some clients take any subject of a groupchat message for the room's. */
static enum run_next announce_in_room(struct run *run)
{
    struct room *room = run->room;
    const char *subject = run_text(run, "subject");
    struct buf text = BUF_INIT;
    if (subject)
        buf_printf(&text, "%s\n", subject);
    buf_add_text(&text, run_text(run, "text"));
    struct rendered *message = render(run, room_address(room), "groupchat", NULL, text.data);
    buf_free(&text);
    if (!message)
        return fail_length(run);
    outbox_fan(run->service->outbox, room->audience, message, 0);
    run_log(run, "announces something in %s", room->address);
    tell(run, room->persons.count);
    return RUN_DONE;
}

static enum run_next go_on_reading(struct run *run)
{
    struct announcement *all = run->state;
    return run_work(run, TASK_ADMIN, all->to_owners ? read_owners : read_inside);
}

/* A headline is for those who are there; a normal message is kept for those who are not. */
static enum run_next begin(struct run *run)
{
    bool to_owners = run_flag(run, "owners");
    struct rendered *message =
        render(run, span_of(run->service->settings.domain), to_owners ? "normal" : "headline",
               run_text(run, "subject"), run_text(run, "text"));
    if (!message)
        return fail_length(run);
    struct announcement *all = run->state = mem_new(sizeof *all);
    all->message = message;
    all->to_owners = to_owners;
    all->after = mem_string("");
    all->owners = json_object();
    select_open(&all->select, run);
    run->sends = true;
    run_log(run, "announces something to %s",
            to_owners ? "the owners of all rooms" : "everybody inside a room");
    return go_on_reading(run);
}

enum run_next announce_text(struct run *run)
{
    if (run->room && run_flag(run, "owners"))
        return run_fail(run, &error_bad_request, "Either to a room, or to the owners of all");
    if (run->room)
        return announce_in_room(run);
    if (!run->state)
        return begin(run);
    struct announcement *all = run->state;
    const struct room_counts *counts = &run->service->rooms_stored;
    run_progress(run, all->read, all->to_owners ? counts->all : counts->sessions);
    if (!send_some(all, run->service))
        return RUN_GOES_ON;
    if (all->failed)
        return run_fail(run, &error_resource_constraint,
                        "The store cannot be read: not all of them are told");
    if (!all->over)
        return go_on_reading(run);
    tell(run, all->told);
    return RUN_DONE;
}

void announce_free(void *state)
{
    struct announcement *all = state;
    rendered_unref(all->message);
    select_close(&all->select);
    string_list_free(&all->found);
    json_decref(all->owners);
    free(all->after);
    free(all);
}
