#include "run.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "audit.h"
#include "coven/clock.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "folder.h"
#include "kill.h"
#include "plan.h"
#include "receive.h"
#include "send.h"
#include "wire/socket.h"

#define CONNECT_MS 70000
#define ANSWER_MS  30000
#define WHOLE_EACH 10 /* so many audits, and one looks at the archives from the beginning */

/* ---- For the parts of a run ---- */

bool run_fail(struct run *run, const char *format, ...)
{
    va_list args;
    if (run->failure.len)
        return false;
    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) >= 0)
        buf_add_text(&run->failure, text);
    va_end(args);
    free(text);
    return false;
}

bool run_is_well(const struct run *run)
{
    return run->link.fd >= 0 && !run->link.reading_stopped && run->failure.len == 0;
}

/* A kill strikes before the stanzas that have arrived are read. */
void run_count(struct run *run)
{
    if (run->countdown == 0 || --run->countdown > 0)
        return;
    run->due = true;
    run->link.reading_stopped = run->options->mode == MODE_CUT;
}

bool run_turn(struct run *run, int timeout_ms)
{
    multi_tick(run);
    connection_poll(&run->link, timeout_ms, &run->failure);
    if (run->due) {
        if (run->link.fd >= 0)
            kill_now(run);
        return false;
    }
    if (run->link.fd < 0)
        run_fail(run, "covend closed the link; see %s/covend.log", run->victim.folder);
    return run_is_well(run);
}

void run_ask_begin(struct run *run)
{
    run->round = ++run->serial;
    run->query_count = run->open = 0;
}

struct query *run_ask(struct run *run, enum query_kind kind, uint32_t room)
{
    run->queries = mem_resize(run->queries, (run->query_count + 1) * sizeof *run->queries);
    struct query *query = &run->queries[run->query_count++];
    *query = (struct query){.kind = kind, .room = room, .open = true};
    run->open++;
    run_count(run);
    return query;
}

bool run_ask_end(struct run *run)
{
    int64_t deadline = clock_mono_ms() + ANSWER_MS;
    while (run->open > 0) {
        if (!run_turn(run, 100))
            return false;
        if (clock_mono_ms() > deadline)
            return run_fail(run, "%u of %u queries got no answer in %d s", run->open,
                            run->query_count, ANSWER_MS / 1000);
    }
    return run_is_well(run);
}

/* ---- Work ---- */

static void begin_change(struct run *run, struct model_room *room)
{
    struct model_change *change = &room->change;
    if (!plan_change(room, run->model.seats, run->options->mode, &run->dice))
        return;
    struct seat *seat = &room->seats[change->seat];
    change->id = ++run->serial;
    change->since_ms = clock_mono_ms();
    if (change->kind == CHANGE_JOIN || change->kind == CHANGE_CREATE) {
        memset(seat->view, 0, sizeof seat->view);
        seat->stay++;
    }
    run_count(run);
    send_change(room, run->model.seats, connection_out(&run->link));
}

void run_act(struct run *run)
{
    struct model_room *room = &run->model.rooms[dice_below(&run->dice, run->model.count)];
    bool talk = dice_below(&run->dice, 100) < plan_talkativeness(run->options->mode);
    uint32_t seat;
    if (model_room_dead(room, run->model.seats))
        return; /* covend is finding out who is dead */
    if (talk && plan_speaker(room, run->model.seats, run->options->mode, &run->dice, &seat)) {
        run->messages++;
        run_count(run);
        excused_note_sent(&run->excused, run->next_number, seat, room->number);
        send_message(room, seat, run->next_number++, connection_out(&run->link));
    } else if (room->change.kind == CHANGE_NONE) {
        begin_change(run, room);
    }
}

/* Has the result come, and does everybody see the new state? */
static bool is_over(const struct run *run, const struct model_room *room, struct buf *why)
{
    static const bool by_query[CHANGE_KINDS] = {[CHANGE_CONFIGURE] = true,
                                                [CHANGE_AFFILIATE] = true,
                                                [CHANGE_KICK] = true,
                                                [CHANGE_DESTROY] = true};
    const struct model_change *change = &room->change;
    if (by_query[change->kind] && !change->answered) {
        buf_add_text(why, "no answer came");
        return false;
    }
    return !model_room_view_differs(room, &change->after, run->model.seats, 0, why);
}

