/* Large work takes many turns or is refused, and never blocks everybody: large rooms, and much work
 * that is due at once. */

#include "room_fixture.h"

#include "coven/ns.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"

#define X "<x xmlns='" NS_MUC "'/>"

static struct room *room_of(struct rig *rig)
{
    struct room *room = NULL;
    assert_int_equal(room_load(rig->service, span_of("room"), &room), STORE_OK);
    service_settle(rig->service, true);
    return room;
}

static void join_many(struct rig *rig, unsigned from, unsigned count)
{
    char text[256];
    for (unsigned i = from; i < from + count; i++) {
        snprintf(text, sizeof text, JOIN("u%u@many.example/r", "n%u"), i, i);
        rig_send(rig, text);
        rig_drain(rig);
    }
}

/* Romeo sends a muc#admin request with `count` items. */
static void admin(struct rig *rig, const char *before, const char *after, unsigned count)
{
    struct buf text = BUF_INIT;
    buf_add_text(&text, "<iq type='set' id='a' from='" ROMEO "' to='" ROOM
                        "'><query xmlns='" NS_MUC_ADMIN "'>");
    for (unsigned i = 0; i < count; i++)
        buf_printf(&text, "<item %s%u%s/>", before, i, after);
    buf_add_text(&text, "</query></iq>");
    rig_send(rig, text.data);
    buf_free(&text);
}

/* ---- Ticks ---- */

/* Returns how many ticks it takes. */
static unsigned tick_all(struct rig *rig, unsigned seconds)
{
    unsigned ticks = 1;
    rig->now_ms += (int64_t)seconds * 1000;
    service_time(rig->service, rig->now_ms, rig->now_ms);
    for (; !service_tick(rig->service); ticks++) {
        assert_int_equal(store_commit(rig->store), STORE_OK);
        outbox_commit(rig->outbox);
        service_settle(rig->service, true);
    }
    rig_wait(rig, 0);
    return ticks;
}

static void rooms_are_unlocked_in_steps(void **state)
{
    (void)state;
    struct rig rig;
    char text[256];
    rig_open(&rig);
    rig.settings.limits.rooms = rig.settings.limits.user_created = 5000;
    rig.settings.limits.user_sessions = 5000;
    service_configure(rig.service, &rig.settings);
    for (unsigned i = 0; i < 2500; i++) {
        snprintf(text, sizeof text,
                 "<presence from='" ROMEO "' to='r%u@" RIG_DOMAIN "/Romeo'>" X "</presence>", i);
        rig_send(&rig, text);
        rig_drain(&rig);
    }
    assert_non_null(rig.service->rooms_in[ROOM_LOCKED]);
    assert_int_equal(tick_all(&rig, 301), 3);
    assert_null(rig.service->rooms_in[ROOM_LOCKED]);
    assert_int_equal(rig.service->rooms_stored.listed, 2500);
    rig_close(&rig);
}

static void questions_end_in_steps(void **state)
{
    (void)state;
    struct rig rig;
    char text[256];
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.relays = 100000;
    rig.settings.limits.user_relays = 5000;
    service_configure(rig.service, &rig.settings);
    for (unsigned i = 0; i < 4500; i++) {
        snprintf(
            text, sizeof text,
            "<iq type='get' id='q%u' from='" JULIET "' to='" ROOM "/Romeo'><q xmlns='x'/></iq>", i);
        rig_send(&rig, text);
        rig_drain(&rig);
    }
    assert_int_equal(tick_all(&rig, 31), 3);
    unsigned ended = 0;
    for (const char *at = rig.out.data; (at = strstr(at, "<remote-server-timeout")); at++)
        ended++;
    assert_int_equal(ended, 4500);
    rig_close(&rig);
}

/* ---- Owners and admins of large rooms ---- */

