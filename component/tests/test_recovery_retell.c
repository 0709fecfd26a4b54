/* Presence that was lost with the link or in a crash is sent again; confirmed presence is not. */
#include "recovery_fixture.h"

static void what_was_confirmed_is_not_sent_again(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    lose(&rig, SHOW(JULIET, "Juliet", "away"));
    lose(&rig, LEAVE(MERCUTIO));
    assert_true(service_unconfirmed(rig.service) > 0);
    rig_confirm(&rig);
    assert_int_equal(service_unconfirmed(rig.service), 0);
    lose(&rig, SAY(ROMEO, "Messages are in the archive"));
    assert_int_equal(service_unconfirmed(rig.service), 0);
    rig_recover(&rig);
    close_quietly(&rig);
}

/* Everything that a join brings (XEP-0045, 7.1), except the history. */
static void a_join(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, SAY(ROMEO, "Hello"));
    rig_join(&rig, TYBALT, ROOM "/Tybalt");
    crash(&rig);
    rig_expect(&rig, ROMEO, TYBALT_AT, "jid='" TYBALT "'", NULL);
    rig_expect(&rig, JULIET, TYBALT_AT, NULL);
    expect_without(&rig, MERCUTIO, "jid=", SELF, NULL);
    rig_expect(&rig, TYBALT, ROMEO_AT, NULL);
    rig_expect(&rig, TYBALT, JULIET_AT, NULL);
    rig_expect(&rig, TYBALT, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(&rig, TYBALT, TYBALT_AT, SELF, NULL);
    rig_expect(&rig, TYBALT, "<subject", NULL);
    close_quietly(&rig);
}

/* The same after a cut link as after a crash. */
static void a_cut_link(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, LEAVE(JULIET));
    rig_recover(&rig);
    rig_expect(&rig, JULIET, JULIET_AT, GONE, SELF, NULL);
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, "jid='" JULIET "'", NULL);
    expect_without(&rig, MERCUTIO, "jid=", SELF, NULL);
    rig_expect_nothing(&rig, NULL);
    rig_recover(&rig); /* again, as long as the server has not confirmed it */
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, NULL);
    rig_drain(&rig);
    close_quietly(&rig);
}

static void the_creator_of_a_room(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    crash(&rig);
    rig_expect(&rig, ROMEO, ROMEO_AT, "<status code='201'/>", SELF, NULL);
    rig_expect(&rig, ROMEO, "<subject", NULL);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone") CONFIG_FIELD("enablelogging", "1")));
    crash(&rig);
    rig_expect(&rig, ROMEO, "<status code='100'/><status code='170'/><item", NULL);
    rig_expect(&rig, ROMEO, "<subject", NULL);
    close_quietly(&rig);
}

static void a_change_of_show(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, SHOW(JULIET, "Juliet", "away"));
    crash(&rig);
    rig_expect(&rig, ROMEO, JULIET_AT, "<show>away</show>", NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, "<show>away</show>", NULL);
    expect_room(&rig, JULIET, "<show>away</show>", ROMEO_AT, MERCUTIO_AT, NULL);
    close_quietly(&rig);
}

/* Also a change that is in no session's row. */
static void a_change_of_affiliation(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, AFFILIATE("juliet@capulet.lit", "member"));
    crash(&rig);
    rig_expect(&rig, ROMEO, JULIET_AT, "affiliation='member'", NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, "affiliation='member'", NULL);
    expect_room(&rig, JULIET, "affiliation='member'", ROMEO_AT, MERCUTIO_AT, NULL);
    close_quietly(&rig);
}

static void a_new_moderator_sees_real_jids(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, ADMIN("<item nick='Juliet' role='moderator'/>"));
    crash(&rig);
    expect_room(&rig, JULIET, "role='moderator'", "jid='" ROMEO "'", "jid='" MERCUTIO "'", NULL);
    rig_expect(&rig, ROMEO, JULIET_AT, "role='moderator'", NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, "role='moderator'", NULL);
    close_quietly(&rig);
}

static void a_kick(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, ADMIN("<item nick='Juliet' role='none'><reason>Go &amp; rest</reason></item>"));
    crash(&rig);
    rig_expect(&rig, JULIET, JULIET_AT, GONE, "code='307'", "<actor nick='Romeo'/>", SELF, NULL);
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, "code='307'", "<reason>Go &amp; rest</reason>", NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, GONE, "code='307'", NULL);
    close_quietly(&rig);
}

