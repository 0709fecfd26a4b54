/* Messages that are taken back by the archive's id, by their authors and by moderators. */

#include "retract_fixture.h"

static void authors_retract_their_own(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    rig_join(&rig, PHONE, ROOM "/Juliet");
    struct buf text = BUF_INIT;
    buf_printf(&text, "<retract xmlns='" RETRACT "' id='%s'/><no-store xmlns='urn:xmpp:hints'/>",
               id);
    free(say(&rig, PHONE, "back", text.data));
    rig_expect(&rig, MERCUTIO, "id='back'", "<retract xmlns='" RETRACT "'", id, NULL);
    read_archive(&rig, MERCUTIO);
    char *stone = rig_receive(&rig, MERCUTIO);
    static const char *const parts[] = {
        "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>",
        "from='" ROOM "/Juliet' type='groupchat' id='said'>"
        "<retracted xmlns='" RETRACT "' stamp='2026-01-01T00:00:01Z' id='back'/>"
        "<stanza-id xmlns='urn:xmpp:sid:0' by='" ROOM "'",
        "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='",
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!strstr(stone, parts[i]))
            fail_msg("there is no  %s  in  %s", parts[i], stone);
    }
    assert_null(strstr(stone, "wherefore"));
    rig_expect(&rig, MERCUTIO, "id='back'", "<retract ", NULL);
    rig_expect(&rig, MERCUTIO, "<fin", NULL);
    enter(&rig, 3);
    rig_expect(&rig, TYBALT, "<subject/>", NULL);
    rig_expect_nothing(&rig, TYBALT);
    free(stone);
    free(id);
    buf_free(&text);
    rig_close(&rig);
}

static void nobody_retracts_messages_of_others(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    retract(&rig, MERCUTIO, id);
    retract(&rig, JULIET, "nonsense");
    retract(&rig, JULIET, "0123456789abcdef0123456789abcdef");
    id[31] = id[31] == '0' ? '1' : '0';
    retract(&rig, JULIET, id);
    read_archive(&rig, ROMEO);
    rig_expect(&rig, ROMEO, "id='said'", "<body>wherefore</body>", NULL);
    free(id);
    rig_close(&rig);
}

static void retractions_stay(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    struct buf text = BUF_INIT;
    buf_printf(&text, "<retract xmlns='" RETRACT "' id='%s'/>", id);
    char *back = say(&rig, JULIET, "back", text.data);
    retract(&rig, JULIET, back);
    retract(&rig, JULIET, id);
    moderate(&rig, ROMEO, id, TAKE_BACK);
    rig_expect(&rig, ROMEO, "type='error'", "<item-not-found", NULL);
    read_archive(&rig, ROMEO);
    rig_expect(&rig, ROMEO, "id='said'", "stamp='2026-01-01T00:00:01Z' id='back'", NULL);
    rig_expect(&rig, ROMEO, "id='back'", "<retract ", NULL);
    free(id);
    free(back);
    buf_free(&text);
    rig_close(&rig);
}

/* A retraction can be retracted by a moderator; what it retracted stays retracted.
 */
static void moderators_retract_retractions(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    struct buf text = BUF_INIT;
    buf_printf(&text, "<retract xmlns='" RETRACT "' id='%s'/><body>evil</body>", id);
    char *back = say(&rig, JULIET, "back", text.data);
    retract(&rig, JULIET, back);
    moderate(&rig, ROMEO, back, TAKE_BACK);
    rig_expect(&rig, MERCUTIO, "<retract ", back, NULL);
    rig_drain(&rig);
    moderate(&rig, ROMEO, back, TAKE_BACK);
    rig_expect(&rig, ROMEO, "type='error'", "<item-not-found", NULL);
    read_archive(&rig, ROMEO);
    rig_expect(&rig, ROMEO, "id='said'", "id='back'", NULL);
    char *stone = rig_receive(&rig, ROMEO);
    buf_clear(&text);
    buf_printf(&text, "id='back'><retract xmlns='" RETRACT "' id='%s'/><retracted ", id);
    assert_non_null(strstr(stone, text.data));
    assert_null(strstr(stone, "evil"));
    enter(&rig, 3);
    for (char *stanza; (stanza = rig_receive(&rig, TYBALT)); free(stanza))
        assert_null(strstr(stanza, "evil"));
    free(stone);
    free(id);
    free(back);
    buf_free(&text);
    rig_close(&rig);
}

