/* IQs between occupants. */

#include "relay_fixture.h"

static void passes_both_ways(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    char *passed = rig_receive(&rig, MERCUTIO);
    assert_non_null(strstr(passed, "<iq from='" ROOM "/Juliet' type='get' id='"));
    assert_non_null(strstr(passed, " to='" MERCUTIO "'>" QUERY "</iq>"));
    assert_null(strstr(passed, "capulet.lit"));
    char *id = strndup(strstr(passed, " id='") + 5, 33);
    assert_int_equal(strspn(id, "0123456789abcdef"), 32); /* 128 bits, and the quote */
    id[32] = '\0';
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, QUERY);
    rig_expect(&rig, JULIET,
               "<iq from='" ROOM "/Mercutio' type='result' id='q1' to='" JULIET "'>" QUERY "</iq>",
               NULL);
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, QUERY);
    rig_expect_nothing(&rig, NULL);
    free(id);
    free(passed);
    rig_close(&rig);
}

#define PING(from, to)                                                                             \
    "<iq type='get' id='ping' from='" from "' to='" ROOM "/" to "'><ping xmlns='" NS_PING "'/></"  \
    "iq>"
#define REFUSED                                                                                    \
    "<error type='cancel' code='405'", "<not-allowed", "does not allow you to send queries"