static void another_nick(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, "<presence from='" JULIET "' to='" ROOM "/Julie'/>");
    crash(&rig);
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, "code='303'", "nick='Julie'", NULL);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Julie'", NULL);
    rig_expect(&rig, JULIET, JULIET_AT, GONE, "code='303'", "nick='Julie'", SELF, NULL);
    expect_room(&rig, JULIET, "from='" ROOM "/Julie'", ROMEO_AT, MERCUTIO_AT, NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, GONE, NULL);
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Julie'", NULL);
    close_quietly(&rig);
}

/* The room is destroyed: its occupants get the departures that were stored. */
static void a_destroyed_room(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, OWNER("<destroy jid='other@conference.localhost'/>"));
    crash(&rig);
    rig_expect(&rig, ROMEO, ROMEO_AT, GONE, "<destroy jid='other@conference.localhost'/>", NULL);
    rig_expect(&rig, JULIET, JULIET_AT, GONE, "<destroy", SELF, NULL);
    rig_expect(&rig, MERCUTIO, GONE, "<destroy", SELF, NULL);
    close_quietly(&rig);
}

/* Leave and join are sent in that order, also to the session itself. */
static void leaving_and_joining_again(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, LEAVE(JULIET));
    rig_join(&rig, JULIET, ROOM "/Juliet");
    crash(&rig);
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, NULL);
    rig_expect(&rig, ROMEO, JULIET_AT, "role='participant'", NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, GONE, NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, "role='participant'", NULL);
    rig_expect(&rig, JULIET, JULIET_AT, GONE, SELF, NULL);
    rig_expect(&rig, JULIET, ROMEO_AT, NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(&rig, JULIET, JULIET_AT, "role='participant'", SELF, NULL);
    rig_expect(&rig, JULIET, "<subject", NULL);
    close_quietly(&rig);
}

/* An occupant whose presence is no longer shown is gone for the others, not for itself. */
static void no_longer_shown(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, CONFIGURE(CONFIG_FIELD("presencebroadcast", "moderator")));
    crash(&rig);
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, NULL);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Mercutio'", GONE, NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio'", GONE, NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, GONE, NULL);
    rig_expect_nothing(&rig, NULL);
    rig_confirm(&rig);
    room_do(&rig,
            CONFIGURE("<field var='muc#roomconfig_presencebroadcast'><value>participant</value>"
                      "<value>moderator</value></field>"));
    crash(&rig);
    expect_without(&rig, MERCUTIO, GONE, NULL);
    rig_drain(&rig);
    close_quietly(&rig);
}

static void one_of_several_sessions(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    crash(&rig);
    rig_expect(&rig, ROMEO, JULIET_AT, "jid='" JULIET "'", "jid='" PHONE "'", NULL);
    expect_room(&rig, JULIET, "jid='" PHONE "'", ROMEO_AT, MERCUTIO_AT, NULL);
    rig_expect(&rig, PHONE, ROMEO_AT, NULL);
    rig_drain(&rig);
    rig_confirm(&rig);
    lose(&rig, LEAVE(PHONE));
    crash(&rig);
    rig_expect(&rig, PHONE, JULIET_AT, GONE, SELF, NULL);
    expect_without(&rig, ROMEO, GONE, PHONE, NULL);
    expect_without(&rig, MERCUTIO, GONE, NULL);
    expect_room(&rig, JULIET, JULIET_AT, ROMEO_AT, MERCUTIO_AT, NULL);
    close_quietly(&rig);
}

/* Her old nick is gone for her other session, too, though both are the same occupant now. */
static void a_session_that_joins_others(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Phone");
    rig_confirm(&rig);
    lose(&rig, "<presence from='" PHONE "' to='" ROOM "/Juliet'/>");
    crash(&rig);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Phone'", GONE, NULL);
    rig_expect(&rig, ROMEO, JULIET_AT, NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Phone'", GONE, NULL);
    expect_room(&rig, JULIET, JULIET_AT, ROMEO_AT, MERCUTIO_AT, NULL);
    rig_expect(&rig, PHONE, "from='" ROOM "/Phone'", GONE, SELF, NULL);
    rig_drain(&rig);
    close_quietly(&rig);
}

static void only_what_came_after_the_confirmed(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, LEAVE(MERCUTIO));
    lose(&rig, SHOW(ROMEO, "Romeo", "dnd"));
    int64_t confirmed = service_unconfirmed(rig.service);
    lose(&rig, LEAVE(JULIET));
    service_confirm(rig.service, confirmed);
    rig_wait(&rig, 1);
    crash(&rig);
    rig_expect(&rig, JULIET, JULIET_AT, GONE, NULL);
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, NULL);
    close_quietly(&rig);
}

/* ---- Many ---- */

#define MANY 250 /* more than are told of in one turn */

