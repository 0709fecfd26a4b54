#include "people.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "agreement.h"
#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "device.h"
#include "disruption.h"
#include "folder.h"
#include "witness.h"

#define UP_MS        60000 /* covend answers within this time after its start */
#define ASK_UP_MS    200
#define LOGIN_MS     10000
#define PERIOD_MIN_S 10 /* time between quiet moments, at least and at most */
#define PERIOD_MAX_S 30

bool people_fail(struct people *people, uint32_t room, const char *one, const char *other,
                 const char *format, ...)
{
    char text[600];
    va_list args;
    if (people->failure.len)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_add_text(&people->failure, text);
    if (room < people->room_count)
        trace_print(&people->traces, room, one && *one ? one : NULL, other && *other ? other : NULL,
                    stderr);
    return false;
}

bool people_were_disrupted(const struct people *people, int64_t since_ms)
{
    return !people->up || people->disrupted_ms > since_ms - 2000;
}

/* ---- Turns ---- */

/* A connection that closes by itself is a failure, unless the server was crashed on purpose. */
static void check_connection(struct device *device, struct buf *why)
{
    struct people *people = device->people;
    char label[LABEL_SIZE];
    if (!device_is_away(device) && why->len == 0)
        return;
    device_label(device, label);
    if (why->len || !people_were_disrupted(people, clock_mono_ms() - 10000) || people->outages == 0)
        people_fail(people, 0, label, NULL, "%s lost its connection: %s", label,
                    why->len ? why->data : "the server closed it");
    device_drop(device, 0);
}

static void poll_connections(struct people *people, int timeout_ms)
{
    struct buf why = BUF_INIT;
    for (uint32_t i = 0; i < people->device_count; i++)
        people->pollers[i] = connection_poller(&people->devices[i].connection);
    poll(people->pollers, people->device_count, timeout_ms);
    for (uint32_t i = 0; i < people->device_count; i++) {
        struct device *device = &people->devices[i];
        if (!people->pollers[i].revents || device_is_away(device))
            continue;
        connection_poll(&device->connection, 0, &why);
        check_connection(device, &why);
    }
    buf_free(&why);
}

/* Pings covend until it answers. */
static void ask_up(struct people *people)
{
    struct device *witness = people_witness(people);
    int64_t now_ms = clock_mono_ms();
    if (people->up)
        return;
    people->disrupted_ms = now_ms;
    if (people->start_ms || device_is_away(witness) || now_ms < people->asked_up_ms + ASK_UP_MS)
        return;
    people->asked_up_ms = now_ms;
    buf_printf(connection_out(&witness->connection),
               "<iq type='get' id='up' to='%s'><ping xmlns='" NS_PING "'/></iq>",
               people->victim.service);
}

bool people_turn(struct people *people, int timeout_ms)
{
    poll_connections(people, timeout_ms);
    disruption_tick(people);
    ask_up(people);
    for (uint32_t i = 0; i < people->device_count; i++)
        device_tick(&people->devices[i]);
    return people->failure.len == 0;
}

static bool wait_until_up(struct people *people)
{
    for (int64_t end = clock_mono_ms() + UP_MS; !people->up;) {
        if (clock_mono_ms() > end)
            return people_fail(people, TRACE_EVERYWHERE, NULL, NULL,
                               "covend does not answer; see %s/covend.log", people->victim.folder);
        if (!people_turn(people, 50))
            return false;
    }
    return true;
}

/* ---- The run ---- */

static bool arrive(struct people *people)
{
    for (uint32_t i = 0; i < people->device_count; i++) {
        char label[LABEL_SIZE];
        device_label(&people->devices[i], label);
        if (!device_return(&people->devices[i]))
            return people_fail(people, TRACE_EVERYWHERE, NULL, NULL, "%s cannot log in", label);
    }
    if (!wait_until_up(people) || !witness_open_rooms(people))
        return false;
    action_enter_some(people);
    return true;
}

