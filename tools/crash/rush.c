#include "rush.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "coven/clock.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "dice.h"
#include "login.h"
#include "rush_tally.h"
#include "tree.h"

#define ROOM_DOMAIN "conference.localhost"
#define PLACES_MIN  3u    /* rooms of a person, at least */
#define PLACES      8u    /* and at most */
#define PAUSE_MIN   500u  /* ms before a client connects, or joins again, at least */
#define PAUSE_MAX   3000u /* and at most */
#define PATIENCE_MS 15000 /* how long a client waits for an answer */
#define ENTER_MS    240000
#define LOST_MS     60000
#define BACK_MS     120000
#define QUIET_MS    5000
#define TURN_MS     5

/* A person's membership in a room. */
struct rush_place {
    uint32_t room;
    bool inside, configured;
    bool gave_up;
    int64_t asked_at; /* when it first tried to join; 0: not yet */
    int64_t again_at; /* when to try again; 0: an answer is awaited */
};

struct rush_person {
    struct rush *rush;
    struct connection connection;
    struct login login;
    uint32_t number, count;
    struct rush_place places[PLACES];
    int64_t next_at; /* when to connect */
};

struct rush {
    const struct options *options;
    struct handshake_settings settings;
    struct rush_person *persons;
    struct pollfd *pollers;
    uint32_t count;
    struct dice dice;
    bool back; /* the rush has begun */
    int64_t crash_at, open_at;
    struct rush_tally tally;
    struct buf failure;
};

static bool fail(struct rush *rush, const char *what)
{
    if (!rush->failure.len)
        buf_add_text(&rush->failure, what);
    return false;
}

static int64_t pause_from(struct rush *rush, int64_t now)
{
    return now + PAUSE_MIN + dice_below(&rush->dice, PAUSE_MAX - PAUSE_MIN);
}

/* ---- Receiving ---- */

static struct rush_place *place_of(struct rush_person *person, uint32_t room)
{
    for (uint32_t i = 0; i < person->count; i++) {
        if (person->places[i].room == room)
            return &person->places[i];
    }
    return NULL;
}

static void receive_entry(struct rush *rush, struct rush_place *place)
{
    if (!place->inside && place->asked_at && rush->back)
        histogram_add(&rush->tally.waits, (uint64_t)(clock_mono_ms() - place->asked_at));
    place->inside = true;
    place->again_at = 0;
}

static void receive_refusal(struct rush *rush, struct rush_place *place)
{
    if (!place->inside)
        place->again_at = pause_from(rush, clock_mono_ms());
}

static void receive_own_leave(struct rush *rush, struct rush_place *place)
{
    rush->tally.sent_out += place->inside && rush->back;
    place->inside = false;
    place->again_at = pause_from(rush, clock_mono_ms());
}

static enum rush_presence kind_of(const xmlNode *tree)
{
    if (tree_attr_is(tree, "type", "error"))
        return RUSH_REFUSAL;
    if (tree_attr_is(tree, "type", "unavailable"))
        return RUSH_LEAVE;
    return tree_has_status(tree_child(tree, "x", NS_MUC_USER), "110") ? RUSH_OWN : RUSH_OTHER;
}

static void receive_presence(struct rush_person *person, const xmlNode *tree)
{
    static void (*const receive[RUSH_PRESENCES])(struct rush * rush, struct rush_place * place) = {
        [RUSH_OWN] = receive_entry, [RUSH_REFUSAL] = receive_refusal};
    struct rush *rush = person->rush;
    struct buf from = BUF_INIT;
    uint32_t room, who;
    tree_attr(tree, "from", &from);
    bool is_room = sscanf(from.data, "rush%u@" ROOM_DOMAIN "/p%u", &room, &who) == 2;
    struct rush_place *place = is_room ? place_of(person, room) : NULL;
    buf_free(&from);
    if (!place)
        return;
    enum rush_presence kind = kind_of(tree);
    rush->tally.heard[kind] += rush->back;
    if (receive[kind])
        receive[kind](rush, place);
    else if (kind == RUSH_LEAVE && who == person->number)
        receive_own_leave(rush, place);
}

static void receive_iq(struct rush_person *person, const struct wire_stanza *stanza)
{
    const char *type = wire_attr(&stanza->root, "type"), *id = wire_attr(&stanza->root, "id");
    const char *from = wire_attr(&stanza->root, "from");
    uint32_t room;
    if (!type || !id)
        return;
    struct rush_place *place = sscanf(id, "config%u", &room) == 1 ? place_of(person, room) : NULL;
    if (strcmp(type, "get") == 0 || strcmp(type, "set") == 0)
        buf_printf(connection_out(&person->connection), "<iq type='result' to='%s' id='%s'/>",
                   from ? from : "", id);
    else if (place && strcmp(type, "result") == 0)
        place->configured = true;
}

