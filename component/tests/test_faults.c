/*
 * Any one call of the store fails in the middle of a long script: nothing crashes, every request
 * gets one answer, memory and store agree, and the service goes on.
 *
 * Each script takes a share of the calls, so that all scripts together try all; with FAULTS_ALL=1
 * in the environment each script tries all, which takes half a minute.
 */

#include "coven/buf.h"
#include "coven/log.h"
#include "muc/state/affiliation.h"
#include "muc/state/room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "rig.h"
#include "turn.h"
#include "unit.h"

#define STANZAS          200
#define SCRIPTS          3
#define ROOMS            3
#define USERS            4
#define ADMIN            "admin@localhost/desk"

#define MUC              "http://jabber.org/protocol/muc"
#define OWNER            "<query xmlns='" MUC "#owner'>"
#define ITEM(attributes) "<query xmlns='" MUC "#admin'><item " attributes "/></query>"
#define FORM(type, fields)                                                                         \
    "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>" type                   \
    "</value></field>" fields "</x>"
#define FIELD(var, value) "<field var='" var "'><value>" value "</value></field>"
#define CONFIG(fields)    OWNER FORM(MUC "#roomconfig", fields) "</query>"
#define MAM(inner)        "<query xmlns='urn:xmpp:mam:2'>" inner "</query>"

static const char *const users[USERS] = {"romeo@localhost/a", "juliet@localhost/a",
                                         "mercutio@localhost/a", "nurse@localhost/a"};
static const char *const nicks[USERS] = {"Romeo", "Juliet", "Mercutio", "Nurse"};
static const char *const rooms[ROOMS] = {"a@conference.localhost", "b@conference.localhost",
                                         "c@conference.localhost"};
static const char *const admins[] = {"admin@localhost", NULL};

struct stage {
    struct rig rig;
    struct turn *turn;
    uint64_t random;
    char said[ROOMS][40]; /* the id of the last message that came from there */
    struct {
        const char *from;
        char id[16];
        bool request, groupchat;
    } asked[4]; /* in this turn */
    unsigned asked_count, number;
};

static unsigned below(struct stage *stage, unsigned limit)
{
    stage->random = stage->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(stage->random >> 33) % limit;
}

/* ---- What is sent ---- */

enum kind { IQ_GET, IQ_SET, GROUPCHAT, PRIVATE, TO_ROOM, JOIN, RENAME, UPDATE, LEAVE };

/* %s: the id of the last message that came from the room. */
static const struct {
    enum kind kind;
    unsigned weight;
    const char *inner;
} deeds[] = {
    {JOIN, 30, "<x xmlns='" MUC "'/>"},
    {IQ_SET, 4, CONFIG(FIELD("muc#roomconfig_persistentroom", "1"))},
    {LEAVE, 8, ""},
    {RENAME, 6, ""},
    {UPDATE, 6, "<show>away</show>"},
    {GROUPCHAT, 24, "<body>some words</body>"},
    {GROUPCHAT, 6, "<subject>a subject</subject>"},
    {GROUPCHAT, 8, "<retract xmlns='urn:xmpp:message-retract:1' id='%s'/><body>gone</body>"},
    {PRIVATE, 4, "<body>psst</body>"},
    {TO_ROOM, 3, "<x xmlns='" MUC "#user'><invite to='tybalt@localhost'/></x>"},
    {IQ_SET, 14, CONFIG("")},
    {IQ_SET, 4, CONFIG(FIELD("muc#roomconfig_roomname", "Title"))},
    {IQ_SET, 3, CONFIG(FIELD("muc#roomconfig_membersonly", "1"))},
    {IQ_SET, 3, CONFIG(FIELD("muc#roomconfig_membersonly", "0"))},
    {IQ_SET, 3, CONFIG(FIELD("muc#roomconfig_enablearchiving", "0"))},
    {IQ_SET, 3, CONFIG(FIELD("muc#roomconfig_enablearchiving", "1"))},
    {IQ_SET, 4, OWNER "<x xmlns='jabber:x:data' type='cancel'/></query>"},
    {IQ_SET, 2, OWNER "<destroy/></query>"},
    {IQ_SET, 5, ITEM("jid='juliet@localhost' affiliation='member' nick='Juliet'")},
    {IQ_SET, 4, ITEM("jid='mercutio@localhost' affiliation='outcast'")},
    {IQ_SET, 4, ITEM("jid='mercutio@localhost' affiliation='none'")},
    {IQ_SET, 3, ITEM("jid='nurse@localhost' affiliation='admin'")},
    {IQ_SET, 3, ITEM("nick='Nurse' role='none'")},
    {IQ_SET, 3, ITEM("nick='Juliet' role='visitor'")},
    {IQ_GET, 3, ITEM("affiliation='member'")},
    {IQ_GET, 3, OWNER "</query>"},
    {IQ_SET, 6, MAM("")},
    {IQ_SET, 4, MAM(FORM("urn:xmpp:mam:2", FIELD("{urn:xmpp:fulltext:0}fulltext", "words")))},
    {IQ_SET, 3, MAM(FORM("urn:xmpp:mam:2", FIELD("ids", "%s")))},
    {IQ_SET, 3, MAM("<set xmlns='http://jabber.org/protocol/rsm'><index>1</index></set>")},
    {IQ_GET, 3, "<metadata xmlns='urn:xmpp:mam:2'/>"},
    {IQ_SET, 6,
     "<moderate xmlns='urn:xmpp:message-moderate:1' id='%s'>"
     "<retract xmlns='urn:xmpp:message-retract:1'/></moderate>"},
    {IQ_GET, 3, "<query xmlns='http://jabber.org/protocol/disco#info'/>"},
    {IQ_GET, 3, "<query xmlns='http://jabber.org/protocol/disco#items'/>"},
    {IQ_GET, 2, "<query xmlns='jabber:iq:register'/>"},
    {IQ_SET, 3,
     "<query xmlns='jabber:iq:register'>" FORM(
         MUC "#register", FIELD("muc#register_roomnick", "Reserved")) "</query>"},
    {IQ_SET, 2,
     "<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>aGk=</BINVAL>"
     "</PHOTO></vCard>"},
};

