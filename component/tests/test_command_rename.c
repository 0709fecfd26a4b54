/* rename: the same room under a new address. */

#include "archive_fixture.h"
#include "command_fixture.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"

#define PERSISTENT CONFIG_FIELD("persistentroom", "1") CONFIG_FIELD("enablelogging", "1")
#define NEW        "salon@conference.localhost"
#define RENAME     "{'room':'room','to':'salon','reason':'moved'}"
#define JOIN_NEW(from, nick)                                                                       \
    "<presence from='" from "' to='" NEW "/" nick "'><x xmlns='" NS_MUC "'/></presence>"
#define TO_NEW(from, payload)                                                                      \
    "<message xmlns='jabber:client' type='groupchat' id='t' from='" from "' to='" NEW "'>" payload \
    "</message>"

static void open_room(struct rig *rig, const char *configure)
{
    room_open(rig, configure);
    rig_send(rig, AFFILIATE("mercutio@verona.lit", "member"));
    rig_send(rig, AFFILIATE("tybalt@capulet.lit", "outcast"));
    rig_drain(rig);
}

/* All that is sent to `to`, in one text; the caller frees it. */
static char *receive_all(struct rig *rig, const char *to)
{
    struct buf all = BUF_INIT;
    char *stanza;
    while ((stanza = rig_receive(rig, to))) {
        buf_add_text(&all, stanza);
        free(stanza);
    }
    return all.data;
}

static char *join_new(struct rig *rig)
{
    rig_send(rig, JOIN_NEW(JULIET, "Juliet"));
    return receive_all(rig, JULIET);
}

static void expect_texts(const char *text, const char *const *wanted)
{
    for (; *wanted; wanted++) {
        if (!strstr(text, *wanted))
            fail_msg("there is no  %s  in  %s", *wanted, text);
    }
}

static void those_inside_are_sent_over(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT));
    struct room_counts before = rig.service->rooms_stored;
    command_do(&rig, "rename", RENAME);
    rig_expect(&rig, JULIET, "from='" ROOM "/Juliet'", "type='unavailable'",
               "<destroy jid='" NEW "'><reason>moved</reason></destroy>", NULL);
    rig_expect(&rig, ROMEO, "<destroy jid='" NEW "'>", NULL);
    rig_expect(&rig, MERCUTIO, "<destroy jid='" NEW "'>", NULL);
    rig_expect_nothing(&rig, NULL);
    struct room_counts after = rig.service->rooms_stored;
    assert_int_equal(after.all, before.all);
    assert_int_equal(after.listed, before.listed);
    assert_int_equal(after.sessions, 0);
    assert_int_equal(after.tombstones, 1);
    assert_int_equal(rig.service->occupants, 0);
    assert_int_equal(rig.service->users.count, 0);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "type='error'", "<gone ", "xmpp:" NEW "?join", NULL);
    rig_close(&rig);
}

/* What memory and store hold goes along, also over a restart. */
static void the_room_stays_the_same(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT CONFIG_FIELD("roomname", "Our room")));
    say(&rig, ROMEO, "s", "<subject>Welcome</subject>");
    say(&rig, JULIET, "a", "<body>before by='" ROOM "'</body>");
    char *id = id_of(&rig, 1);
    command_do(&rig, "rename", RENAME);
    for (int i = 0; i < 2; i++) {
        rig_drain(&rig);
        char *seen = join_new(&rig);
        expect_texts(seen, (const char *const[]){
                               "from='" NEW "/Juliet' type='groupchat' id='a' to='" JULIET "'",
                               "<stanza-id xmlns='urn:xmpp:sid:0' by='" NEW "'", id,
                               "<body>before by='" ROOM "'</body>",
                               "from='" NEW "/Romeo' type='groupchat' id='s' to='" JULIET "'",
                               "<subject>Welcome</subject>", NULL});
        assert_null(strstr(seen, "from='" ROOM));
        assert_null(strstr(seen, " by='" ROOM "' "));
        free(seen);
        rig_restart(&rig);
    }
    rig_send(&rig, JOIN_NEW(TYBALT, "Tybalt"));
    rig_expect(&rig, TYBALT, "<forbidden", NULL);
    rig_send(&rig, JOIN_NEW(ROMEO, "Romeo"));
    char *seen = receive_all(&rig, ROMEO);
    expect_texts(seen, (const char *const[]){"affiliation='owner'", NULL});
    free(seen);
    free(id);
    rig_close(&rig);
}

