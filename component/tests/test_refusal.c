/* The texts of refusals: what is wrong, and what a person can do about it. */

#include "quota_fixture.h"

static void slow_room(struct service_limits *limits)
{
    limits->visit_rate = 1;
    limits->visit_burst = 6;
    limits->nick_chars = 8;
    limits->reason_bytes = 10;
    limits->affiliations = 2;
}

static void expect_text(struct rig *rig, const char *stanza, const char *to, const char *text)
{
    rig_drain(rig);
    rig_send(rig, stanza);
    rig_expect(rig, to, "type='error'", text, NULL);
}

static void a_rate_names_the_seconds(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, slow_room);
    assert_int_equal(count_until_refused(&rig, SAY(JULIET, "Hi"), JULIET), 6);
    expect_text(&rig, SAY(JULIET, "Hi"), JULIET,
                "You are sending too much to this room. "
                "Wait 1 second<");
    rig_wait(&rig, 1);
    rig_send(&rig, LEAVE(JULIET));
    rig_send(&rig, JOIN(JULIET, "Juliet")); /* costs five at once */
    expect_text(&rig, SAY(JULIET, "Hi"), JULIET, "Wait 5 seconds<");
    rig_close(&rig);
}

static void a_limit_names_its_number(void **state)
{
    (void)state;
    struct rig rig;
    open_under(&rig, slow_room);
    expect_text(&rig, JOIN(TYBALT, "TheTybalt"), TYBALT,
                "The nickname is longer than 8 characters");
    expect_text(&rig,
                ADMIN("<item nick='Juliet' role='none'><reason>Far too long</reason>"
                      "</item>"),
                ROMEO, "The reason is longer than 10 bytes");
    expect_text(&rig,
                ADMIN("<item jid='a@b.lit' affiliation='member'/>"
                      "<item jid='b@b.lit' affiliation='member'/>"),
                ROMEO, "they hold at most 2 users");
    rig_close(&rig);
}

static void a_ban_names_its_reason(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, ADMIN("<item jid='capulet.lit' affiliation='outcast'>"
                         "<reason>Feud</reason></item>"));
    expect_text(&rig, JOIN(TYBALT, "Tybalt"), TYBALT, "You are banned from this room: Feud<");
    rig_close(&rig);
}

static void no_rate_of_refusals(struct service_limits *limits)
{
    limits->refusal_rate = 0;
    limits->stanza_bytes = 10000;
    limits->reason_bytes = 16384;
}

/* Without its text a refusal is never too large. */
static void a_text_that_is_too_large_is_left_out(void **state)
{
    (void)state;
    struct rig rig;
    struct buf ban = BUF_INIT;
    open_under(&rig, no_rate_of_refusals);
    buf_add_text(&ban, "<iq type='set' id='ban' from='" ROMEO "' to='" ROOM
                       "'><query xmlns='" NS_MUC_ADMIN
                       "'><item jid='capulet.lit' affiliation='outcast'><reason>");
    for (int i = 0; i < 3000; i++)
        buf_add_char(&ban, '>');
    buf_add_text(&ban, "</reason></item></query></iq>");
    rig_send(&rig, ban.data);
    buf_free(&ban);
    expect_text(&rig, JOIN(TYBALT, "Tybalt"), TYBALT, "<policy-violation");
    rig_expect_nothing(&rig, TYBALT);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_names_the_seconds),
        cmocka_unit_test(a_limit_names_its_number),
        cmocka_unit_test(a_ban_names_its_reason),
        cmocka_unit_test(a_text_that_is_too_large_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
