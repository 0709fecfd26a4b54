#include "rig.h"

#include "coven/hash.h"
#include "coven/mem.h"
#include "muc/park.h"
#include "muc/recovery/ghosts.h"
#include "muc/recovery/question.h"
#include "muc/recovery/recovery.h"
#include "unit.h"

static const char *const local_domains[] = {"localhost", NULL};

static const struct service_limits limits = {
    .rooms = 1000,
    .occupants = 1000,
    .sessions = 10,
    .user_sessions = 100,
    .user_created = 100,
    .tombstones = 10,
    .user_tombstones = 4,
    .user_burst = 5,
    .room_burst = 10,
    .visit_burst = 10,
    .own_domain_factor = 1,
    .affiliations = 1000,
    .applicants = 12,
    .applicant_days = 30,
    .items = 50,
    .history = 100,
    .history_bytes = 1 << 20,
    .nick_chars = 64,
    .room_name_bytes = 255,
    .stanza_bytes = 65536,
    .subject_bytes = 4096,
    .reason_bytes = 1024,
    .presence_bytes = 4096,
    .option_bytes = 1024,
    .vcard_bytes = 16384,
    .departures = 1000,
    .lock_seconds = 300,
    .vacant_seconds = 60,
    .idle_rooms = 2,
    .invites = 3,
    .voice_seconds = 60,
    .relays = 50,
    .user_relays = 3,
    .relay_seconds = 30,
    .whispers = 20,
    .user_whispers = 10,
    .whisper_seconds = 60,
    .questions = 1000,
    .parked = 10,
    .parked_kib = 64,
    .archive_page = 50,
    .archive_queries = 50,
    .user_queries = 6,
    .search_ms = 10000,
    .commands = 3,
    .denials = 3,
    .command_forms = 100,
    .user_commands = 5,
};

static void begin_turn(struct rig *rig)
{
    service_time(rig->service, rig->now_ms + rig->ahead_ms, rig->now_ms);
}

static void open_service(struct rig *rig)
{
    struct hash_seed seed = {1, 2};
    struct outbox_limits outbox = {.high = 64 << 20, .low = 32 << 20};
    rig->outbox = outbox_new(&outbox, &seed);
    rig->service = service_new(&rig->settings, rig->store, rig->outbox, &seed);
    begin_turn(rig);
}

void rig_open(struct rig *rig)
{
    char *why = NULL;
    rig_open_on(rig, store_open(&(struct store_settings){NULL, true}, &why));
}

void rig_open_on(struct rig *rig, struct store *store)
{
    *rig = (struct rig){.now_ms = RIG_START_MS};
    rig->settings = (struct service_settings){.domain = RIG_DOMAIN,
                                              .name = "Rooms",
                                              .tombstone_days = 31,
                                              .list_occupants = true,
                                              .avatar_presence = true,
                                              .local_domains = local_domains,
                                              .limits = limits};
    rig->xmpp = xmpp_ctx_new(NULL, NULL);
    rig->store = store;
    store_fail_at(store, &rig->fail_at);
    open_service(rig);
}

static void close_service(struct rig *rig)
{
    service_free(rig->service);
    outbox_free(rig->outbox);
}

void rig_restart(struct rig *rig)
{
    close_service(rig);
    open_service(rig);
}

void rig_close(struct rig *rig)
{
    close_service(rig);
    store_close(rig->store);
    xmpp_ctx_free(rig->xmpp);
    buf_free(&rig->out);
}

void rig_collect(struct rig *rig)
{
    size_t taken;
    uint64_t weight = 0;
    do {
        char *end = buf_reserve(&rig->out, OUTBOX_STANZA_MAX);
        taken = outbox_take(rig->outbox, end, OUTBOX_STANZA_MAX, UINT64_MAX, &weight);
        rig->out.len += taken;
        rig->out.data[rig->out.len] = '\0';
    } while (taken > 0);
}