#define DEED_JOIN    0
#define DEED_PERSIST 1

static size_t some_deed(struct stage *stage)
{
    unsigned all = 0;
    for (size_t i = 0; i < COUNT(deeds); i++)
        all += deeds[i].weight;
    unsigned at = below(stage, all);
    size_t i = 0;
    while (at >= deeds[i].weight)
        at -= deeds[i++].weight;
    return i;
}

/* Most requests of owners come from owners. */
static unsigned some_user(struct stage *stage, enum kind kind)
{
    bool owner = (kind == IQ_SET || kind == JOIN) && below(stage, 3) > 0;
    return owner ? 0 : below(stage, USERS);
}

/* First everybody joins all rooms; then stanzas are random. */
static void choose(struct stage *stage, size_t *deed_r, unsigned *user_r, unsigned *room_r)
{
    unsigned number = stage->number, each = USERS + 1;
    if (number < ROOMS * each) {
        *deed_r = number % each == 1 ? DEED_PERSIST : DEED_JOIN;
        *user_r = number % each > 1 ? number % each - 1 : 0;
        *room_r = number / each;
        return;
    }
    *deed_r = some_deed(stage);
    *user_r = some_user(stage, deeds[*deed_r].kind);
    *room_r = below(stage, ROOMS);
}

/* The text with `value` in the place of its %s. */
static void add_filled(struct buf *out, const char *text, const char *value)
{
    const char *place = strstr(text, "%s");
    buf_add(out, text, place ? (size_t)(place - text) : strlen(text));
    if (place) {
        buf_add_text(out, value);
        buf_add_text(out, place + 2);
    }
}

static void write_stanza(struct stage *stage, struct buf *out)
{
    static const char *const starts[] = {
        [IQ_GET] = "<iq type='get'",
        [IQ_SET] = "<iq type='set'",
        [GROUPCHAT] = "<message xmlns='jabber:client' type='groupchat'",
        [PRIVATE] = "<message xmlns='jabber:client' type='chat'",
        [TO_ROOM] = "<message xmlns='jabber:client'",
        [JOIN] = "<presence",
        [RENAME] = "<presence",
        [UPDATE] = "<presence",
        [LEAVE] = "<presence type='unavailable'",
    };
    size_t deed;
    unsigned user, room;
    choose(stage, &deed, &user, &room);
    enum kind kind = deeds[deed].kind;
    snprintf(stage->asked[stage->asked_count].id, 16, "s%u", stage->number++);
    stage->asked[stage->asked_count].from = users[user];
    stage->asked[stage->asked_count].request = kind == IQ_GET || kind == IQ_SET;
    stage->asked[stage->asked_count].groupchat = kind == GROUPCHAT;
    buf_printf(out, "%s id='%s' from='%s' to='%s", starts[kind],
               stage->asked[stage->asked_count++].id, users[user], rooms[room]);
    if (kind == PRIVATE)
        buf_printf(out, "/%s", nicks[below(stage, USERS)]);
    else if (kind == RENAME)
        buf_printf(out, "/%s2", nicks[user]);
    else if (kind >= JOIN)
        buf_printf(out, "/%s", nicks[user]);
    buf_add_text(out, "'>");
    add_filled(out, deeds[deed].inner, stage->said[room]);
    buf_add_text(out, kind <= IQ_SET ? "</iq>" : kind < JOIN ? "</message>" : "</presence>");
}

