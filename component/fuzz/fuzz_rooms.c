/* Stanzas of several users, while calls of the store fail: after each turn memory is equal to what
 * another service reads from the store, and the output is valid in the stream. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "random_stanza.h"
#include "rig_fuzz.h"

#define STEPS_MAX 60
#define LINES_MAX 400

struct world {
    struct rig *rig;
    struct random random;
    char id[RIG_ID_SIZE]; /* of a message in an archive */
};

/* ---- What a service knows of a room ---- */

struct picture {
    char *lines[LINES_MAX];
    unsigned count;
};

static __attribute__((format(printf, 2, 3))) void add_line(struct picture *picture,
                                                           const char *format, ...)
{
    va_list args;
    va_start(args, format);
    coven_assert(picture->count < LINES_MAX &&
                 vasprintf(&picture->lines[picture->count++], format, args) >= 0);
    va_end(args);
}

static void add_options(struct picture *picture, const struct room *room)
{
    for (size_t i = 0; options_at(i); i++) {
        struct buf value = BUF_INIT;
        options_print(options_at(i), &room->config, &value);
        add_line(picture, "option %s %s", options_var(options_at(i)), value.data ? value.data : "");
        buf_free(&value);
    }
}

static void add_sessions(struct picture *picture, const struct occupant *occupant)
{
    for (const struct session *session = occupant->sessions; session; session = session->next)
        add_line(picture, "session %.*s %s %d %d %.*s", (int)session->jid->len, session->jid->data,
                 occupant->address, (int)occupant->role, occupant->silenced,
                 (int)blob_len(session->presence),
                 session->presence ? session->presence->data : "");
}

static void add_roll(struct picture *picture, const struct roll *roll)
{
    for (const struct affiliation_entry *e = roll->first; e; e = e->next)
        add_line(picture, "affiliation %s %d %s %s", e->jid, (int)e->affiliation, e->nick,
                 e->reason);
}