static void moderators_retract(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    moderate(&rig, ROMEO, id, TAKE_BACK "<reason>Not &lt;here&gt;</reason>");
    static const char by[] = "<moderated xmlns='" MODERATE "' by='" ROOM
                             "/Romeo'><occupant-id xmlns='urn:xmpp:occupant-id:0' id='";
    rig_expect(&rig, JULIET, "<message from='" ROOM "' type='groupchat' id='",
               "<retract xmlns='" RETRACT "' id='", id, by,
               "</moderated><reason>Not &lt;here&gt;</reason></retract>"
               "<apply-to xmlns='urn:xmpp:fasten:0' id='",
               "<moderated xmlns='urn:xmpp:message-moderate:0' by='" ROOM "/Romeo'>"
               "<retract xmlns='urn:xmpp:message-retract:0'/><reason>Not &lt;here&gt;</reason>"
               "</moderated></apply-to><body>",
               "</body><fallback xmlns='urn:xmpp:fallback:0' for='" RETRACT "'/>"
               "<store xmlns='urn:xmpp:hints'/><stanza-id ",
               NULL);
    rig_expect_nothing(&rig, JULIET);
    rig_expect(&rig, ROMEO, "<retract ", NULL);
    rig_expect(&rig, ROMEO, "type='result'", "id='mod'", NULL);
    read_archive(&rig, JULIET);
    char *stone = rig_receive(&rig, JULIET);
    assert_non_null(strstr(stone, "id='said'><retracted xmlns='" RETRACT "'"));
    assert_non_null(strstr(stone, by));
    assert_non_null(strstr(stone, "<reason>Not &lt;here&gt;</reason></retracted>"
                                  "<moderated xmlns='urn:xmpp:message-moderate:0' by='" ROOM
                                  "/Romeo'><occupant-id "));
    assert_non_null(strstr(stone, "<retracted xmlns='urn:xmpp:message-retract:0' stamp='"));
    assert_non_null(strstr(stone, "<reason>Not &lt;here&gt;</reason></moderated><stanza-id "));
    assert_null(strstr(stone, "wherefore"));
    expect_without(&rig, JULIET, "jid=", "romeo@verona.lit", NULL);
    rig_expect(&rig, JULIET, "<fin", "<count>2</count>", NULL);
    /* Even after a restart nobody gets to see it, and the announcement is no talk. */
    rig_restart(&rig);
    enter(&rig, 3);
    rig_expect(&rig, TYBALT, "<subject/>", NULL);
    free(stone);
    free(id);
    rig_close(&rig);
}

static void only_moderators_moderate(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    static const char *const others[] = {MERCUTIO, JULIET, TYBALT};
    for (size_t i = 0; i < COUNT(others); i++) {
        moderate(&rig, others[i], id, TAKE_BACK);
        rig_expect(&rig, others[i], "type='error'", "<forbidden", NULL);
        rig_expect_nothing(&rig, NULL);
    }
    /* The owner does it with a session that is not inside, too. */
    moderate(&rig, "romeo@verona.lit/elsewhere", id, TAKE_BACK);
    rig_expect(&rig, MERCUTIO, "<retract ", NULL);
    free(id);
    rig_close(&rig);
}

static void malformed_moderation_is_refused(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    moderate(&rig, ROMEO, id, "");
    rig_expect(&rig, ROMEO, "type='error'", "<bad-request", NULL);
    moderate(&rig, ROMEO, "", TAKE_BACK);
    rig_expect(&rig, ROMEO, "type='error'", "<item-not-found", NULL);
    moderate(&rig, ROMEO, "0123456789abcdef0123456789abcdef", TAKE_BACK);
    rig_expect(&rig, ROMEO, "type='error'", "<item-not-found", NULL);
    rig_send(&rig, "<iq type='set' id='mod' from='" ROMEO "' to='" ROOM
                   "'><moderate xmlns='" MODERATE "'>" TAKE_BACK "</moderate></iq>");
    rig_expect(&rig, ROMEO, "type='error'", "<bad-request", NULL);
    struct buf long_reason = BUF_INIT;
    buf_add_text(&long_reason, TAKE_BACK "<reason>");
    for (int i = 0; i < 1025; i++)
        buf_add_char(&long_reason, 'x');
    buf_add_text(&long_reason, "</reason>");
    moderate(&rig, ROMEO, id, long_reason.data);
    rig_expect(&rig, ROMEO, "type='error'", "<policy-violation", NULL);
    rig_expect_nothing(&rig, NULL);
    buf_free(&long_reason);
    free(id);
    rig_close(&rig);
}

static void history_alone_forgets_too(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    room_do(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    moderate(&rig, ROMEO, id, TAKE_BACK);
    rig_expect(&rig, ROMEO, "<retract ", NULL);
    enter(&rig, 3);
    rig_expect(&rig, TYBALT, "<subject/>", NULL);
    free(id);
    rig_close(&rig);
}

/* Whichever call of the store fails, the message is retracted completely or not at all. */
static void any_call_may_fail(void **state)
{
    (void)state;
    bool failed = true;
    for (unsigned k = 1; failed; k++) {
        struct rig rig;
        room_open(&rig, CONFIGURE(""));
        char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
        rig.fail_at = k;
        moderate(&rig, ROMEO, id, TAKE_BACK);
        failed = rig.fail_at == 0;
        rig.fail_at = 0;
        bool told = rig.out.data && strstr(rig.out.data, "<retract ");
        read_archive(&rig, JULIET);
        char *first = rig_receive(&rig, JULIET);
        assert_int_equal(told, strstr(first, "<retracted ") != NULL);
        free(first);
        free(id);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authors_retract_their_own),
        cmocka_unit_test(nobody_retracts_messages_of_others),
        cmocka_unit_test(retractions_stay),
        cmocka_unit_test(moderators_retract_retractions),
        cmocka_unit_test(moderators_retract),
        cmocka_unit_test(only_moderators_moderate),
        cmocka_unit_test(malformed_moderation_is_refused),
        cmocka_unit_test(history_alone_forgets_too),
        cmocka_unit_test(any_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