/* False: the turn was dropped. */
static bool close_turn(struct rig *rig)
{
    bool good =
        !rig->drops && !service_failed(rig->service) && store_commit(rig->store) == STORE_OK;
    rig->drops = false;
    if (good) {
        outbox_commit(rig->outbox);
        service_settle(rig->service, true);
    } else {
        store_rollback(rig->store);
        outbox_drop(rig->outbox);
        service_settle(rig->service, false);
    }
    if (!rig->holds_output)
        rig_collect(rig);
    return good;
}

struct task *rig_take_task(struct rig *rig)
{
    struct task *task = NULL;
    for (enum task_kind kind = 0; kind < TASK_KINDS && !task; kind++)
        task = service_take_task(rig->service, kind);
    return task;
}

void rig_run_tasks(struct rig *rig)
{
    struct task *task;
    while ((task = rig_take_task(rig))) {
        task->run(task, rig->second ? rig->second : rig->store);
        task->finish(task, rig->service, false);
        if (!close_turn(rig)) {
            task->finish(task, rig->service, true);
            close_turn(rig);
        }
        service_task_free(rig->service, task);
    }
}

void rig_step(struct rig *rig)
{
    xmpp_stanza_t *stanza;
    bool cut = false;
    service_step(rig->service);
    while ((stanza = service_unpark(rig->service, &cut))) {
        service_stanza(rig->service, stanza, cut);
        xmpp_stanza_release(stanza);
    }
    close_turn(rig);
}

/* Retelling waits for rig_retell(). */
static int64_t step_due_in(const struct rig *rig)
{
    const struct service *service = rig->service;
    if (recovery_stage(service) == RECOVERY_OVER)
        return service_step_due_in(service);
    bool behind =
        recovery_has_to_ask(service) || question_has_work(service) || park_has_work(service);
    return behind ? 0 : ghosts_due_in(service);
}

static void end_turn(struct rig *rig)
{
    int64_t due_in;
    close_turn(rig);
    while (!rig->holds_steps && (due_in = step_due_in(rig)) >= 0) {
        rig->now_ms += due_in;
        begin_turn(rig);
        rig_step(rig);
    }
    if (!rig->holds_tasks)
        rig_run_tasks(rig);
}

void rig_send(struct rig *rig, const char *text)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(rig->xmpp, text);
    assert_non_null(stanza);
    begin_turn(rig);
    service_stanza(rig->service, stanza, false);
    end_turn(rig);
    xmpp_stanza_release(stanza);
}

void rig_ask(struct rig *rig)
{
    begin_turn(rig);
    service_recover(rig->service);
    end_turn(rig);
}

void rig_retell(struct rig *rig)
{
    for (unsigned turns = 0; recovery_stage(rig->service) != RECOVERY_OVER; turns++) {
        assert_true(turns < 2000);
        rig->now_ms += service_step_due_in(rig->service);
        begin_turn(rig);
        rig_step(rig);
    }
}

/* The question, a message, is followed by a ping with the same id, which is answered. */
static bool answer_question(struct rig *rig)
{
    char jid[4096], id[256];
    struct buf text = BUF_INIT;
    const char *hint = rig->out.len > 0 ? strstr(rig->out.data, "<no-store") : NULL;
    if (!hint)
        return false;
    const char *at = hint;
    while (strncmp(at, "<message ", 9) != 0)
        at--;
    assert_int_equal(sscanf(strstr(at, " id='"), " id='%255[^']", id), 1);
    assert_int_equal(sscanf(strstr(at, " to='"), " to='%4095[^']", jid), 1);
    free(rig_receive(rig, jid));
    free(rig_receive(rig, jid));
    buf_printf(&text, "<iq from='%s' to='" RIG_DOMAIN "' id='%s' type='result'/>", jid, id);
    rig_send(rig, text.data);
    buf_free(&text);
    return true;
}