static char *page_of(struct rig *rig)
{
    rig_drain(rig);
    rig_send(rig,
             "<iq type='set' id='mam' from='" JULIET "' to='" NEW "'>" QUERY_TAG "</query></iq>");
    return receive_all(rig, JULIET);
}

static void the_archive_has_the_new_address(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT));
    say(&rig, JULIET, "a", "<body>one</body>");
    char *id = id_of(&rig, 0);
    command_do(&rig, "rename", RENAME);
    free(join_new(&rig));
    char *page = page_of(&rig);
    expect_texts(page, (const char *const[]){"<body>one</body>", id, "from='" NEW "/Juliet'",
                                             "by='" NEW "'", NULL});
    assert_null(strstr(page, ROOM));
    free(page);
    free(id);
    struct answer answer = command_run(&rig, "export", "{'jid':'juliet@capulet.lit'}");
    char *rows = json_dumps(answer.rows, 0);
    expect_texts(rows, (const char *const[]){"<body>one</body>", "by='" NEW "'", NULL});
    assert_null(strstr(rows, ROOM));
    free(rows);
    answer_free(&answer);
    rig_close(&rig);
}

/* An old message can be taken back, and what is left of it goes along a second time. */
static void old_messages_can_be_retracted(void **state)
{
    struct rig rig;
    struct buf retract = BUF_INIT;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT));
    say(&rig, ROMEO, "s", "<subject>Welcome</subject>");
    say(&rig, JULIET, "a", "<body>secret</body>");
    char *subject = id_of(&rig, 0), *id = id_of(&rig, 1);
    command_do(&rig, "rename", "{'room':'room','to':'parlour'}");
    command_do(&rig, "rename", "{'room':'parlour','to':'salon'}");
    free(join_new(&rig));
    rig_send(&rig, JOIN_NEW(ROMEO, "Romeo"));
    buf_printf(&retract, TO_NEW("%s", "<retract xmlns='urn:xmpp:message-retract:1' id='%s'/>"),
               JULIET, id);
    rig_send(&rig, retract.data);
    buf_clear(&retract);
    buf_printf(&retract, TO_NEW("%s", "<retract xmlns='urn:xmpp:message-retract:1' id='%s'/>"),
               ROMEO, subject);
    rig_send(&rig, retract.data);
    assert_null(room_in_memory(rig.service, span_of("salon"))->subject);
    command_do(&rig, "rename", "{'room':'salon','to':'room'}");
    command_do(&rig, "rename", "{'room':'room','to':'salon'}");
    free(join_new(&rig));
    char *page = page_of(&rig);
    expect_texts(page, (const char *const[]){"<retracted ", "id='a'", "from='" NEW "/Juliet'",
                                             "by='" NEW "'", NULL});
    assert_null(strstr(page, "secret"));
    assert_null(strstr(page, ROOM));
    assert_null(strstr(page, "parlour"));
    free(page);
    free(id);
    free(subject);
    buf_free(&retract);
    rig_close(&rig);
}

static void members_are_invited(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT CONFIG_FIELD("membersonly", "1")));
    command_do(&rig, "rename", RENAME);
    rig_expect(&rig, ROMEO, "<destroy jid='" NEW "'>", NULL);
    rig_expect(&rig, "mercutio@verona.lit", "<message from='" NEW "'",
               "<invite from='" ROOM "'><reason>moved</reason></invite>", NULL);
    rig_expect(&rig, "romeo@verona.lit", "<message from='" NEW "'", NULL);
    rig_expect_nothing(&rig, "tybalt@capulet.lit");
    rig_expect_nothing(&rig, "juliet@capulet.lit");
    rig_close(&rig);
}

/* More than one step invites. */
static void all_members_are_invited(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT CONFIG_FIELD("membersonly", "1")));
    struct room *room = room_in_memory(rig.service, span_of("room"));
    for (unsigned i = 0; i < 1200; i++) {
        char jid[32];
        snprintf(jid, sizeof jid, "m%u@verona.lit", i);
        struct store_affiliation row = {.jid = span_of(jid), .affiliation = AFFILIATION_MEMBER};
        assert_int_equal(store_affiliation_put(rig.service->store, room->id, &row), STORE_OK);
    }
    struct run_caller owner = {.name = "romeo", .jid = span_of(ROMEO)};
    struct answer answer = command_run_as(&rig, &owner, "rename", RENAME);
    assert_null(answer.error);
    answer_free(&answer);
    rig_expect(&rig, "m0@verona.lit", "<invite ", NULL);
    rig_expect(&rig, "m999@verona.lit", "<invite ", NULL);
    unsigned count = 0;
    for (char *stanza; (stanza = rig_next(&rig)); count++)
        free(stanza);
    /* Romeo, who alone was inside, and Mercutio are invited, too. */
    assert_int_equal(count, 1200 - 2 + 2 + 1);
    rig_close(&rig);
}