static void receive(void *user, const struct wire_stanza *stanza)
{
    struct rush_person *person = user;
    if (strcmp(stanza->root.name, "presence") == 0)
        receive_presence(person, stanza->tree);
    else if (strcmp(stanza->root.name, "iq") == 0)
        receive_iq(person, stanza);
}

/* ---- Sending ---- */

static void enter(struct rush_person *person, struct rush_place *place)
{
    buf_printf(connection_out(&person->connection),
               "<presence to='rush%u@" ROOM_DOMAIN "/p%u'><x xmlns='" NS_MUC "'/></presence>",
               place->room, person->number);
    place->again_at = 0;
    if (!place->asked_at)
        place->asked_at = clock_mono_ms();
}

/* A persistent room survives the server, whichever service holds it. */
static void configure(struct rush_person *person, const struct rush_place *place)
{
    buf_printf(connection_out(&person->connection),
               "<iq type='set' id='config%u' to='rush%u@" ROOM_DOMAIN
               "'><query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG
               "</value></field><field var='muc#roomconfig_persistentroom'><value>1</value>"
               "</field></x></query></iq>",
               place->room, place->room);
}

/* ---- Turns ---- */

static void person_connect(struct rush_person *person)
{
    struct login *login = &person->login;
    uint32_t chance;
    id_random_bytes(&chance, sizeof chance);
    login->settings = person->rush->settings;
    snprintf(login->user, sizeof login->user, "user%u", person->number);
    /* Half of the clients keep their resource. */
    snprintf(login->resource, sizeof login->resource, "%x", person->number % 2 ? 1 : chance);
    if (!login_begin(login))
        fail(person->rush, "cannot start a thread");
}

static void person_arrive(struct rush_person *person, int fd)
{
    if (fd < 0) {
        person->next_at = pause_from(person->rush, clock_mono_ms());
        return;
    }
    connection_take(&person->connection, fd);
    person->rush->tally.in_ms = clock_mono_ms() - person->rush->open_at;
    buf_add_text(connection_out(&person->connection), "<presence/>");
    for (uint32_t i = 0; i < person->count && person->rush->back; i++)
        enter(person, &person->places[i]);
}

static void place_go_on(struct rush_person *person, struct rush_place *place, int64_t now)
{
    if (place->inside)
        return;
    if (place->again_at && now >= place->again_at)
        enter(person, place);
    if (!place->gave_up && place->asked_at && now - place->asked_at > PATIENCE_MS) {
        place->gave_up = true;
        person->rush->tally.gave_up++;
    }
}

static void person_go_on(struct rush_person *person, int64_t now)
{
    int fd;
    if (login_ends(&person->login, &fd))
        person_arrive(person, fd);
    else if (person->connection.fd < 0 && !login_runs(&person->login) && now >= person->next_at)
        person_connect(person);
    for (uint32_t i = 0; i < person->count && person->connection.fd >= 0; i++)
        place_go_on(person, &person->places[i], now);
}

/* False: there is a failure. */
static bool turn(struct rush *rush)
{
    for (uint32_t i = 0; i < rush->count; i++)
        rush->pollers[i] = connection_poller(&rush->persons[i].connection);
    poll(rush->pollers, rush->count, TURN_MS);
    for (uint32_t i = 0; i < rush->count; i++) {
        if (rush->pollers[i].revents)
            connection_poll(&rush->persons[i].connection, 0, &rush->failure);
    }
    return rush->failure.len == 0;
}

static bool stay(struct rush *rush, int64_t ms)
{
    for (int64_t end = clock_mono_ms() + ms; clock_mono_ms() < end;) {
        if (!turn(rush))
            return false;
    }
    return true;
}

typedef bool person_test(const struct rush_person *person);

static bool all_are(const struct rush *rush, person_test *holds)
{
    for (uint32_t i = 0; i < rush->count; i++) {
        if (!holds(&rush->persons[i]))
            return false;
    }
    return true;
}

/* Waits until the condition holds for all, while they connect and join. */
static bool wait_for(struct rush *rush, person_test *holds, int64_t ms, const char *what)
{
    int64_t end = clock_mono_ms() + ms;
    while (!all_are(rush, holds)) {
        int64_t now = clock_mono_ms();
        if (now > end)
            return fail(rush, what);
        for (uint32_t i = 0; i < rush->count; i++)
            person_go_on(&rush->persons[i], now);
        if (!turn(rush))
            return false;
    }
    return true;
}

static bool is_inside(const struct rush_person *person)
{
    for (uint32_t i = 0; i < person->count; i++) {
        if (!person->places[i].inside)
            return false;
    }
    return person->connection.fd >= 0;
}

static bool is_on(const struct rush_person *person)
{
    return person->connection.fd >= 0;
}

static bool is_configured(const struct rush_person *person)
{
    for (uint32_t i = 0; i < person->count; i++) {
        if (person->places[i].asked_at && !person->places[i].configured)
            return false;
    }
    return true;
}

/* ---- The run ---- */

static bool is_made(const struct rush *rush, uint32_t before, uint32_t room)
{
    for (uint32_t i = 0; i < before; i++) {
        if (place_of(&rush->persons[i], room))
            return true;
    }
    return false;
}