/* ---- Turns ---- */

static void run_tasks(struct stage *stage)
{
    struct task *task;
    while ((task = rig_take_task(&stage->rig))) {
        task->run(task, stage->rig.store);
        turn_begin(stage->turn);
        turn_task(stage->turn, task);
        turn_end(stage->turn);
        rig_collect(&stage->rig);
    }
}

static void turn_of(struct stage *stage, const char *text)
{
    xmpp_stanza_t *stanza = text ? xmpp_stanza_new_from_string(stage->rig.xmpp, text) : NULL;
    turn_begin(stage->turn);
    if (stanza)
        turn_stanza(stage->turn, stanza, false);
    else
        service_tick(stage->rig.service);
    turn_end(stage->turn);
    rig_collect(&stage->rig);
    run_tasks(stage);
    if (stanza)
        xmpp_stanza_release(stanza);
}

static void some_turn(struct stage *stage)
{
    unsigned count = 1 + below(stage, 3);
    struct buf text = BUF_INIT;
    stage->asked_count = 0;
    turn_begin(stage->turn);
    for (unsigned i = 0; i < count && stage->number < STANZAS; i++) {
        buf_clear(&text);
        write_stanza(stage, &text);
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(stage->rig.xmpp, text.data);
        assert_non_null(stanza);
        turn_stanza(stage->turn, stanza, false);
        xmpp_stanza_release(stanza);
    }
    turn_end(stage->turn);
    rig_collect(&stage->rig);
    run_tasks(stage);
    buf_free(&text);
}

/* ---- What comes back ---- */

static void remember_said(struct stage *stage, const char *stanza)
{
    for (unsigned i = 0; i < ROOMS; i++) {
        char by[64];
        snprintf(by, sizeof by, "by='%s' id='", rooms[i]);
        const char *id = strstr(stanza, by);
        if (id && !strstr(stanza, "<retract") && strncmp(stanza, "<message", 8) == 0)
            snprintf(stage->said[i], sizeof stage->said[i], "%.32s", id + strlen(by));
    }
}

/* One answer to each request; a message is passed on or refused, and not both. */
static void check_answers(struct stage *stage, unsigned k)
{
    unsigned answers[4] = {0}, echoes[4] = {0};
    for (char *stanza = rig_next(&stage->rig); stanza; stanza = rig_next(&stage->rig)) {
        for (unsigned i = 0; i < stage->asked_count; i++) {
            char id[32], to[64];
            snprintf(id, sizeof id, " id='%s'", stage->asked[i].id);
            snprintf(to, sizeof to, " to='%s'", stage->asked[i].from);
            const char *head = strchr(stanza, '>'), *named = strstr(stanza, id);
            if (!named || named > head || !strstr(stanza, to))
                continue;
            if (strstr(stanza, " type='error'") || strncmp(stanza, "<iq", 3) == 0)
                answers[i]++;
            else
                echoes[i]++;
        }
        remember_said(stage, stanza);
        free(stanza);
    }
    for (unsigned i = 0; i < stage->asked_count; i++) {
        if (stage->asked[i].request && answers[i] != 1)
            fail_msg("call %u failed: %s got %u answers", k, stage->asked[i].id, answers[i]);
        if (stage->asked[i].groupchat && answers[i] + echoes[i] != 1)
            fail_msg("call %u failed: %s came back %u times, and %u errors", k, stage->asked[i].id,
                     echoes[i], answers[i]);
    }
}

/* ---- What there is ---- */

static bool exists(struct stage *stage, unsigned i)
{
    struct room *room = NULL;
    struct span node = {rooms[i], 1};
    enum store_result result = room_load(stage->rig.service, node, &room);
    assert_true(result != STORE_FAILED);
    service_settle(stage->rig.service, true);
    return result == STORE_OK;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All stanzas to the service's admin, sorted. */
static void add_received(struct stage *stage, struct buf *out)
{
    char *got[200];
    size_t count = 0;
    for (char *stanza; count < 200 && (stanza = rig_receive(&stage->rig, ADMIN));)
        got[count++] = stanza;
    qsort(got, count, sizeof *got, compare);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%s\n", got[i]);
        free(got[i]);
    }
    rig_drain(&stage->rig);
}