static void names_in_use_are_refused(void **state)
{
    struct rig rig;
    char text[2048];
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT));
    command_refused(&rig, "rename", "{'room':'room','to':'room'}", "conflict");
    rig_send(&rig, JOIN_NEW(JULIET, "Juliet"));
    command_refused(&rig, "rename", RENAME, "conflict");
    command_refused(&rig, "rename", "{'room':'salon','to':'other'}", "conflict"); /* it is locked */
    snprintf(text, sizeof text, "{'room':'room','to':'%0300d'}", 1);
    command_refused(&rig, "rename", text, "policy-violation");
    command_refused(&rig, "rename", "{'room':'nowhere','to':'other'}", "item-not-found");
    rig_close(&rig);
}

/* The name of a destroyed room is only for those who owned it. */
static void tombstones_count(void **state)
{
    struct rig rig;
    struct run_caller owner = {.name = "romeo", .jid = span_of(ROMEO)};
    struct tombstone tombstone;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT));
    command_do(&rig, "create", "{'room':'salon','owner':'juliet@capulet.lit'}");
    command_do(&rig, "destroy", "{'room':'salon'}");
    struct answer answer = command_run_as(&rig, &owner, "rename", RENAME);
    assert_string_equal(answer.error->condition, "conflict");
    answer_free(&answer);
    command_do(&rig, "rename", RENAME);
    assert_int_equal(tombstone_find(rig.service, span_of("salon"), &tombstone), STORE_NOTHING);
    answer = command_run_as(&rig, &owner, "rename", "{'room':'salon','to':'room'}");
    assert_null(answer.error);
    answer_free(&answer);
    assert_int_equal(tombstone_find(rig.service, span_of("room"), &tombstone), STORE_NOTHING);
    assert_int_equal(tombstone_find(rig.service, span_of("salon"), &tombstone), STORE_OK);
    tombstone_free(&tombstone);
    assert_int_equal(rig.service->rooms_stored.tombstones, 1);
    rig_close(&rig);
}

static void strangers_may_not(void **state)
{
    struct rig rig;
    struct run_caller stranger = {.name = "mercutio", .jid = span_of(MERCUTIO)};
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT));
    struct answer answer = command_run_as(&rig, &stranger, "rename", RENAME);
    assert_string_equal(answer.error->condition, "forbidden");
    answer_free(&answer);
    rig_close(&rig);
}

static void a_dropped_turn_renames_nothing(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig, CONFIGURE(PERSISTENT));
    struct room_counts before = rig.service->rooms_stored;
    rig.drops = true;
    command_refused(&rig, "rename", RENAME, "resource-constraint");
    rig.drops = false;
    rig_expect_nothing(&rig, NULL);
    assert_memory_equal(&rig.service->rooms_stored, &before, sizeof before);
    assert_null(room_in_memory(rig.service, span_of("salon")));
    rig_send(&rig, SAY(ROMEO, "still here"));
    rig_expect(&rig, JULIET, "<body>still here</body>", NULL);
    rig_close(&rig);
}

/* It waits for its occupants, as after a crash, and ends when they do not come. */
static void a_temporary_room_waits(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "0")));
    say(&rig, JULIET, "a", "<body>unarchived</body>");
    command_do(&rig, "rename", RENAME);
    rig_drain(&rig);
    char *seen = join_new(&rig);
    assert_non_null(strstr(seen, "<body>unarchived</body>"));
    free(seen);
    command_do(&rig, "rename", "{'room':'salon','to':'room'}");
    assert_non_null(room_in_memory(rig.service, span_of("room")));
    rig_wait(&rig, rig.service->settings.limits.vacant_seconds + 1);
    assert_null(room_in_memory(rig.service, span_of("room")));
    assert_int_equal(rig.service->rooms_stored.all, 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_inside_are_sent_over),
        cmocka_unit_test(the_room_stays_the_same),
        cmocka_unit_test(the_archive_has_the_new_address),
        cmocka_unit_test(old_messages_can_be_retracted),
        cmocka_unit_test(members_are_invited),
        cmocka_unit_test(all_members_are_invited),
        cmocka_unit_test(names_in_use_are_refused),
        cmocka_unit_test(tombstones_count),
        cmocka_unit_test(strangers_may_not),
        cmocka_unit_test(a_dropped_turn_renames_nothing),
        cmocka_unit_test(a_temporary_room_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
