/* What is left of a destroyed room. */

#include <sqlite3.h>

#include "muc/state/service_state.h"
#include "room_fixture.h"
#include "store/store_private.h"

#define PERSISTENT CONFIG_FIELD("persistentroom", "1")
#define DAY        (24 * 3600)

static void begin(struct rig *rig)
{
    room_open(rig, CONFIGURE(PERSISTENT));
}

static void destroy(struct rig *rig, const char *element)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' from='" ROMEO "' to='" ROOM "' id='end'><query xmlns='" NS_MUC_OWNER
               "'>%s</query></iq>",
               element);
    room_do(rig, text.data);
    buf_free(&text);
}

static void expect_gone(struct rig *rig, const char *from, const char *gone)
{
    struct buf join = BUF_INIT;
    buf_printf(&join, "<presence from='%s' to='" ROOM "/Any'><x xmlns='" NS_MUC "'/></presence>",
               from);
    rig_send(rig, join.data);
    rig_expect(rig, from, "<presence from='" ROOM "/Any' type='error'", "<x xmlns='" NS_MUC "'/>",
               "<error type='cancel' code='302' by='" ROOM "'><gone ", gone, NULL);
    rig_expect_nothing(rig, NULL);
    buf_free(&join);
}

/* The room is created anew and left again. */
static void expect_free(struct rig *rig, const char *from)
{
    struct buf join = BUF_INIT;
    buf_printf(&join, "<presence from='%s' to='" ROOM "/Any'><x xmlns='" NS_MUC "'/></presence>",
               from);
    rig_send(rig, join.data);
    rig_expect(rig, from, "<status code='201'/>", NULL);
    buf_clear(&join);
    buf_printf(&join, "<presence type='unavailable' from='%s' to='" ROOM "/Any'/>", from);
    rig_send(rig, join.data);
    rig_drain(rig);
    buf_free(&join);
}

static void a_destroyed_room_tells_where_it_went(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    destroy(&rig, "<destroy jid=' xmpp:%23New@Else.where?join '><password>poison</password>"
                  "</destroy>");
    for (int i = 0; i < 2; i++) {
        expect_gone(&rig, JULIET, ">xmpp:%23new@else.where?join</gone><text ");
        rig_send(&rig, JOIN(JULIET, "Juliet"));
        expect_without(&rig, JULIET, "poison", NULL);
        rig_send(&rig, SAY(NURSE, "Hello?"));
        rig_expect(&rig, NURSE, "<message ", "type='error'", "<gone ",
                   ">This room was destroyed and has moved to #new@else.where</text>", NULL);
        rig_restart(&rig);
    }
    rig_close(&rig);
}

static void the_reason_is_the_text(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    destroy(&rig, "<destroy><reason>It is &lt;over&gt;</reason></destroy>");
    expect_gone(&rig, JULIET, "xmpp-stanzas'/><text ");
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, ">It is &lt;over&gt;</text>", NULL);
    rig_close(&rig);
}

/* Only joins and requests are answered so; for disco there is no room, if there is no other. */
static void what_is_not_to_be_told_is_not(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    destroy(&rig, "<destroy/>");
    rig_send(&rig, "<presence type='unavailable' from='" JULIET "' to='" ROOM "/Juliet'/>");
    rig_send(&rig, "<presence type='error' from='" JULIET "' to='" ROOM "/Juliet'/>");
    rig_send(&rig, "<message type='error' from='" JULIET "' to='" ROOM "'/>");
    rig_send(&rig, "<iq type='result' id='1' from='" JULIET "' to='" ROOM "'/>");
    rig_send(&rig, "<iq type='error' id='1' from='" JULIET "' to='" ROOM "/Juliet'/>");
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM "/Juliet'/>");
    rig_expect(&rig, JULIET, "type='unavailable'", "<status code='333'/>", NULL);
    rig_send(&rig, IQ("get", JULIET, "i", "<query xmlns='" NS_DISCO_INFO "'/>"));
    rig_expect(&rig, JULIET, "<item-not-found", NULL);
    rig_send(&rig, IQ("get", JULIET, "i", "<query xmlns='" NS_DISCO_ITEMS "'/>"));
    rig_expect(&rig, JULIET, "<item-not-found", NULL);
    rig_send(&rig, IQ("get", JULIET, "i", "<ping xmlns='" NS_PING "'/>"));
    rig_expect(&rig, JULIET, "<iq ", "<gone ", NULL);
    rig_send(&rig, IQ("set", ROMEO, "i", "<query xmlns='" NS_MAM "'/>"));
    rig_expect(&rig, ROMEO, "<iq ", "<gone ", NULL);
    rig_close(&rig);
}

/* The tombstone goes when the new room is configured: an owner's client that only entered by itself
 * does not open the name for strangers. */
static void an_owner_may_create_the_room_anew(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    destroy(&rig, "<destroy/>");
    expect_gone(&rig, JULIET, "/>");
    expect_free(&rig, ROMEO);
    expect_gone(&rig, JULIET, "/>");
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(""));
    rig_send(&rig, LEAVE(ROMEO));
    rig_drain(&rig);
    expect_free(&rig, JULIET);
    rig_close(&rig);
}