static bool fill_rooms(struct rush *rush)
{
    if (!wait_for(rush, is_on, ENTER_MS, "not everybody could log in"))
        return false;
    for (uint32_t i = 0; i < rush->count; i++) {
        struct rush_person *person = &rush->persons[i];
        for (uint32_t k = 0; k < person->count; k++) {
            if (is_made(rush, i, person->places[k].room))
                continue;
            enter(person, &person->places[k]);
            configure(person, &person->places[k]);
        }
    }
    if (!wait_for(rush, is_configured, ENTER_MS, "not every room could be created"))
        return false;
    for (uint32_t i = 0; i < rush->count; i++) {
        for (uint32_t k = 0; k < rush->persons[i].count; k++) {
            if (!rush->persons[i].places[k].asked_at)
                enter(&rush->persons[i], &rush->persons[i].places[k]);
        }
    }
    return wait_for(rush, is_inside, ENTER_MS, "not everybody could join the rooms");
}

static bool let_it_crash(struct rush *rush)
{
    if (!stay(rush, QUIET_MS))
        return false;
    rush->crash_at = clock_mono_ms();
    if (system(rush->options->outage) != 0)
        return fail(rush, "the command failed");
    int64_t end = clock_mono_ms() + LOST_MS;
    for (uint32_t i = 0; i < rush->count;) {
        i += rush->persons[i].connection.fd < 0;
        if (clock_mono_ms() > end)
            return fail(rush, "somebody is still connected: the server has not crashed");
        if (!turn(rush))
            return false;
    }
    return true;
}

static bool come_back(struct rush *rush)
{
    int64_t lost_at = clock_mono_ms();
    rush->back = true;
    for (uint32_t i = 0; i < rush->count; i++) {
        struct rush_person *person = &rush->persons[i];
        person->next_at = pause_from(rush, lost_at);
        for (uint32_t k = 0; k < person->count; k++)
            person->places[k] = (struct rush_place){.room = person->places[k].room};
    }
    while (!login_is_open(&rush->settings)) {
        if (clock_mono_ms() - lost_at > LOST_MS)
            return fail(rush, "the server does not come back");
        poll(NULL, 0, TURN_MS);
    }
    rush->open_at = clock_mono_ms();
    rush->tally.away_ms = rush->open_at - rush->crash_at;
    return wait_for(rush, is_inside, BACK_MS, "not everybody could join the rooms again");
}

static bool go(struct rush *rush)
{
    if (!fill_rooms(rush))
        return false;
    printf("coven-crash: %u people are in %u rooms\n", rush->count, rush->options->rooms);
    fflush(stdout);
    if (!let_it_crash(rush) || !come_back(rush))
        return false;
    rush->tally.inside_ms = clock_mono_ms() - rush->open_at;
    bool ok = stay(rush, QUIET_MS);
    rush_tally_print(&rush->tally);
    return ok;
}

static void person_init(struct rush *rush, uint32_t number)
{
    struct rush_person *person = &rush->persons[number];
    uint32_t rooms = rush->options->rooms;
    *person = (struct rush_person){.rush = rush, .number = number};
    person->connection = (struct connection){.fd = -1, .user = person, .stanza = receive};
    uint32_t count = PLACES_MIN + dice_below(&rush->dice, PLACES - PLACES_MIN + 1);
    while (person->count < count && person->count < rooms) {
        uint32_t room = dice_below(&rush->dice, rooms);
        if (!place_of(person, room))
            person->places[person->count++].room = room;
    }
}

int rush_run(const struct options *options)
{
    const char *colon = strrchr(options->clients, ':');
    char *host = mem_copy(options->clients, (size_t)(colon - options->clients));
    struct rush rush = {.options = options,
                        .dice = {options->seed},
                        .count = options->rooms * options->seats * 2 / (PLACES_MIN + PLACES) + 1,
                        .settings = {.host = host,
                                     .port = colon + 1,
                                     .domain = "localhost",
                                     .password = "password",
                                     .timeout_ms = PATIENCE_MS}};
    rush.persons = mem_new(rush.count * sizeof *rush.persons);
    rush.pollers = mem_new(rush.count * sizeof *rush.pollers);
    signal(SIGPIPE, SIG_IGN);
    for (uint32_t i = 0; i < rush.count; i++)
        person_init(&rush, i);
    bool ok = go(&rush);
    if (!ok)
        fprintf(stderr, "coven-crash: seed %llu: %s\n", (unsigned long long)options->seed,
                rush.failure.data);
    for (uint32_t i = 0; i < rush.count; i++) {
        int fd;
        while (login_runs(&rush.persons[i].login) && !login_ends(&rush.persons[i].login, &fd))
            poll(NULL, 0, TURN_MS);
        connection_close(&rush.persons[i].connection);
    }
    free(rush.persons);
    free(rush.pollers);
    buf_free(&rush.failure);
    free(host);
    return !ok;
}