/* Who may ask is an option of the room; everybody may ping, and ask the own sessions. */
static void who_may_ask(void **state)
{
    static const struct {
        const char *queries;
        bool moderator, participant, visitor;
    } rows[] = {
        {"anyone", true, true, true},
        {"participants", true, true, false},
        {"moderators", true, false, false},
        {"none", false, false, false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rig rig;
        struct buf configure = BUF_INIT;
        room_open(&rig, CONFIGURE(""));
        rig.settings.limits.relays = rig.settings.limits.user_relays = 100;
        service_configure(rig.service, &rig.settings);
        room_do(&rig, ADMIN("<item nick='Mercutio' role='visitor'/>"));
        buf_printf(&configure, CONFIGURE(FIELD("{urn:coven:0}queries", "%s")), rows[i].queries);
        room_do(&rig, configure.data);
        buf_free(&configure);
        rig_send(&rig, ASK(ROMEO, "q", "Juliet"));
        if (rows[i].moderator)
            rig_expect(&rig, JULIET, "<iq from='" ROOM "/Romeo' type='get'", QUERY, NULL);
        else
            rig_expect(&rig, ROMEO, REFUSED, NULL);
        rig_send(&rig, ASK(JULIET, "q", "Mercutio"));
        if (rows[i].participant)
            rig_expect(&rig, MERCUTIO, "<iq from='" ROOM "/Juliet' type='get'", QUERY, NULL);
        else
            rig_expect(&rig, JULIET, REFUSED, NULL);
        rig_send(&rig, ASK(MERCUTIO, "q", "Juliet"));
        if (rows[i].visitor)
            rig_expect(&rig, JULIET, "<iq from='" ROOM "/Mercutio' type='get'", QUERY, NULL);
        else
            rig_expect(&rig, MERCUTIO, REFUSED, NULL);
        rig_expect_nothing(&rig, NULL);
        rig_send(&rig, "<iq type='get' id='i' from='" MERCUTIO "' to='" ROOM
                       "/Juliet'><query xmlns='" NS_DISCO_INFO "'/></iq>");
        if (rows[i].visitor)
            rig_expect(&rig, JULIET, "<iq from='" ROOM "/Mercutio' type='get'", NULL);
        else
            rig_expect(&rig, MERCUTIO, REFUSED, NULL);
        rig_send(&rig, PING(MERCUTIO, "Juliet"));
        rig_expect(&rig, JULIET, "<iq from='" ROOM "/Mercutio' type='get'", NS_PING, NULL);
        rig_send(&rig, PING(MERCUTIO, "Mercutio"));
        rig_expect(&rig, MERCUTIO, "type='result' id='ping'", NULL);
        rig_send(&rig, ASK(MERCUTIO, "own", "Mercutio"));
        rig_expect(&rig, MERCUTIO, "<iq from='" ROOM "/Mercutio' type='get'", QUERY, NULL);
        rig_send(&rig, ASK(MERCUTIO, "nobody", "Nobody"));
        rig_expect(&rig, MERCUTIO, "<item-not-found", NULL);
        rig_expect_nothing(&rig, NULL);
        rig_close(&rig);
    }
}

static void sets_too_and_from_any_session(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_send(&rig, "<iq type='set' id='s1' from='" PHONE "' to='" ROOM
                   "/Romeo'><do xmlns='urn:it'/></iq>");
    char *id = id_passed_on(&rig, ROMEO);
    answer(&rig, ROMEO, ROOM "/Juliet", "result", id, "");
    rig_expect(&rig, PHONE, "type='result' id='s1' to='" PHONE "'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

static void disco_and_ping_of_another_are_passed_on(void **state)
{
    static const char *const asked[] = {
        "<iq type='get' id='d' from='" JULIET "' to='" ROOM
        "/Romeo'><query xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>",
        "<iq type='get' id='d' from='" JULIET "' to='" ROOM
        "/Romeo'><ping xmlns='urn:xmpp:ping'/></iq>",
    };
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (size_t i = 0; i < 2; i++) {
        rig_send(&rig, asked[i]);
        rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet' type='get'", i ? "<ping" : "node='n'",
                   NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_close(&rig);
}

static void the_account_answers_for_published_data(void **state)
{
    static const char *const payloads[] = {
        "<vCard xmlns='vcard-temp'/>",
        "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'/>",
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='avatar'/></pubsub>",
    };
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (size_t i = 0; i < 3; i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, "<iq type='get' id='c' from='%s' to='%s/Mercutio'>%s</iq>", JULIET, ROOM,
                   payloads[i]);
        rig_send(&rig, text.data);
        char *id = id_passed_on(&rig, "mercutio@verona.lit");
        answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, "<no xmlns='urn:it'/>");
        rig_expect_nothing(&rig, NULL); /* it was not asked */
        answer(&rig, "mercutio@verona.lit", ROOM "/Juliet", "result", id, "<v xmlns='urn:it'/>");
        rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio' type='result' id='c'", "<v xmlns", NULL);
        free(id);
        buf_free(&text);
    }
    rig_send(&rig, "<iq type='set' id='c' from='" JULIET "' to='" ROOM
                   "/Mercutio'><vCard xmlns='vcard-temp'/></iq>");
    rig_expect(&rig, MERCUTIO, "type='set'", NULL);
    rig_close(&rig);
}

static void absent_occupants_and_outsiders(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ASK(JULIET, "q1", "Paris"));
    rig_expect(&rig, JULIET, "type='error' id='q1'", "<item-not-found", NULL);
    rig_send(&rig, ASK(TYBALT, "q1", "Juliet"));
    rig_expect(&rig, TYBALT, "type='error' id='q1'", "<error type='cancel'", "<not-acceptable",
               NULL);
    rig_send(&rig, "<iq type='get' id='q2' from='" JULIET "' to='" ROOM "/Romeo'/>");
    rig_expect(&rig, JULIET, "<bad-request", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void only_the_one_who_was_asked_answers(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    char *id = id_passed_on(&rig, MERCUTIO);
    answer(&rig, ROMEO, ROOM "/Juliet", "result", id, "");
    answer(&rig, TYBALT, ROOM "/Juliet", "result", id, "");
    answer(&rig, "mercutio@verona.lit/other", ROOM "/Juliet", "result", id, "");
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", "q1", "");
    rig_send(&rig, "<iq type='result' from='" MERCUTIO "' to='" ROOM "/Juliet'/>");
    rig_expect_nothing(&rig, NULL);
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, "");
    rig_expect(&rig, JULIET, "type='result' id='q1'", NULL);
    free(id);
    rig_close(&rig);
}

/* Only those parts of an error are passed on that reveal nobody. */
static void errors_tell_no_address(void **state)
{
    static const struct {
        const char *error, *passed;
    } cases[] = {
        {"<error type='cancel' by='mercutio@verona.lit'><gone xmlns='" NS_STANZA_ERRORS
         "'>xmpp:mercutio@verona.lit</gone><text xmlns='" NS_STANZA_ERRORS
         "'>mercutio@verona.lit is away</text></error>",
         "<error type='cancel'><gone xmlns='" NS_STANZA_ERRORS "'/></error>"},
        {"<error type='modify'><bad-request xmlns='" NS_STANZA_ERRORS
         "'/><unsupported-info xmlns='urn:xmpp:jingle:errors:1'/></error>",
         "<error type='modify'><bad-request xmlns='" NS_STANZA_ERRORS
         "'/><unsupported-info xmlns='urn:xmpp:jingle:errors:1'/></error>"},
        {"<error type='verona.lit'><verona.lit xmlns='" NS_STANZA_ERRORS "'/></error>",
         "<error type='cancel'><undefined-condition xmlns='" NS_STANZA_ERRORS "'/></error>"},
        {"", "<error type='cancel'><undefined-condition xmlns='" NS_STANZA_ERRORS "'/></error>"},
    };
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf passed = BUF_INIT;
        buf_printf(&passed, "<iq from='%s/Mercutio' type='error' id='q1' to='%s'>%s</iq>", ROOM,
                   JULIET, cases[i].passed);
        rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
        char *id = id_passed_on(&rig, MERCUTIO);
        answer(&rig, MERCUTIO, ROOM "/Juliet", "error", id, cases[i].error);
        rig_expect(&rig, JULIET, passed.data, NULL);
        free(id);
        buf_free(&passed);
    }
    rig_close(&rig);
}

static void an_answer_too_large_is_an_error(void **state)
{
    struct rig rig;
    struct buf text = BUF_INIT;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    char *id = id_passed_on(&rig, MERCUTIO);
    buf_add_text(&text, "<v xmlns='urn:it'>");
    for (unsigned i = 0; i < rig.settings.limits.stanza_bytes; i++)
        buf_add_char(&text, 'x');
    buf_add_text(&text, "</v>");
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, text.data);
    rig_expect(&rig, JULIET, "type='error' id='q1'", "<policy-violation", NULL);
    buf_free(&text);
    free(id);
    rig_close(&rig);
}