/* Nor does it if nobody configures the room for so long that others are opened. */
static void a_room_made_by_a_bookmark_ends(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    destroy(&rig, "<destroy/>");
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    rig_wait(&rig, rig.settings.limits.lock_seconds + 1);
    rig_expect(&rig, ROMEO, "type='unavailable'", "<destroy/>", NULL);
    expect_gone(&rig, JULIET, "/>");
    expect_free(&rig, ROMEO);
    rig_close(&rig);
}

static void every_owner_and_admin_may_create_it(void **state)
{
    (void)state;
    static const char *const admins[] = {"mercutio@verona.lit", NULL};
    struct rig rig;
    begin(&rig);
    room_do(&rig, ADMIN("<item affiliation='owner' jid='capulet.lit'/>"
                        "<item affiliation='owner' jid='paris@verona.lit'/>"
                        "<item affiliation='admin' jid='nurse@verona.lit'/>"));
    destroy(&rig, "<destroy/>");
    expect_gone(&rig, "nurse@verona.lit/x", "/>");
    expect_gone(&rig, "paris@other.lit/x", "/>");
    expect_free(&rig, "paris@verona.lit/x");
    expect_free(&rig, "anybody@capulet.lit/x");
    expect_free(&rig, "anybody@sub.capulet.lit/x");
    expect_gone(&rig, "mercutio@verona.lit/x", "/>");
    rig.settings.admins = admins;
    rig_restart(&rig);
    expect_free(&rig, "mercutio@verona.lit/x");
    rig_close(&rig);
}

static void a_temporary_or_locked_room_leaves_nothing(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    destroy(&rig, "<destroy/>");
    expect_free(&rig, JULIET);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    destroy(&rig, "<destroy/>");
    expect_free(&rig, JULIET);
    rig_close(&rig);
}

static void a_tombstone_ends(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    destroy(&rig, "<destroy/>");
    rig_wait(&rig, 31 * DAY - 10);
    expect_gone(&rig, JULIET, "/>");
    assert_int_equal(rig.service->rooms_stored.tombstones, 1);
    rig.now_ms += 20000; /* no tick, which would remove it */
    expect_free(&rig, JULIET);
    rig_wait(&rig, 1);
    assert_int_equal(rig.service->rooms_stored.tombstones, 0);
    rig_close(&rig);
}

static void an_operator_may_switch_them_off(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig.settings.tombstone_days = 0;
    rig_restart(&rig);
    destroy(&rig, "<destroy/>");
    expect_free(&rig, JULIET);
    rig_close(&rig);
}

/* ---- Many ---- */

static void room_named(struct buf *out, const char *before, unsigned number, const char *after)
{
    buf_clear(out);
    buf_printf(out, "%sr%u@" RIG_DOMAIN "%s", before, number, after);
}

static void make_and_destroy(struct rig *rig, const char *user, unsigned number)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<presence from='%s' to='r%u@" RIG_DOMAIN "/N'><x xmlns='" NS_MUC "'/></presence>",
               user, number);
    rig_send(rig, text.data);
    static const char *const inners[] = {FORM(NS_MUC_ROOMCONFIG, PERSISTENT), "<destroy/>"};
    for (size_t i = 0; i < COUNT(inners); i++) {
        buf_clear(&text);
        buf_printf(&text,
                   "<iq type='set' id='q' from='%s' to='r%u@" RIG_DOMAIN
                   "'><query xmlns='" NS_MUC_OWNER "'>%s</query></iq>",
                   user, number, inners[i]);
        rig_drain(rig);
        rig_send(rig, text.data);
        assert_non_null(strstr(rig->out.data, "type='result'"));
    }
    rig_drain(rig);
    rig_wait(rig, 1);
    buf_free(&text);
}

static bool is_gone(struct rig *rig, unsigned number)
{
    struct buf text = BUF_INIT;
    room_named(&text, "<message from='" NURSE "' to='", number, "'><body/></message>");
    rig_send(rig, text.data);
    char *answer = rig_receive(rig, NURSE);
    assert_non_null(answer);
    bool gone = strstr(answer, "<gone ") != NULL;
    free(answer);
    buf_free(&text);
    return gone;
}