static void domains_are_few_where_many_are_inside(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("presencebroadcast", "none")));
    rig.settings.limits.items = 600;
    rig.settings.limits.affiliations = 2000;
    service_configure(rig.service, &rig.settings);
    join_many(&rig, 0, 997);
    admin(&rig, "affiliation='outcast' jid='d", ".example'", 501);
    rig_expect(&rig, ROMEO, "type='error'", "<policy-violation", NULL);
    rig_drain(&rig);
    assert_int_equal(room_of(&rig)->affiliations_by_jid.count, 1);
    admin(&rig, "affiliation='outcast' jid='d", ".example'", 500);
    rig_drain(&rig);
    assert_int_equal(room_of(&rig)->affiliations_by_jid.count, 501);
    admin(&rig, "affiliation='member' jid='u", "@elsewhere.example'", 600);
    rig_drain(&rig);
    assert_int_equal(room_of(&rig)->affiliations_by_jid.count, 1101);
    rig_close(&rig);
}

static void owners_are_demoted_by_a_form(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    admin(&rig, "affiliation='owner' jid='a", "@owners.example'", 50);
    admin(&rig, "affiliation='owner' jid='b", "@owners.example'", 1);
    rig_drain(&rig);
    assert_int_equal(room_of(&rig)->rolls[AFFILIATION_OWNER].count, 52);
    rig_send(&rig, CONFIGURE("<field var='muc#roomconfig_roomowners'>"
                             "<value>romeo@verona.lit</value><value>b0@owners.example</value>"
                             "<value>b0@owners.example/r</value></field>"));
    rig_expect(&rig, ROMEO, "type='result'", NULL);
    rig_drain(&rig);
    assert_int_equal(room_of(&rig)->rolls[AFFILIATION_OWNER].count, 2);
    /* If both lists name a user, the higher affiliation counts; a user in no submitted list keeps
     * what he has. */
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomadmins", "b0@owners.example")));
    assert_int_equal(room_of(&rig)->rolls[AFFILIATION_OWNER].count, 2);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomowners", "romeo@verona.lit")
                                CONFIG_FIELD("roomadmins", "romeo@verona.lit")));
    assert_int_equal(room_of(&rig)->rolls[AFFILIATION_OWNER].count, 1);
    rig_close(&rig);
}

/* Many moderators are sent the same as few, and nobody else is. */
static void many_moderators_are_told(void **state)
{
    (void)state;
    struct rig rig;
    char name[64];
    room_open(&rig, CONFIGURE(""));
    join_many(&rig, 0, 30);
    admin(&rig, "role='moderator' nick='n", "'", 25);
    rig_drain(&rig);
    assert_int_equal(room_of(&rig)->in_role[ROLE_MODERATOR], 26);
    admin(&rig, "affiliation='member' jid='absent", "@elsewhere.example'", 1);
    for (unsigned i = 0; i < 25; i++) {
        snprintf(name, sizeof name, "u%u@many.example/r", i);
        rig_expect(&rig, name, "<message ", "jid='absent0@elsewhere.example'", NULL);
    }
    rig_expect(&rig, ROMEO, "jid='absent0@elsewhere.example'", NULL);
    rig_expect(&rig, ROMEO, "type='result'", NULL);
    rig_expect(&rig, "absent0@elsewhere.example", "code='101'", NULL);
    rig_expect_nothing(&rig, NULL);
    admin(&rig, "role='participant' nick='n", "'", 25);
    rig_drain(&rig);
    assert_int_equal(room_of(&rig)->in_role[ROLE_MODERATOR], 1);
    rig_close(&rig);
}

/* A user's occupants are found without a search, whatever their nicks. */
static void users_are_found(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Phone");
    struct room *room = room_of(&rig);
    struct occupant *first = occupant_of_user(room, span_of("juliet@capulet.lit"));
    assert_string_equal(occupant_nick(first), "Juliet");
    assert_string_equal(occupant_nick(first->next_same), "Phone");
    assert_null(first->next_same->next_same);
    assert_int_equal(room->persons.count, 3);
    assert_null(occupant_of_user(room, span_of("tybalt@capulet.lit")));
    rig_send(&rig, "<presence type='unavailable' from='" JULIET "' to='" ROOM "/Juliet'/>");
    first = occupant_of_user(room, span_of("juliet@capulet.lit"));
    assert_string_equal(occupant_nick(first), "Phone");
    rig_send(&rig, "<presence type='unavailable' from='" PHONE "' to='" ROOM "/Phone'/>");
    assert_null(occupant_of_user(room, span_of("juliet@capulet.lit")));
    assert_int_equal(room->persons.count, 2);
    rig_close(&rig);
}

/* ---- Large rooms that are not in memory ---- */