static void join_many(struct rig *rig)
{
    char jid[64], address[96];
    for (int i = 0; i < MANY; i++) {
        snprintf(jid, sizeof jid, "user%d@verona.lit/r", i);
        snprintf(address, sizeof address, ROOM "/User%d", i);
        rig_join(rig, jid, address);
    }
}

/* How often something was sent. */
static unsigned count(const struct rig *rig, const char *text)
{
    unsigned count = 0;
    const char *at = rig->out.data;
    while ((at = strstr(at, text))) {
        count++;
        at += strlen(text);
    }
    return count;
}

static void many_come_and_go(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    join_many(&rig);
    crash(&rig);
    assert_int_equal(count(&rig, " to='" ROMEO "'"), MANY);
    assert_int_equal(count(&rig, SELF), MANY);
    assert_int_equal(count(&rig, "<subject"), MANY);
    rig_confirm(&rig);
    rig_drain(&rig);
    char leave[128];
    for (int i = 0; i < MANY; i++) {
        snprintf(leave, sizeof leave, LEAVE("user%d@verona.lit/r"), i);
        lose(&rig, leave);
    }
    crash(&rig);
    assert_int_equal(count(&rig, GONE " to='" ROMEO "'"), MANY);
    assert_int_equal(count(&rig, GONE " to='user249@verona.lit/r'"), 1);
    assert_int_equal(count(&rig, SELF), MANY);
    rig_drain(&rig);
    close_quietly(&rig);
}

static void departures_have_a_limit(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.limits.departures = 10;
    rig_restart(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(""));
    rig_confirm(&rig);
    for (int i = 0; i < 50; i++) {
        rig_join(&rig, TYBALT, ROOM "/Tybalt");
        lose(&rig, LEAVE(TYBALT));
    }
    crash(&rig);
    /* Each join was one change, and each leave two. */
    assert_in_range(count(&rig, GONE " to='" ROMEO "'"), 3, 4);
    rig_drain(&rig);
    close_quietly(&rig);
}

static void tell_once(struct rig *rig)
{
    service_step(rig->service);
    outbox_commit(rig->outbox);
    service_settle(rig->service, true);
}

/* With a full outbox nothing is sent; the next step sends it. */
static void a_full_outbox_is_given_time(void **state)
{
    (void)state;
    struct rig rig;
    open_quietly(&rig, CONFIGURE(""));
    lose(&rig, LEAVE(JULIET));
    struct lane *lane = outbox_lane(rig.outbox, span_of("elsewhere"));
    struct buf large = BUF_INIT;
    while (large.len < 1 << 20)
        buf_add_char(&large, '.');
    struct rendered *stanza = rendered_new(buf_span(&large), RENDERED_NO_TO, NULL, 0);
    while (!outbox_is_full(rig.outbox))
        outbox_send(rig.outbox, lane, rendered_ref(stanza));
    rig.holds_output = true;
    rig_ask(&rig);
    size_t queued = outbox_queued(rig.outbox);
    service_time(rig.service, rig.now_ms + 3000, rig.now_ms + 3000); /* the wait is over */
    tell_once(&rig);
    assert_true(service_is_recovering(rig.service));
    assert_int_equal(outbox_queued(rig.outbox), queued);
    rig_collect(&rig);
    rig_drain(&rig);
    rig.holds_output = false;
    rig_retell(&rig);
    rig_expect(&rig, JULIET, JULIET_AT, GONE, SELF, NULL);
    rig_expect(&rig, ROMEO, JULIET_AT, GONE, NULL);
    rig_expect(&rig, MERCUTIO, JULIET_AT, GONE, NULL);
    rendered_unref(stanza);
    lane_unref(lane);
    buf_free(&large);
    close_quietly(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_confirmed_is_not_sent_again),
        cmocka_unit_test(a_join),
        cmocka_unit_test(a_cut_link),
        cmocka_unit_test(the_creator_of_a_room),
        cmocka_unit_test(a_change_of_show),
        cmocka_unit_test(a_change_of_affiliation),
        cmocka_unit_test(a_new_moderator_sees_real_jids),
        cmocka_unit_test(a_kick),
        cmocka_unit_test(another_nick),
        cmocka_unit_test(a_destroyed_room),
        cmocka_unit_test(leaving_and_joining_again),
        cmocka_unit_test(no_longer_shown),
        cmocka_unit_test(one_of_several_sessions),
        cmocka_unit_test(a_session_that_joins_others),
        cmocka_unit_test(only_what_came_after_the_confirmed),
        cmocka_unit_test(many_come_and_go),
        cmocka_unit_test(departures_have_a_limit),
        cmocka_unit_test(a_full_outbox_is_given_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
