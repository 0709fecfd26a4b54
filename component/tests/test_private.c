/* Private messages. */

#include "room_fixture.h"

#define TO_JULIET(from, id)                                                                        \
    "<message type='chat' id='" id "' from='" from "' to='" ROOM                                   \
    "/Juliet'><body>Soft</body></message>"

static void only_one_occupant_gets_it(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    rig_expect(&rig, JULIET,
               "<message from='" ROOM "/Mercutio' type='chat' id='pm' to='" JULIET
               "'><body>Soft</body><x xmlns='" NS_MUC_USER "'/><occupant-id ",
               NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void tells_nobody_who_the_sender_is(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    expect_without(&rig, JULIET, "verona.lit", NULL);
    rig_close(&rig);
}

static void goes_to_all_sessions(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_send(&rig, TO_JULIET(ROMEO, "pm"));
    rig_expect(&rig, JULIET, "<body>Soft</body>", NULL);
    rig_expect(&rig, PHONE, "<body>Soft</body>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void forged_elements_are_dropped_and_others_kept(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, "<message type='chat' from='" MERCUTIO "' to='" ROOM "/Juliet'>"
                   "<x xmlns='" NS_MUC_USER "'><item role='moderator'/><status code='100'/></x>"
                   "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/>"
                   "<active xmlns='http://jabber.org/protocol/chatstates'/>"
                   "<request xmlns='urn:xmpp:receipts'/></message>");
    char *stanza = rig_receive(&rig, JULIET);
    assert_non_null(stanza);
    assert_non_null(strstr(stanza, "<active xmlns='http://jabber.org/protocol/chatstates'/>"));
    assert_non_null(strstr(stanza, "<request xmlns='urn:xmpp:receipts'/>"));
    char *x = strstr(stanza, "<x xmlns='" NS_MUC_USER "'/>");
    assert_non_null(x);
    assert_null(strstr(x + strlen("<x xmlns='" NS_MUC_USER), NS_MUC_USER));
    assert_null(strstr(stanza, "forged"));
    assert_null(strstr(stanza, "status"));
    free(stanza);
    rig_close(&rig);
}

static void absent_nicks_and_outsiders(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig,
             "<message type='chat' from='" JULIET "' to='" ROOM "/Paris'><body>?</body></message>");
    rig_expect(&rig, JULIET, "from='" ROOM "/Paris' type='error'", "<item-not-found", NULL);
    rig_send(&rig, TO_JULIET(TYBALT, "out"));
    rig_expect(&rig, TYBALT, "type='error' id='out'", "<not-acceptable", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Whether an owner, a participant and a visitor may send a private message. */
static void check_senders(const char *configure, bool moderator, bool participant, bool visitor)
{
    static const char *const stanzas[] = {TO_JULIET(ROMEO, "a"), TO_JULIET(MERCUTIO, "b"),
                                          TO_JULIET(TYBALT, "c")};
    static const char *const from[] = {ROMEO, MERCUTIO, TYBALT};
    const bool granted[] = {moderator, participant, visitor};
    struct rig rig;
    room_open(&rig, configure);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("moderatedroom", "1")));
    rig_join(&rig, TYBALT, ROOM "/Tybalt");
    for (size_t i = 0; i < 3; i++) {
        rig_send(&rig, stanzas[i]);
        if (granted[i])
            rig_expect(&rig, JULIET, "<body>Soft</body>", NULL);
        else
            rig_expect(&rig, from[i], "<error type='auth'", "<forbidden", NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_close(&rig);
}

static void the_option_says_who_may(void **state)
{
    (void)state;
    check_senders(CONFIGURE(CONFIG_FIELD("allowpm", "anyone")), true, true, true);
    check_senders(CONFIGURE(CONFIG_FIELD("allowpm", "participants")), true, true, false);
    check_senders(CONFIGURE(CONFIG_FIELD("allowpm", "moderators")), true, false, false);
    check_senders(CONFIGURE(CONFIG_FIELD("allowpm", "none")), false, false, false);
}

static void it_is_not_in_the_history(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(ROMEO, "pm"));
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    assert_null(strstr(rig.out.data, "Soft"));
    rig_close(&rig);
}

static void too_large_is_refused(void **state)
{
    struct rig rig;
    struct buf text = BUF_INIT;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    buf_add_text(&text, "<message type='chat' from='" JULIET "' to='" ROOM "/Romeo'><body>");
    for (unsigned i = 0; i < rig.settings.limits.stanza_bytes; i++)
        buf_add_char(&text, 'x');
    buf_add_text(&text, "</body></message>");
    rig_send(&rig, text.data);
    rig_expect(&rig, JULIET, "<policy-violation", NULL);
    rig_expect_nothing(&rig, NULL);
    buf_free(&text);
    rig_close(&rig);
}

#define BOUNCE(from, nick, id)                                                                     \
    "<message type='error' id='" id "' from='" from "' to='" ROOM "/" nick                         \
    "'><error type='wait' by='capulet.lit'><recipient-unavailable xmlns='" NS_STANZA_ERRORS        \
    "'>xmpp:juliet@capulet.lit</recipient-unavailable><text xmlns='" NS_STANZA_ERRORS              \
    "'>juliet is away</text></error></message>"
#define TOLD(id)                                                                                   \
    "<message from='" ROOM "/Juliet' type='error' id='" id "' to='" MERCUTIO                       \
    "'><error type='wait'><recipient-unavailable xmlns='" NS_STANZA_ERRORS "'/></error></message>"

/* The recipient stays and is not asked: its server sends the same error for a blocked sender. */
static void a_bounce_goes_to_its_author(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    rig_drain(&rig);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm"));
    rig_expect(&rig, MERCUTIO, TOLD("pm"), NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, TO_JULIET(ROMEO, "still"));
    rig_expect(&rig, JULIET, "<body>Soft</body>", NULL);
    rig_close(&rig);
}

static void the_author_may_have_left(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    rig_send(&rig, LEAVE(MERCUTIO));
    rig_send(&rig, LEAVE(JULIET));
    rig_drain(&rig);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm"));
    rig_expect(&rig, MERCUTIO, TOLD("pm"), NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* One copy arrived at the phone. */
static void one_of_two_copies_is_enough(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    rig_drain(&rig);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm"));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, BOUNCE(PHONE, "Mercutio", "pm"));
    rig_expect(&rig, MERCUTIO, TOLD("pm"), NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Errors that are no bounce of a remembered message: the author is told nothing. */
static void other_errors_do_not_reach_the_author(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    rig_drain(&rig);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "other"));
    rig_send(&rig, BOUNCE(JULIET, "Romeo", "pm"));
    rig_send(&rig, BOUNCE(TYBALT, "Mercutio", "pm"));
    rig_expect_nothing(&rig, MERCUTIO);
    rig_drain(&rig);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm"));
    rig_drain(&rig);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm")); /* once is enough */
    rig_expect_nothing(&rig, MERCUTIO);
    rig_close(&rig);
}

static void it_is_remembered_for_a_while(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    rig_drain(&rig);
    rig_wait(&rig, rig.settings.limits.whisper_seconds + 1);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm"));
    rig_expect_nothing(&rig, MERCUTIO);
    rig_close(&rig);
}

static char *numbered(const char *format, unsigned number)
{
    struct buf text = BUF_INIT;
    for (const char *at = format; *at; at++) {
        if (*at == '%')
            buf_printf(&text, "%u", number);
        else
            buf_add_char(&text, *at);
    }
    return buf_take(&text);
}

static void send_numbered(struct rig *rig, const char *format, unsigned number)
{
    char *text = numbered(format, number);
    rig_send(rig, text);
    rig_drain(rig);
    free(text);
}

/* A limit for each user, and one for all, beyond which the oldest is forgotten. */
static void memory_has_limits(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.user_burst = rig.settings.limits.visit_burst = 1000;
    service_configure(rig.service, &rig.settings);
    unsigned user = rig.settings.limits.user_whispers, all = rig.settings.limits.whispers;
    for (unsigned i = 0; i <= user; i++)
        send_numbered(&rig, TO_JULIET(MERCUTIO, "%"), i);
    for (unsigned i = user; i < all; i++)
        send_numbered(&rig, TO_JULIET(ROMEO, "%"), i);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "10"));
    rig_expect_nothing(&rig, MERCUTIO);
    rig_drain(&rig);
    rig_join(&rig, TYBALT, ROOM "/Tybalt");
    send_numbered(&rig, TO_JULIET(TYBALT, "%"), 0);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "0"));
    rig_expect_nothing(&rig, MERCUTIO);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "1"));
    rig_expect(&rig, MERCUTIO, TOLD("1"), NULL);
    rig_close(&rig);
}

