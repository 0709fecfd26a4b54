/* The messages of a user. In an archive, which counts its messages, an empty one takes the place of
 * each: clients see that something was retracted. */

#include <stdlib.h>

#include "coven/datetime.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "muc/say/draft.h"
#include "muc/say/message.h"
#include "muc/state/message_id.h"
#include "muc/state/readdress.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "purge.h"

#define ROWS_A_CHUNK    2000 /* looked at in one go of the other thread */
#define SUBJECTS_A_STEP 5    /* each may load a room */
#define UPKEEP_STEPS    100  /* in one go of the other thread */

/* ---- In the other thread ---- */

struct reading {
    struct purge *purge;
    struct store *store;
    bool failed;
};

static char *id_of(const struct store_message *row)
{
    char id[MESSAGE_NAME_SIZE];
    message_id_name(row, id);
    return mem_string(id);
}

static bool take(void *user, const struct store_message *row)
{
    struct reading *reading = user;
    struct purge *purge = reading->purge;
    const char *room = room_names_find(&purge->names, reading->store, row->room);
    if (!room) {
        reading->failed = true;
        return false;
    }
    struct purge_message *message = &purge->found[purge->found_count++];
    *message = (struct purge_message){
        .key = row->key,
        .number = row->number,
        .id = id_of(row),
        .room = mem_string(room),
    };
    if (row->kind == STORE_SUBJECT) {
        message->subject = mem_copy(row->stanza.at, row->stanza.len);
        message->subject_len = row->stanza.len;
        message->subject_to = row->to_at;
    }
    return true;
}

static bool count(void *user, const struct store_message *row)
{
    (void)row;
    ((struct purge *)user)->messages++;
    return true;
}

static void settle(struct purge *purge, enum store_result result)
{
    purge->failed = result == STORE_FAILED;
    purge->over = result != STORE_OK;
}

static void read_counts(void *state, struct store *store)
{
    struct purge *purge = state;
    settle(purge,
           store_authored(store, span_of(purge->jid), ROWS_A_CHUNK, &purge->after, count, purge));
}

static void read(void *state, struct store *store)
{
    struct purge *purge = state;
    struct reading reading = {purge, store, false};
    enum store_result result = store_authored_forget(store, span_of(purge->jid), ROWS_A_CHUNK,
                                                     &purge->after, take, &reading);
    settle(purge, reading.failed ? STORE_FAILED : result);
}

/* ---- Deleting ---- */

/* Like the tombstone of a retraction, but it names nobody. */
static struct rendered *render_blank(struct service *service, const struct purge_message *message)
{
    char made[ID_TEXT_SIZE], stamp[DATETIME_SIZE];
    struct buf room = BUF_INIT;
    id_random_text(made);
    datetime_print(service->wall_ms, stamp);
    buf_printf(&room, "%s@%s", message->room, service->settings.domain);
    struct draft draft = draft_open(service, "message", buf_span(&room), "groupchat", made);
    draft_to_each(&draft);
    xml_open(&draft.xml, "retracted", NS_RETRACT);
    xml_attr_text(&draft.xml, "stamp", stamp);
    xml_attr_text(&draft.xml, "id", made);
    xml_close(&draft.xml);
    message_write_names(&draft.xml, buf_span(&room), message->id, NULL);
    buf_free(&room);
    return draft_close(&draft);
}

static void blank(struct service *service, const struct purge_message *message)
{
    struct rendered *stanza = render_blank(service, message);
    struct store_message row = {
        .key = message->key,
        .kind = STORE_TOMBSTONE,
        .affiliation = AFFILIATION_NONE,
        .role = ROLE_NONE,
        .stanza = {stanza->bytes, stanza->len},
        .to_at = stanza->to_at,
    };
    service_wrote(service, store_message_blank(service->store, &row));
    rendered_unref(stanza);
}

static bool is_subject_of(const struct room *room, const struct purge_message *message)
{
    const struct rendered *subject = room->subject;
    struct readdressed now = readdress_stanza((struct span){message->subject, message->subject_len},
                                              message->subject_to, room_address(room));
    bool is = subject && span_equal((struct span){subject->bytes, subject->len}, now.stanza);
    readdress_free(&now);
    return is;
}

/* False: the room is not loaded yet, or cannot be. */
static bool clear_subject(struct run *run, const struct purge_message *message)
{
    struct purge *purge = run->state;
    struct room *room = NULL;
    if (!message->subject)
        return true;
    enum store_result found = room_load_begin(run->service, span_of(message->room), &room);
    purge->failed = found == STORE_FAILED;
    if (found != STORE_OK)
        return !purge->failed;
    if (room->loading)
        return false;
    if (is_subject_of(room, message)) {
        rendered_unref(room->subject);
        room->subject = NULL;
        room_save(room);
    }
    return true;
}

/* A message that no archive counts goes. So does one of a room that is being deleted. */
static void forget(struct service *service, const struct purge_message *message)
{
    if (message->number > 0 && *message->room)
        blank(service, message);
    else
        service_wrote(service, store_message_delete(service->store, message->key));
}

static void free_message(struct purge_message *message)
{
    free(message->id);
    free(message->room);
    free(message->subject);
}

/* False: the rest is for another step, or for when a room is loaded. */
static bool forget_found(struct run *run)
{
    struct purge *purge = run->state;
    unsigned subjects = 0;
    for (; purge->found_at < purge->found_count; purge->found_at++) {
        struct purge_message *message = &purge->found[purge->found_at];
        subjects += message->subject != NULL;
        if (subjects > SUBJECTS_A_STEP || !clear_subject(run, message))
            return false;
        forget(run->service, message);
        free_message(message);
        purge->messages++;
    }
    purge->found_at = purge->found_count = 0;
    return true;
}

/* What the index does not have yet cannot be taken out of it, and would come into it later. */
static void catch_up(void *state, struct store *store)
{
    struct purge *purge = state;
    enum store_result result = STORE_OK;
    for (int i = 0; i < UPKEEP_STEPS && result == STORE_OK; i++)
        result = store_upkeep(store);
    purge->failed = result == STORE_FAILED;
    purge->indexed = result == STORE_NOTHING;
}

enum run_next purge_index(struct run *run)
{
    struct purge *purge = run->state;
    return purge->indexed || purge->only_counts ? RUN_DONE : run_work(run, TASK_SEARCH, catch_up);
}

enum run_next purge_messages(struct run *run)
{
    struct purge *purge = run->state;
    if (!forget_found(run))
        return RUN_GOES_ON;
    if (purge->after > 0)
        run_progress(run, key_time(purge->after) / 1000, run->service->wall_ms / 1000);
    if (purge->over) {
        purge->after = 0;
        purge->over = false;
        return RUN_DONE;
    }
    return purge->only_counts ? run_work(run, TASK_ADMIN, read_counts)
                              : run_work(run, TASK_SEARCH, read);
}

/* ---- Names in the index for searches ---- */

static void tidy(void *state, struct store *store)
{
    struct purge *purge = state;
    settle(purge, store_names_tidy(store, &purge->after));
}

enum run_next purge_names(struct run *run)
{
    struct purge *purge = run->state;
    return purge->over || purge->only_counts ? RUN_DONE : run_work(run, TASK_SEARCH, tidy);
}

void purge_messages_free(struct purge *purge)
{
    for (; purge->found_at < purge->found_count; purge->found_at++)
        free_message(&purge->found[purge->found_at]);
    room_names_free(&purge->names);
}