static void add_room(struct picture *picture, const struct room *room)
{
    const struct rendered *subject = room->subject;
    add_line(picture, "room %lld %s %lld %d %d %s", (long long)room->id, room->address,
             (long long)room->created, room_is_locked(room), room->listed, room->creator);
    add_line(picture, "subject %.*s %lld", subject ? (int)subject->len : 0,
             subject ? subject->bytes : "", (long long)room->subject_time);
    add_line(picture, "avatar %s", room->avatar ? room->avatar : "");
    add_line(picture, "owners %u domains %u moderators %u", room->rolls[AFFILIATION_OWNER].count,
             room->domains, room->in_role[ROLE_MODERATOR]);
    add_options(picture, room);
    for (int i = 0; i < AFFILIATION_KINDS; i++)
        add_roll(picture, &room->rolls[i]);
    for (const struct occupant *o = room->occupants; o; o = o->next)
        add_sessions(picture, o);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void take_picture(struct picture *picture, struct service *service)
{
    *picture = (struct picture){.count = 0};
    add_line(picture, "rooms %lld %lld", (long long)service->rooms_stored.all,
             (long long)service->rooms_stored.listed);
    for (int i = 0; i < RANDOM_ROOMS; i++) {
        struct room *room = NULL;
        struct span node = {random_rooms[i], strcspn(random_rooms[i], "@")};
        enum store_result result = room_load(service, node, &room);
        coven_assert(result != STORE_FAILED);
        if (result == STORE_OK)
            add_room(picture, room);
    }
    service_settle(service, true);
    qsort(picture->lines, picture->count, sizeof *picture->lines, compare_lines);
}

static void forget_picture(struct picture *picture)
{
    for (unsigned i = 0; i < picture->count; i++)
        free(picture->lines[i]);
}

/* ---- Memory and store ---- */

static void compare(const struct picture *memory, const struct picture *stored)
{
    for (unsigned i = 0; i < memory->count || i < stored->count; i++) {
        const char *here = i < memory->count ? memory->lines[i] : "";
        const char *there = i < stored->count ? stored->lines[i] : "";
        if (strcmp(here, there) != 0)
            fprintf(stderr, "in memory: %s\nstored:    %s\n", here, there);
        coven_assert(strcmp(here, there) == 0);
    }
}

static void check_memory(struct world *world)
{
    struct rig *rig = world->rig;
    struct hash_seed seed = {3, 4};
    struct outbox_limits limits = {.high = 1 << 20, .low = 1 << 19};
    struct outbox *outbox = outbox_new(&limits, &seed);
    struct service *other = service_new(&rig->settings, rig->store, outbox, &seed);
    service_time(other, rig->now_ms, rig->now_ms);
    struct picture memory, stored;
    take_picture(&memory, rig->service);
    take_picture(&stored, other);
    compare(&memory, &stored);
    forget_picture(&memory);
    forget_picture(&stored);
    service_free(other);
    outbox_free(outbox);
}

/* ---- Steps ---- */

static const char *const payloads[] = {
    "<query xmlns='urn:xmpp:mam:2'/>",
    "<query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
    "<value>urn:xmpp:mam:2</value></field><field var='withtext'><value>Hello</value></field></x>"
    "<set xmlns='http://jabber.org/protocol/rsm'><before/><max>2</max></set></query>",
    "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><after>@</after>"
    "</set></query>",
    "<metadata xmlns='urn:xmpp:mam:2'/>",
    "<vCard xmlns='vcard-temp'/>",
    "<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>AAAA</BINVAL></PHOTO></vCard>",
    "<query xmlns='jabber:iq:register'/>",
    "<query xmlns='jabber:iq:register'><remove/></query>",
    "<moderate id='@' xmlns='urn:xmpp:message-moderate:1'><retract "
    "xmlns='urn:xmpp:message-retract:1'/><reason>Bad</reason></moderate>",
    "<apply-to id='@' xmlns='urn:xmpp:fasten:0'><moderate xmlns='urn:xmpp:message-moderate:0'>"
    "<retract xmlns='urn:xmpp:message-retract:0'/><reason>Bad</reason></moderate></apply-to>",
    "<retract id='@' xmlns='urn:xmpp:message-retract:1'/>",
    "<apply-to id='@' xmlns='urn:xmpp:fasten:0'><retract xmlns='urn:xmpp:message-retract:0'/>"
    "</apply-to>",
    "<unique xmlns='http://jabber.org/protocol/muc#unique'/>",
    "<body>Hello</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='x'/>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><invite to='clara@localhost'/></x>",
    "<x xmlns='http://jabber.org/protocol/muc#user'><decline to='anna@localhost'/></x>",
    "<x xmlns='jabber:x:conference' jid='room0@conference.localhost'/>",
};

#define PAYLOADS (sizeof payloads / sizeof *payloads)

/* Adds text from the input, up to a NUL. */
static void add_raw(struct random *random, struct buf *out)
{
    while (random->at < random->end && *random->at)
        buf_add_char(out, (char)*random->at++);
    if (random->at < random->end)
        random->at++;
}

static void add_payload(struct world *world, struct buf *out)
{
    unsigned which = random_below(&world->random, PAYLOADS + 3);
    if (which >= PAYLOADS) {
        add_raw(&world->random, out);
        return;
    }
    for (const char *at = payloads[which]; *at; at++) {
        if (*at == '@' && at[-1] != 'a' && !(at[-1] >= '0' && at[-1] <= '9'))
            buf_add_text(out, world->id);
        else
            buf_add_char(out, *at);
    }
}

static void send_payload(struct world *world)
{
    static const char *const heads[] = {
        "iq type='get' id='a'",  "iq type='set' id='b'", "message type='groupchat' id='c'",
        "message type='normal'", "message type='chat'",  "presence",
        "iq type='result'",      "iq type='error'",      "presence type='unavailable'",
    };
    static const char *const places[] = {"room0@conference.localhost", "room1@conference.localhost",
                                         "conference.localhost", "room0@conference.localhost/Ann"};
    struct random *random = &world->random;
    const char *head = heads[random_below(random, sizeof heads / sizeof *heads)];
    const char *place = places[random_below(random, sizeof places / sizeof *places)];
    struct buf text = BUF_INIT;
    buf_printf(&text, "<%s xmlns='jabber:client' from='%s' to='%s'>", head,
               random_sessions[random_below(random, RANDOM_SESSIONS)], place);
    add_payload(world, &text);
    buf_printf(&text, "</%.*s>", (int)strcspn(head, " "), head);
    rig_try(world->rig, text.data);
    buf_free(&text);
}

/* The service would not start on a store that fails. */
static void restart(struct world *world)
{
    world->rig->fail_at = 0;
    rig_restart(world->rig);
}

static void send_random(struct world *world)
{
    char text[RANDOM_TEXT];
    struct sent sent;
    random_stanza(&world->random, text, &sent);
    if (sent.restarts)
        restart(world);
    else
        rig_send(world->rig, text);
}

static void wait(struct world *world)
{
    static const unsigned seconds[] = {1, 10, 70, 400, 100000};
    rig_wait(world->rig, seconds[random_below(&world->random, sizeof seconds / sizeof *seconds)]);
}

static void recover(struct world *world)
{
    rig_recover(world->rig);
}

static void confirm(struct world *world)
{
    rig_confirm(world->rig);
}

static void make_step(struct world *world)
{
    static void (*const steps[])(struct world *) = {send_random, send_random,  send_random,
                                                    send_random, send_payload, send_payload,
                                                    wait,        recover,      confirm};
    struct random *random = &world->random;
    unsigned fails = random_below(random, 3) == 0 ? random_below(random, 60) : 0;
    unsigned step = random_below(random, sizeof steps / sizeof *steps);
    world->rig->fail_at = fails;
    steps[step](world);
    world->rig->fail_at = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    log_set_level(LOG_ERROR);
    struct world world = {rig_shared(NULL), random_from(bytes, len), "none"};
    for (int i = 0; i < STEPS_MAX && world.random.at < world.random.end; i++) {
        make_step(&world);
        rig_check_output(world.rig, world.id);
        check_memory(&world);
    }
    return 0;
}