void rig_recover(struct rig *rig)
{
    struct buf before = rig->out;
    rig->out = (struct buf)BUF_INIT;
    rig_ask(rig);
    do {
        while (answer_question(rig))
            continue;
        rig_step(rig); /* asks again what a dropped turn asked */
    } while (strstr(rig->out.data ? rig->out.data : "", "<no-store"));
    rig_retell(rig);
    buf_add_span(&before, buf_span(&rig->out));
    buf_free(&rig->out);
    rig->out = before;
}

void rig_confirm(struct rig *rig)
{
    int64_t change = service_unconfirmed(rig->service);
    if (change > 0)
        service_confirm(rig->service, change);
    end_turn(rig);
}

void rig_stop(struct rig *rig)
{
    service_stop(rig->service);
    end_turn(rig);
}

void rig_wait(struct rig *rig, unsigned seconds)
{
    rig->now_ms += (int64_t)seconds * 1000;
    begin_turn(rig);
    while (!service_tick(rig->service))
        end_turn(rig);
    end_turn(rig);
}

/* The end of the stanza that begins at `at`. Counts levels, as a stanza may contain another one. */
static const char *stanza_end(const char *at)
{
    int depth = 0;
    for (; *at; at++) {
        if (*at != '<')
            continue;
        const char *close = strchr(at, '>');
        if (!close)
            return NULL;
        bool ends = at[1] == '/', empty = close[-1] == '/';
        depth += ends ? -1 : empty ? 0 : 1;
        if (depth == 0)
            return close + 1;
        at = close;
    }
    return NULL;
}

char *rig_receive(struct rig *rig, const char *to)
{
    char *needle = NULL;
    struct buf attribute = BUF_INIT;
    buf_printf(&attribute, " to='%s'", to);
    needle = buf_take(&attribute);
    char *found = NULL;
    const char *at = rig->out.data ? rig->out.data : "";
    while (*at && !found) {
        const char *end = stanza_end(at), *head = strchr(at, '>');
        assert_non_null(end);
        const char *hit = strstr(at, needle);
        if (hit && hit < head) {
            size_t from = (size_t)(at - rig->out.data), len = (size_t)(end - at);
            found = mem_copy(at, len);
            memmove(rig->out.data + from, end, rig->out.len - from - len + 1);
            rig->out.len -= len;
        }
        at = end;
    }
    free(needle);
    return found;
}

char *rig_next(struct rig *rig)
{
    if (rig->out.len == 0)
        return NULL;
    const char *end = stanza_end(rig->out.data);
    assert_non_null(end);
    size_t len = (size_t)(end - rig->out.data);
    char *stanza = mem_copy(rig->out.data, len);
    buf_consume(&rig->out, len);
    return stanza;
}

void rig_drain(struct rig *rig)
{
    buf_clear(&rig->out);
}

void rig_expect(struct rig *rig, const char *to, ...)
{
    char *stanza = rig_receive(rig, to);
    if (!stanza)
        fail_msg("nothing came to %s; waiting is: %s", to, rig->out.data);
    va_list texts;
    va_start(texts, to);
    for (const char *text = va_arg(texts, const char *); text; text = va_arg(texts, const char *)) {
        if (!strstr(stanza, text))
            fail_msg("there is no  %s  in  %s", text, stanza);
    }
    va_end(texts);
    free(stanza);
}

void rig_expect_nothing(struct rig *rig, const char *to)
{
    if (!to) {
        if (rig->out.len > 0)
            fail_msg("nothing was to come, but this did: %s", rig->out.data);
        return;
    }
    char *stanza = rig_receive(rig, to);
    if (stanza)
        fail_msg("nothing was to come to %s, but this did: %s", to, stanza);
}

void rig_join(struct rig *rig, const char *from, const char *room_nick)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<presence from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
               from, room_nick);
    rig_send(rig, text.data);
    buf_free(&text);
    rig_drain(rig);
}