/* Adds members and occupants to the room, straight in the store. */
static void store_large_room(struct rig *rig, unsigned members, unsigned guests)
{
    char text[64];
    struct room *room = room_of(rig);
    for (unsigned i = 0; i < members; i++) {
        snprintf(text, sizeof text, "member%u@many.example", i);
        struct store_affiliation row = {span_of(text), AFFILIATION_MEMBER, span_of(""),
                                        span_of("")};
        assert_int_equal(store_affiliation_put(rig->store, room->id, &row), STORE_OK);
    }
    for (unsigned i = 0; i < guests; i++) {
        snprintf(text, sizeof text, "guest%u@many.example/r", i);
        struct store_session session = {.jid = span_of(text), .role = ROLE_PARTICIPANT};
        session.nick = (struct span){text, strcspn(text, "@")};
        assert_int_equal(store_session_put(rig->store, room->id, &session), STORE_OK);
    }
    assert_int_equal(store_commit(rig->store), STORE_OK);
    rig_restart(rig);
    rig->holds_steps = true;
}

static void say(struct rig *rig, const char *from, const char *words)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<message type='groupchat' id='m' from='%s' to='" ROOM "'><body>%s</body></message>",
               from, words);
    rig_send(rig, text.data);
    buf_free(&text);
}

static unsigned steps_until_loaded(struct rig *rig)
{
    unsigned steps = 0;
    for (; service_step_due_in(rig->service) == 0; steps++)
        rig_step(rig);
    return steps;
}

/* Stanzas that arrive meanwhile are handled in their order. */
static void a_large_room_is_loaded_in_steps(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    store_large_room(&rig, 2500, 20);
    say(&rig, ROMEO, "one");
    say(&rig, JULIET, "two");
    rig_expect_nothing(&rig, NULL);
    rig_join(&rig, ROMEO, "other@" RIG_DOMAIN "/Romeo"); /* others are not held up */
    say(&rig, ROMEO, "three");
    assert_int_equal(steps_until_loaded(&rig), 2);
    rig_expect(&rig, ROMEO, "/Romeo'", "<body>one</body>", NULL);
    rig_expect(&rig, ROMEO, "/Juliet'", "<body>two</body>", NULL);
    rig_expect(&rig, ROMEO, "/Romeo'", "<body>three</body>", NULL);
    rig_expect(&rig, "guest19@many.example/r", "<body>one</body>", NULL);
    const struct room *room = room_of(&rig);
    assert_int_equal(room->occupants_by_nick.count, 23);
    assert_int_equal(room->affiliations_by_jid.count, 2501);
    assert_string_equal(occupant_nick(room->occupants), "Romeo");
    assert_string_equal(occupant_nick(room->occupants->prev), "guest19");
    rig_close(&rig);
}

static void many_who_are_inside_are_loaded_in_steps(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("presencebroadcast", "none")));
    store_large_room(&rig, 900, 2500);
    rig_send(&rig, "<iq type='get' id='p' from='" JULIET "' to='" ROOM "'><ping xmlns='" NS_PING
                   "'/></iq>");
    rig_expect_nothing(&rig, NULL);
    assert_int_equal(steps_until_loaded(&rig), 3);
    rig_expect(&rig, JULIET, "id='p'", "type='result'", NULL);
    assert_int_equal(room_of(&rig)->occupants_by_nick.count, 2503);
    rig_close(&rig);
}

static void too_much_is_not_parked(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    store_large_room(&rig, 2500, 20);
    for (unsigned i = 0; i < rig.settings.limits.parked; i++)
        say(&rig, ROMEO, "parked");
    rig_expect_nothing(&rig, NULL);
    say(&rig, ROMEO, "too many");
    rig_expect(&rig, ROMEO, "type='error'", "<resource-constraint", NULL);
    steps_until_loaded(&rig);
    for (unsigned i = 0; i < rig.settings.limits.parked; i++)
        rig_expect(&rig, JULIET, "<body>parked</body>", NULL);
    rig_drain(&rig);
    rig.settings.limits.parked_kib = 1;
    rig_restart(&rig);
    say(&rig, ROMEO, "small");
    rig_expect_nothing(&rig, NULL);
    struct buf words = BUF_INIT;
    for (unsigned i = 0; i < 1000; i++)
        buf_add_char(&words, 'x');
    say(&rig, ROMEO, words.data);
    buf_free(&words);
    rig_expect(&rig, ROMEO, "type='error'", "<resource-constraint", NULL);
    rig_close(&rig);
}