static char *look(struct stage *stage)
{
    static const char *const questions[] = {
        "<presence from='" ADMIN "' to='%s/Admin'><x xmlns='" MUC "'/></presence>",
        "<iq type='get' id='c' from='" ADMIN "' to='%s'>" OWNER "</query></iq>",
        "<iq type='get' id='m' from='" ADMIN "' to='%s'>" ITEM("affiliation='member'") "</iq>",
        "<iq type='get' id='o' from='" ADMIN "' to='%s'>" ITEM("affiliation='outcast'") "</iq>",
        "<iq type='get' id='a' from='" ADMIN "' to='%s'>" ITEM("affiliation='admin'") "</iq>",
        "<iq type='get' id='w' from='" ADMIN "' to='%s'>" ITEM("affiliation='owner'") "</iq>",
        "<iq type='get' id='d' from='" ADMIN
        "' to='%s'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
        "<iq type='set' id='q' from='" ADMIN "' to='%s'>" MAM("") "</iq>",
        "<iq type='set' id='s' from='" ADMIN "' to='%s'>" MAM(
            FORM("urn:xmpp:mam:2", FIELD("{urn:xmpp:fulltext:0}fulltext", "words"))) "</iq>",
        "<presence type='unavailable' from='" ADMIN "' to='%s/Admin'/>",
    };
    struct buf seen = BUF_INIT, text = BUF_INIT;
    const struct room_counts *counts = &stage->rig.service->rooms_stored;
    buf_printf(&seen, "%lld rooms, %lld listed, %lld tombstones\n", (long long)counts->all,
               (long long)counts->listed, (long long)counts->tombstones);
    rig_drain(&stage->rig);
    for (unsigned i = 0; i < ROOMS; i++) {
        if (!exists(stage, i))
            continue;
        for (size_t j = 0; j < COUNT(questions); j++) {
            buf_clear(&text);
            add_filled(&text, questions[j], rooms[i]);
            turn_of(stage, text.data);
            add_received(stage, &seen);
        }
    }
    buf_free(&text);
    return buf_take(&seen);
}

static void restart(struct stage *stage)
{
    turn_free(stage->turn);
    rig_restart(&stage->rig);
    stage->turn = turn_new(stage->rig.service, stage->rig.store, stage->rig.outbox);
}

/* A search that has to index messages first may run into its time limit. */
static void index_messages(struct stage *stage)
{
    while (store_upkeep(stage->rig.store) == STORE_OK)
        continue;
}

static void check_memory(struct stage *stage, unsigned k)
{
    index_messages(stage);
    char *before = look(stage);
    restart(stage);
    char *after = look(stage);
    if (strcmp(before, after) != 0) {
        size_t same = 0;
        while (before[same] == after[same])
            same++;
        size_t from = same > 200 ? same - 200 : 0;
        fail_msg("call %u failed: in memory was\n%.600s\nand in the store\n%.600s", k,
                 before + from, after + from);
    }
    free(before);
    free(after);
}

/* ---- The script ---- */

static void check_service(struct stage *stage)
{
    static const char join[] = "<presence from='tybalt@localhost/a' to='new@conference.localhost/"
                               "T'><x xmlns='" MUC "'/></presence>";
    rig_drain(&stage->rig);
    turn_of(stage, join);
    rig_expect(&stage->rig, "tybalt@localhost/a", "<status code='201'/>", NULL);
}

/* False: the script took fewer steps. */
static bool play(unsigned script, unsigned k)
{
    struct stage stage = {.random = script * 7919};
    rig_open(&stage.rig);
    stage.rig.settings.admins = admins;
    stage.turn = turn_new(stage.rig.service, stage.rig.store, stage.rig.outbox);
    restart(&stage);
    for (unsigned i = 0; i < ROOMS; i++)
        strcpy(stage.said[i], "0123456789abcdef0123456789abcdef");
    stage.rig.fail_at = k;
    for (unsigned turn = 0; stage.number < STANZAS; turn++) {
        some_turn(&stage);
        check_answers(&stage, k);
        if (turn % 20 == 19)
            turn_of(&stage, NULL);
    }
    bool failed = stage.rig.fail_at == 0;
    stage.rig.fail_at = 0;
    turn_of(&stage, NULL);
    check_memory(&stage, k);
    check_service(&stage);
    turn_free(stage.turn);
    rig_close(&stage.rig);
    return failed;
}

static void any_call_may_fail(void **state)
{
    (void)state;
    unsigned step = getenv("FAULTS_ALL") ? 1 : SCRIPTS;
    for (unsigned script = 1; script <= SCRIPTS; script++) {
        unsigned k = step == 1 ? 1 : script;
        while (play(script, k))
            k += step;
        assert_true(k > 600);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