/* Acts at the given rate, and disrupts at the planned times. */
static bool live(struct people *people, int64_t from_ms, int64_t until_ms)
{
    uint64_t done = 0;
    for (int64_t now_ms; (now_ms = clock_mono_ms()) < until_ms;) {
        uint64_t due = (uint64_t)(now_ms - from_ms) * people->options->rate / 1000;
        for (; done < due; done++)
            action_do(people);
        disruption_if_due(people);
        if (!people_turn(people, 10))
            return false;
    }
    return true;
}

static void print_progress(const struct people *people)
{
    if (!people->options->verbose)
        return;
    printf("quiet moment %u after %u checks: all agree; %u kills, %u ends, %u crashes of the "
           "server, %llu actions\n",
           people->quiet_moments, people->checks, people->kills, people->ends, people->outages,
           (unsigned long long)people->actions);
    fflush(stdout);
}

static bool go(struct people *people)
{
    struct buf why = BUF_INIT;
    if (!arrive(people))
        return false;
    int64_t end = clock_mono_ms() + (int64_t)(people->options->minutes * 60000);
    disruption_plan(people, end);
    for (bool last = false; !last;) {
        int64_t now_ms = clock_mono_ms();
        uint32_t seconds =
            PERIOD_MIN_S + dice_below(&people->dice, PERIOD_MAX_S - PERIOD_MIN_S + 1);
        int64_t until = now_ms + seconds * 1000;
        last = until + PERIOD_MIN_S * 1000 > end;
        if (!live(people, now_ms, last && end > now_ms ? end : until) ||
            !witness_check(people, last))
            return false;
        print_progress(people);
    }
    bool ended = victim_end(&people->victim, &why);
    if (!ended)
        people_fail(people, TRACE_EVERYWHERE, NULL, NULL, "%s", why.data);
    buf_free(&why);
    return ended;
}

/* ---- Beginning and end ---- */

/* Reads DOMAIN=HOST:PORT, which options.c has checked. */
static void read_server(struct people_server *server, const char *text)
{
    const char *equals = strchr(text, '='), *colon = strrchr(text, ':');
    server->domain = mem_copy(text, (size_t)(equals - text));
    server->address = mem_copy(equals + 1, (size_t)(colon - equals - 1));
    server->port = mem_string(colon + 1);
    server->settings = (struct handshake_settings){.host = server->address,
                                                   .port = server->port,
                                                   .domain = server->domain,
                                                   .password = "password",
                                                   .timeout_ms = LOGIN_MS};
}

static void make_device(struct people *people, struct people_person *person, uint32_t own)
{
    struct device *device = &people->devices[people->device_count];
    *device = (struct device){.people = people,
                              .person = person,
                              .number = people->device_count++,
                              .own = own,
                              .connection = {.fd = -1, .user = device, .stanza = device_receive},
                              .views = mem_new(people->room_count * sizeof *device->views)};
    for (uint32_t room = 0; room < people->room_count; room++)
        device->views[room].nonanonymous = agreement_is_nonanonymous(room);
}

/* Every second person has two devices; the witness has one. */
static void make_people(struct people *people)
{
    const struct options *options = people->options;
    people->server_count = options->host_count;
    people->person_count = options->people + 1;
    people->room_count = options->rooms;
    people->servers = mem_new(people->server_count * sizeof *people->servers);
    people->persons = mem_new(people->person_count * sizeof *people->persons);
    people->devices = mem_new(people->person_count * DEVICES_EACH * sizeof *people->devices);
    people->pollers = mem_new(people->person_count * DEVICES_EACH * sizeof *people->pollers);
    people->rooms = mem_new(people->room_count * sizeof *people->rooms);
    traces_init(&people->traces, people->room_count);
    for (uint32_t i = 0; i < people->server_count; i++)
        read_server(&people->servers[i], options->hosts[i]);
    for (uint32_t i = 0; i < people->person_count; i++) {
        bool witness = i == options->people;
        people->persons[i] = (struct people_person){
            .number = i, .server = &people->servers[witness ? 0 : i % people->server_count]};
        make_device(people, &people->persons[i], 0);
        if (!witness && i % 2 == 0)
            make_device(people, &people->persons[i], 1);
    }
}