static void end_changes(struct run *run)
{
    struct buf why = BUF_INIT;
    for (uint32_t i = 0; i < run->model.count; i++) {
        struct model_room *room = &run->model.rooms[i];
        if (room->change.kind == CHANGE_NONE)
            continue;
        buf_clear(&why);
        if (is_over(run, room, &why)) {
            model_room_settle(room, run->model.seats);
            run->changes++;
        } else if (clock_mono_ms() - room->change.since_ms > ANSWER_MS) {
            run_fail(run, "room %u: %s by user %u is not completed: %s", i,
                     model_change_words[room->change.kind], room->change.seat, why.data);
        }
    }
    buf_free(&why);
}

/* How many actions to send at once, for covend to handle in one turn. */
static uint32_t burst(struct run *run)
{
    uint32_t most = dice_once_in(&run->dice, 8) ? 64 : 4;
    return 1 + dice_below(&run->dice, most);
}

/* Acts until the run is over or the next kill is due. */
static void work(struct run *run)
{
    int64_t next = clock_mono_ms();
    do {
        while (run_is_well(run) && clock_mono_ms() >= next) {
            uint32_t count = burst(run);
            next += 1000 * (int64_t)count / run->options->rate;
            while (count-- && !run->due)
                run_act(run);
        }
        end_changes(run);
    } while (run_turn(run, 1));
}

/* Completes all changes under way. */
static bool complete_changes(struct run *run)
{
    int64_t until = clock_mono_ms() + 500;
    bool busy = true;
    while (busy || clock_mono_ms() < until) {
        if (!run_turn(run, 10))
            return false;
        end_changes(run);
        busy = false;
        for (uint32_t i = 0; i < run->model.count; i++)
            busy = busy || run->model.rooms[i].change.kind != CHANGE_NONE;
    }
    return true;
}

/* ---- From one kill to the next ---- */

static bool connect_covend(struct run *run)
{
    struct buf why = BUF_INIT;
    bool ok = run->victim.pid != 0 ||
              victim_start(&run->victim, run->options->seed + run->kills + 1, &why);
    ok = ok && connection_open(&run->link, run->listener, &run->settings, &why);
    if (!ok)
        run_fail(run, "%s; see %s/covend.log", why.data ? why.data : "no link", run->victim.folder);
    if (run->options->multi)
        multi_begin(run);
    buf_free(&why);
    for (uint32_t i = 0; i < run->model.count; i++) {
        for (uint32_t seat = 0; seat < run->model.seats; seat++)
            run->model.rooms[i].seats[seat].stay++;
    }
    return ok;
}

static void print_progress(const struct run *run, bool whole, int64_t took_ms)
{
    uint64_t archived = 0;
    if (!run->options->verbose)
        return;
    for (uint32_t i = 0; i < run->model.count; i++)
        archived += run->model.rooms[i].archive.count;
    printf(
        "%s %u: all is well; %llu changes, %llu copies received, %llu messages archived%s; views "
        "right after %lld ms\n",
        run->options->mode == MODE_CUT ? "cut" : "kill", run->kills,
        (unsigned long long)run->changes, (unsigned long long)run->copies,
        (unsigned long long)archived, whole ? " (all read)" : "", (long long)took_ms);
    fflush(stdout);
}

/* Connects, audits, and works until the next kill. After the last kill the link stays up. */
static bool run_to_kill(struct run *run)
{
    int64_t took_ms = 0;
    bool last = run->kills >= run->options->kills;
    bool whole = last || run->kills % WHOLE_EACH == WHOLE_EACH - 1;
    if (!connect_covend(run))
        return false;
    if (!last)
        kill_arm(run);
    if (audit_all(run, whole, &took_ms)) {
        print_progress(run, whole, took_ms);
        if (!last)
            work(run);
    }
    return run->failure.len == 0;
}