static void one_user_does_not_keep_all_names(void **state)
{
    (void)state;
    static const char *const admins[] = {"mercutio@verona.lit", NULL};
    struct rig rig;
    rig_open(&rig);
    rig.settings.admins = admins;
    rig.settings.limits.user_tombstones = 2;
    rig.settings.limits.tombstones = 6;
    rig_restart(&rig);
    make_and_destroy(&rig, NURSE, 0);
    for (unsigned i = 1; i < 5; i++)
        make_and_destroy(&rig, ROMEO, i);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(is_gone(&rig, i), i == 0 || i > 2);
    /* An admin is bounded by the service alone, whose oldest go first. */
    for (unsigned i = 5; i < 10; i++)
        make_and_destroy(&rig, "mercutio@verona.lit/x", i);
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(is_gone(&rig, i), i > 3);
    assert_int_equal(rig.service->rooms_stored.tombstones, 6);
    rig_restart(&rig);
    assert_int_equal(rig.service->rooms_stored.tombstones, 6);
    rig.settings.limits.tombstones = 1;
    rig_restart(&rig);
    rig_wait(&rig, 1);
    assert_int_equal(rig.service->rooms_stored.tombstones, 1);
    assert_true(is_gone(&rig, 9));
    rig_close(&rig);
}

/* A dropped turn leaves the room, and no tombstone. */
static void a_dropped_turn_leaves_nothing(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    rig.drops = true;
    rig_send(&rig, OWNER("<destroy/>"));
    rig_drain(&rig);
    assert_int_equal(rig.service->rooms_stored.tombstones, 0);
    rig_send(&rig, SAY(ROMEO, "Still here"));
    rig_expect(&rig, JULIET, "Still here", NULL);
    rig_drain(&rig);
    destroy(&rig, "<destroy/>");
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    rig.drops = true;
    rig_send(&rig, CONFIGURE(""));
    rig_drain(&rig);
    assert_int_equal(rig.service->rooms_stored.tombstones, 1);
    rig_restart(&rig);
    rig_send(&rig, LEAVE(ROMEO));
    rig_drain(&rig);
    expect_gone(&rig, JULIET, "/>");
    rig_close(&rig);
}

/* Whichever call of the store fails, the room is there with its people, or its name is taken. The
 * same for the room that replaces it. */
static void any_call_may_fail(void **state)
{
    (void)state;
    static const char *const requests[] = {OWNER("<destroy/>"), CONFIGURE("")};
    bool failed = true;
    for (unsigned step = 0; step < COUNT(requests); failed = true, step++) {
        for (unsigned fail_at = 1; failed; fail_at++) {
            struct rig rig;
            begin(&rig);
            if (step == 1) {
                destroy(&rig, "<destroy/>");
                rig_join(&rig, ROMEO, ROOM "/Romeo");
            }
            rig.fail_at = fail_at;
            rig_send(&rig, requests[step]);
            failed = rig.fail_at == 0;
            rig.fail_at = 0;
            bool done = strstr(rig.out.data, " type='result' ") != NULL;
            assert_true(done || failed);
            rig_restart(&rig);
            rig_send(&rig, LEAVE(ROMEO));
            rig_drain(&rig);
            bool taken = step == 0 ? done : !done;
            assert_int_equal(rig.service->rooms_stored.tombstones, taken);
            if (taken)
                expect_gone(&rig, JULIET, "/>");
            else
                rig_join(&rig, JULIET, ROOM "/Juliet");
            rig_close(&rig);
        }
    }
}

static int count(void *steps)
{
    ++*(unsigned *)steps;
    return 0;
}

/* Returns how many dozens of steps SQLite needs to destroy a room with that many bans. */
static unsigned steps_to_destroy(unsigned bans)
{
    struct rig rig;
    struct buf ban = BUF_INIT;
    unsigned steps = 0;
    begin(&rig);
    buf_printf(&ban,
               "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %u)"
               " INSERT INTO affiliation"
               " SELECT (SELECT id FROM room), 'u' || i || '@bad.lit', 0, '', '' FROM n",
               bans);
    assert_int_equal(sqlite3_exec(rig.store->db, ban.data, NULL, NULL, NULL), SQLITE_OK);
    buf_free(&ban);
    rig.holds_tasks = true; /* most of the list is deleted by them */
    sqlite3_progress_handler(rig.store->db, 12, count, &steps);
    destroy(&rig, "<destroy/>");
    sqlite3_progress_handler(rig.store->db, 0, NULL, NULL);
    rig_close(&rig);
    return steps;
}

/* The turn does not read the whole list of those who are banned, which may be long. */
static void a_ban_list_costs_nothing(void **state)
{
    (void)state;
    assert_in_range(steps_to_destroy(20000), 1, 2 * steps_to_destroy(2000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_destroyed_room_tells_where_it_went),
        cmocka_unit_test(the_reason_is_the_text),
        cmocka_unit_test(what_is_not_to_be_told_is_not),
        cmocka_unit_test(an_owner_may_create_the_room_anew),
        cmocka_unit_test(a_room_made_by_a_bookmark_ends),
        cmocka_unit_test(every_owner_and_admin_may_create_it),
        cmocka_unit_test(a_temporary_or_locked_room_leaves_nothing),
        cmocka_unit_test(a_tombstone_ends),
        cmocka_unit_test(an_operator_may_switch_them_off),
        cmocka_unit_test(one_user_does_not_keep_all_names),
        cmocka_unit_test(a_dropped_turn_leaves_nothing),
        cmocka_unit_test(any_call_may_fail),
        cmocka_unit_test(a_ban_list_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