static void print_result(const struct people *people)
{
    bool ok = people->failure.len == 0;
    printf(
        "coven-crash: mode people, seed %llu: %llu actions, %llu copies of messages and %llu "
        "private messages received, %llu refusals; %u kills, %u ends, %u crashes of the server; %u "
        "quiet moments, %u checks: %s\n",
        (unsigned long long)people->options->seed, (unsigned long long)people->actions,
        (unsigned long long)people->copies, (unsigned long long)people->private_messages.heard,
        (unsigned long long)people->refusals, people->kills, people->ends, people->outages,
        people->quiet_moments, people->checks, ok ? "all agreed" : "THEY DISAGREE");
    if (!ok)
        fprintf(stderr, "coven-crash: %s\ncoven-crash: kept: %s\n", people->failure.data,
                people->victim.folder);
}

static void release(struct people *people)
{
    struct buf why = BUF_INIT;
    victim_kill(&people->victim, &why);
    buf_free(&why);
    for (uint32_t i = 0; i < people->device_count; i++) {
        connection_close(&people->devices[i].connection);
        for (uint32_t room = 0; room < people->room_count; room++)
            view_free(&people->devices[i].views[room]);
        free(people->devices[i].views);
    }
    for (uint32_t room = 0; room < people->room_count; room++) {
        said_free(&people->rooms[room].archive);
        said_free(&people->rooms[room].page);
        free(people->rooms[room].roles.list);
        free(people->rooms[room].items.list);
    }
    for (uint32_t i = 0; i < people->server_count; i++) {
        free(people->servers[i].domain);
        free(people->servers[i].address);
        free(people->servers[i].port);
    }
    private_free(&people->private_messages);
    excused_free(&people->excused);
    traces_free(&people->traces);
    if (people->failure.len == 0)
        folder_remove(people->victim.folder);
    buf_free(&people->failure);
    free(people->servers);
    free(people->persons);
    free(people->devices);
    free(people->pollers);
    free(people->rooms);
    free(people->disruptions);
}

/* With --multi: did the server make the copies all the time? */
static void check_multi(struct people *people)
{
    const char *folder = people->victim.folder;
    if (!people->options->multi || people->failure.len > 0)
        return;
    if (!folder_log_has(folder, "the server makes the copies"))
        buf_add_text(&people->failure, "the server makes no copies");
    else if (folder_log_has(folder, "(one came back)"))
        buf_add_text(&people->failure, "the server returned a stanza with a list of recipients");
}

/* Clients whose covend is killed all the time ask for the same history far more often than people
 * do; and nobody is to be refused because the machine is slow. */
static const char config[] = "[link]\nbackoff_max_seconds = 1\n"
                             "[limits]\nhistory_seconds = 0\nuser_queue_ms = 0\n"
                             "room_queue_ms = 0\n";

int people_run(const struct options *options)
{
    char folder[FOLDER_SIZE], service[128];
    struct people people = {.options = options, .dice = {options->seed}, .next_number = SEEN_FIRST};
    signal(SIGPIPE, SIG_IGN);
    make_people(&people);
    snprintf(service, sizeof service, "conference.%s", people.servers[0].domain);
    people.victim = (struct victim){.program = options->covend,
                                    .folder = folder,
                                    .service = service,
                                    .secret = getenv("COVEN_SECRET")};
    snprintf(people.victim.port, sizeof people.victim.port, "%s",
             strrchr(options->server, ':') + 1);
    if (folder_make(folder, config, &people.failure) &&
        victim_start(&people.victim, options->seed, &people.failure))
        go(&people);
    check_multi(&people);
    print_result(&people);
    int status = people.failure.len != 0;
    release(&people);
    return status;
}