/* Audits once more without a kill, and ends covend. */
static bool end_in_order(struct run *run)
{
    int64_t took_ms, until = clock_mono_ms() + 1000;
    uint32_t first = run->next_number;
    struct buf why = BUF_INIT;
    for (int64_t now = clock_mono_ms(); now < until && run_is_well(run); now = clock_mono_ms()) {
        run_act(run);
        end_changes(run);
        run_turn(run, 2);
    }
    bool ok = complete_changes(run) && audit_all(run, true, &took_ms) && audit_ends(run, first);
    if (ok && run->options->multi && run->multi.lists == 0)
        ok = run_fail(run, "covend sent no list of recipients");
    if (ok && !victim_end(&run->victim, &why))
        ok = run_fail(run, "%s", why.data);
    buf_free(&why);
    return ok;
}

/* ---- Beginning and end ---- */

static bool listen_for_covend(struct run *run, struct buf *why)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    run->listener = socket_listen(NULL, NULL, why);
    if (run->listener < 0 || getsockname(run->listener, (struct sockaddr *)&address, &len) != 0)
        return false;
    snprintf(run->victim.port, sizeof run->victim.port, "%u", ntohs(address.sin_port));
    return true;
}

/* covend must reconnect quickly, since the link is lost all the time, and must not limit rates,
 * since few users send everything. */
static const char config[] = "[link]\nbackoff_max_seconds = 1\n"
                             "[limits]\nuser_rate = 0\nvisit_rate = 0\nroom_rate = 0\n"
                             "answer_rate = 0\nuser_queue_ms = 0\nroom_queue_ms = 0\n";

static void print_result(struct run *run)
{
    const struct options *options = run->options;
    const char *what = options->mode == MODE_CUT ? "cuts" : "kills";
    bool ok = run->failure.len == 0;
    printf("coven-crash: mode %s, seed %llu: %u %s, %llu messages, %llu changes, %llu copies "
           "received, "
           "%llu sessions died: %s\n",
           mode_words[options->mode], (unsigned long long)options->seed, run->kills, what,
           (unsigned long long)run->messages, (unsigned long long)run->changes,
           (unsigned long long)run->copies, (unsigned long long)run->deaths,
           ok ? "every promise was kept" : "A PROMISE WAS BROKEN");
    if (options->multi)
        printf("coven-crash: %llu stanzas came with a list, %llu of them went back\n",
               (unsigned long long)run->multi.lists, (unsigned long long)run->multi.returned);
    if (ok)
        return;
    fprintf(stderr, "coven-crash: after %u %s: %s\ncoven-crash: kept: %s\n", run->kills, what,
            run->failure.data, run->victim.folder);
}

static void release(struct run *run)
{
    struct buf why = BUF_INIT;
    victim_kill(&run->victim, &why);
    buf_free(&why);
    connection_close(&run->link);
    if (run->listener >= 0)
        close(run->listener);
    if (run->failure.len == 0)
        folder_remove(run->victim.folder);
    model_free(&run->model);
    excused_free(&run->excused);
    free(run->queries);
    buf_free(&run->failure);
    free(run);
}

int run_all(const struct options *options)
{
    char folder[FOLDER_SIZE], secret[ID_TEXT_SIZE];
    struct run *run = mem_new(sizeof *run);
    id_random_text(secret);
    signal(SIGPIPE, SIG_IGN);
    run->options = options;
    run->dice = (struct dice){options->seed};
    run->settings = (struct handshake_settings){
        .service = CRASH_SERVICE, .secret = secret, .timeout_ms = CONNECT_MS};
    run->victim = (struct victim){
        .program = options->covend, .folder = folder, .service = CRASH_SERVICE, .secret = secret};
    run->link = (struct connection){
        .fd = -1, .user = run, .stanza = options->multi ? multi_stanza : receive_stanza};
    run->listener = -1;
    run->next_number = 1;
    model_init(&run->model, options->rooms, options->seats);
    bool ready =
        folder_make(folder, config, &run->failure) && listen_for_covend(run, &run->failure);
    while (ready && run_to_kill(run) && run->link.fd < 0)
        ; /* the link is down after each kill, and up after the last audit */
    if (ready && run->failure.len == 0)
        end_in_order(run);
    print_result(run);
    int status = run->failure.len != 0;
    release(run);
    return status;
}