/* Even if there are more than one turn handles. */
static void what_was_parked_keeps_its_order(void **state)
{
    (void)state;
    struct rig rig;
    char words[32];
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.parked = 300;
    rig.settings.limits.parked_kib = 1024;
    store_large_room(&rig, 2500, 0);
    for (unsigned i = 0; i < 250; i++) {
        snprintf(words, sizeof words, "number %u", i);
        say(&rig, ROMEO, words);
    }
    rig_expect_nothing(&rig, NULL);
    steps_until_loaded(&rig);
    for (unsigned i = 0; i < 250; i++) {
        snprintf(words, sizeof words, "<body>number %u</body>", i);
        rig_expect(&rig, JULIET, words, NULL);
    }
    rig_close(&rig);
}

/* If the store fails meanwhile, no half of a room stays, and parked requests are answered. */
static void loading_that_fails_begins_anew(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    store_large_room(&rig, 2500, 20);
    say(&rig, ROMEO, "one");
    rig.fail_at = 1;
    rig_step(&rig);
    assert_int_equal(service_step_due_in(rig.service), 0);
    steps_until_loaded(&rig);
    rig_expect(&rig, ROMEO, "<body>one</body>", NULL);
    assert_int_equal(room_of(&rig)->occupants_by_nick.count, 23);
    rig_close(&rig);
}

/* A stanza parked in a dropped turn is refused with it, and not handled later. */
static void parking_goes_with_the_turn(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    store_large_room(&rig, 2500, 20);
    say(&rig, ROMEO, "one");
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(rig.xmpp, SAY(ROMEO, "two"));
    service_stanza(rig.service, stanza, false);
    xmpp_stanza_release(stanza);
    store_rollback(rig.store);
    outbox_drop(rig.outbox);
    service_settle(rig.service, false);
    steps_until_loaded(&rig);
    rig_expect(&rig, ROMEO, "<body>one</body>", NULL);
    rig_expect_nothing(&rig, ROMEO);
    rig_close(&rig);
}

/* Taking all steps in one turn, as at shutdown, comes to an end. */
static void steps_of_one_turn_have_an_end(void **state)
{
    (void)state;
    struct rig rig;
    bool cut;
    room_open(&rig, CONFIGURE(""));
    store_large_room(&rig, 2500, 20);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(rig.xmpp, SAY(ROMEO, "one"));
    service_stanza(rig.service, stanza, false);
    xmpp_stanza_release(stanza);
    for (unsigned steps = 0; service_step_due_in(rig.service) == 0; steps++) {
        assert_true(steps < 10);
        service_step(rig.service);
        assert_null(service_unpark(rig.service, &cut));
    }
    service_settle(rig.service, true);
    assert_int_equal(steps_until_loaded(&rig), 1);
    rig_expect(&rig, ROMEO, "<body>one</body>", NULL);
    rig_close(&rig);
}

/* Shutdown loads the whole room at once. */
static void stopping_waits_for_no_steps(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    store_large_room(&rig, 2500, 20);
    say(&rig, ROMEO, "one");
    rig_stop(&rig);
    rig_expect(&rig, "guest19@many.example/r", "type='unavailable'", "code='332'", NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_are_unlocked_in_steps),
        cmocka_unit_test(questions_end_in_steps),
        cmocka_unit_test(domains_are_few_where_many_are_inside),
        cmocka_unit_test(owners_are_demoted_by_a_form),
        cmocka_unit_test(many_moderators_are_told),
        cmocka_unit_test(users_are_found),
        cmocka_unit_test(a_large_room_is_loaded_in_steps),
        cmocka_unit_test(many_who_are_inside_are_loaded_in_steps),
        cmocka_unit_test(too_much_is_not_parked),
        cmocka_unit_test(what_was_parked_keeps_its_order),
        cmocka_unit_test(loading_that_fails_begins_anew),
        cmocka_unit_test(parking_goes_with_the_turn),
        cmocka_unit_test(steps_of_one_turn_have_an_end),
        cmocka_unit_test(stopping_waits_for_no_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