/* A bounce of a message from a dropped turn counts for nothing; a bounce in a dropped turn is
 * handled again. */
static void a_dropped_turn_changes_nothing(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, TO_JULIET(MERCUTIO, "pm"));
    rig_drain(&rig);
    rig.drops = true;
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm"));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "pm"));
    rig_expect(&rig, MERCUTIO, TOLD("pm"), NULL);
    rig.drops = true;
    rig_send(&rig, TO_JULIET(MERCUTIO, "never"));
    rig_send(&rig, BOUNCE(JULIET, "Mercutio", "never"));
    rig_expect_nothing(&rig, MERCUTIO);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_one_occupant_gets_it),
        cmocka_unit_test(tells_nobody_who_the_sender_is),
        cmocka_unit_test(goes_to_all_sessions),
        cmocka_unit_test(forged_elements_are_dropped_and_others_kept),
        cmocka_unit_test(absent_nicks_and_outsiders),
        cmocka_unit_test(the_option_says_who_may),
        cmocka_unit_test(it_is_not_in_the_history),
        cmocka_unit_test(too_large_is_refused),
        cmocka_unit_test(a_bounce_goes_to_its_author),
        cmocka_unit_test(the_author_may_have_left),
        cmocka_unit_test(one_of_two_copies_is_enough),
        cmocka_unit_test(other_errors_do_not_reach_the_author),
        cmocka_unit_test(it_is_remembered_for_a_while),
        cmocka_unit_test(memory_has_limits),
        cmocka_unit_test(a_dropped_turn_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