/* The asker gets one answer even if the asked occupant left or the room is gone. */
static void the_room_may_be_gone(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    char *id = id_passed_on(&rig, MERCUTIO);
    rig_send(&rig, OWNER("<destroy/>"));
    rig_expect(&rig, JULIET, "type='unavailable'", "<destroy", NULL);
    rig_drain(&rig);
    answer(&rig, MERCUTIO, ROOM "/Juliet", "result", id, "");
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio' type='result' id='q1'", NULL);
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

static void begin_turn(struct rig *rig, const char *type, const char *id, bool cut)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "<iq type='%s' id='%s' from='%s' to='%s/Juliet'>%s</iq>", type, id, MERCUTIO,
               ROOM, QUERY);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(rig->xmpp, text.data);
    service_stanza(rig->service, stanza, cut);
    xmpp_stanza_release(stanza);
    buf_free(&text);
}

static void an_answer_in_the_turn_of_the_timeout(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
    char *id = id_passed_on(&rig, MERCUTIO);
    begin_turn(&rig, "result", id, false);
    begin_turn(&rig, "result", id, false); /* a second answer changes nothing */
    rig_wait(&rig, 30);
    rig_expect(&rig, JULIET, "type='result' id='q1'", NULL);
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

/* A cut result counts as an error; a cut error still is an answer. */
static void cut_answers(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (int i = 0; i < 2; i++) {
        rig_send(&rig, ASK(JULIET, "q1", "Mercutio"));
        char *id = id_passed_on(&rig, MERCUTIO);
        begin_turn(&rig, i == 0 ? "result" : "error", id, true);
        rig_wait(&rig, 0);
        rig_expect(&rig, JULIET, "type='error' id='q1'",
                   i == 0 ? "<policy-violation" : "<undefined-condition", NULL);
        rig_expect_nothing(&rig, NULL);
        free(id);
    }
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_both_ways),
        cmocka_unit_test(who_may_ask),
        cmocka_unit_test(sets_too_and_from_any_session),
        cmocka_unit_test(disco_and_ping_of_another_are_passed_on),
        cmocka_unit_test(the_account_answers_for_published_data),
        cmocka_unit_test(absent_occupants_and_outsiders),
        cmocka_unit_test(only_the_one_who_was_asked_answers),
        cmocka_unit_test(errors_tell_no_address),
        cmocka_unit_test(an_answer_too_large_is_an_error),
        cmocka_unit_test(the_room_may_be_gone),
        cmocka_unit_test(an_answer_in_the_turn_of_the_timeout),
        cmocka_unit_test(cut_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
