/* The archive of a room: what it keeps, how long, and who may read it. */

#include "archive_fixture.h"

/* ---- What a message looks like ---- */

static void forwarded_copies_are_true(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, "<message xmlns='jabber:client' type='groupchat' from='" JULIET "' to='" ROOM
                   "' id='m'><body>Ciao</body>"
                   "<x xmlns='" NS_MUC_USER "'><item jid='forged@verona.lit'/></x></message>");
    char *live = rig_receive(&rig, ROMEO);
    char *id = attribute(strstr(live, "<stanza-id"), "id");
    assert_int_equal(strlen(id), 32);
    struct buf result = BUF_INIT;
    buf_printf(&result,
               "<result xmlns='" MAM "' queryid='q' id='%s'><forwarded xmlns='urn:xmpp:forward:0'>"
               "<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>"
               "<message xmlns='jabber:client' from='" ROOM "/Juliet' type='groupchat' id='m'>"
               "<body>Ciao</body><stanza-id xmlns='urn:xmpp:sid:0' by='" ROOM
               "' id='%s'/><occupant-id ",
               id, id);
    ask(&rig, MERCUTIO, "");
    char *copy = rig_receive(&rig, MERCUTIO);
    if (!strstr(copy, result.data))
        fail_msg("there is no  %s  in  %s", result.data, copy);
    assert_null(strstr(copy, "jid="));
    assert_non_null(strstr(copy, "<message from='" ROOM "' to='" MERCUTIO "'>"));
    expect_page(&rig, MERCUTIO, "", "type='result'", "<fin xmlns='" MAM "' complete='true'>",
                "<first index='0'>", "<count>1</count>", NULL);
    free(copy);
    /* The owner may see the author's address, and so may the author. */
    static const char item[] = "<x xmlns='" NS_MUC_USER "'><item affiliation='none' jid='" JULIET
                               "' role='participant'/></x></message></forwarded>";
    ask(&rig, ROMEO, "");
    rig_expect(&rig, ROMEO, item, NULL);
    ask(&rig, PHONE, "");
    rig_expect(&rig, PHONE, item, NULL);
    free(id);
    free(live);
    buf_free(&result);
    rig_close(&rig);
}

static void only_lasting_messages_are_kept(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say(&rig, ROMEO, "subject", "<subject>Balcony</subject>");
    say(&rig, JULIET, "typing", "<composing xmlns='http://jabber.org/protocol/chatstates'/>");
    say(&rig, JULIET, "no", "<body>hush</body><no-permanent-store xmlns='urn:xmpp:hints'/>");
    say(&rig, JULIET, "said", "<body>hello</body>");
    rig_send(&rig, "<message xmlns='jabber:client' type='chat' from='" JULIET "' to='" ROOM
                   "/Romeo' id='private'><body>secret</body></message>");
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "subject said", "complete='true'", NULL);
    /* A newcomer gets the subject once, after the history. */
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    for (int i = 0; i < 4; i++)
        free(rig_receive(&rig, TYBALT));
    rig_expect(&rig, TYBALT, "id='said'", NULL);
    rig_expect(&rig, TYBALT, "id='subject'", NULL);
    rig_expect_nothing(&rig, TYBALT);
    rig_close(&rig);
}

/* ---- Who may read ---- */

static void expect_access(struct rig *rig, const char *who, bool allowed)
{
    ask(rig, who, "");
    if (allowed)
        expect_page(rig, who, "m0", "complete='true'", NULL);
    else
        expect_error(rig, who, "<forbidden");
}

static void who_may_enter_may_read(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 1);
    expect_access(&rig, TYBALT, true);
    room_do(&rig, AFFILIATE("tybalt@capulet.lit", "outcast"));
    expect_access(&rig, TYBALT, false);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("enablelogging", "1")));
    expect_access(&rig, TYBALT, false);
    rig_close(&rig);

    room_open(&rig, CONFIGURE(CONFIG_FIELD("roomsecret", "sesame")));
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM
                   "/Juliet'><x xmlns='http://jabber.org/protocol/muc'>"
                   "<password>sesame</password></x></presence>");
    say_some(&rig, 1);
    expect_access(&rig, JULIET, true);
    expect_access(&rig, TYBALT, false);
    room_do(&rig, AFFILIATE("tybalt@capulet.lit", "member"));
    expect_access(&rig, TYBALT, true);
    rig_close(&rig);

    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 1);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1")));
    expect_access(&rig, TYBALT, false);
    expect_access(&rig, ROMEO, true);
    rig_send(&rig, "<presence type='unavailable' from='" ROMEO "' to='" ROOM "/Romeo'/>");
    rig_close(&rig);
}

/* Clients set the option for every room that they want to keep: it opens the archive to nobody. */
static void a_log_opens_nothing(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 1);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1") CONFIG_FIELD("enablelogging", "1")
                                CONFIG_FIELD("publicroom", "0") CONFIG_FIELD("whois", "anyone")));
    expect_access(&rig, TYBALT, false);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    expect_access(&rig, TYBALT, false);
    expect_access(&rig, ROMEO, true);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "0") CONFIG_FIELD("roomsecret", "sesame")));
    expect_access(&rig, TYBALT, false);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomsecret", "")));
    expect_access(&rig, TYBALT, true);
    rig_close(&rig);
}

static void locked_and_unknown_rooms_have_none(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    ask(&rig, TYBALT, "");
    expect_error(&rig, TYBALT, "<item-not-found");
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    ask(&rig, TYBALT, "");
    expect_error(&rig, TYBALT, "<item-not-found");
    rig_close(&rig);
}

static void real_jids_follow_the_room(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 1);
    ask(&rig, TYBALT, "");
    expect_without(&rig, TYBALT, "jid=", JULIET, NULL);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")));
    ask(&rig, TYBALT, "");
    rig_expect(&rig, TYBALT, "jid='" JULIET "'", NULL);
    rig_close(&rig);
}

/* ---- Switching it off ---- */

static void without_archive_only_history_is_kept(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say(&rig, JULIET, "before", "<body>hello</body>");
    room_do(&rig, CONFIGURE(CONFIG_FIELD(
                      "enablearchiving",
                      "0") "<field var='muc#maxhistoryfetch'><value>3</value></field>"));
    say_some(&rig, 6);
    ask(&rig, ROMEO, "");
    expect_error(&rig, ROMEO, "<service-unavailable");
    rig_send(&rig, "<iq type='get' id='i' from='" ROMEO "' to='" ROOM
                   "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    expect_without(&rig, ROMEO, "urn:xmpp:mam", NULL);
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    for (int i = 0; i < 4; i++)
        free(rig_receive(&rig, TYBALT));
    rig_expect(&rig, TYBALT, "id='m3'", NULL);
    rig_expect(&rig, TYBALT, "id='m4'", NULL);
    rig_expect(&rig, TYBALT, "id='m5'", NULL);
    rig_expect(&rig, TYBALT, "<subject/>", NULL);
    /* The messages are written a little later. */
    say_some(&rig, 2);
    rig_wait(&rig, 1);
    say(&rig, JULIET, "lost", "<body>hello</body>");
    rig_restart(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    for (int i = 0; i < 4; i++)
        free(rig_receive(&rig, TYBALT));
    rig_expect(&rig, TYBALT, "id='m5'", NULL);
    rig_expect(&rig, TYBALT, "id='m0'", NULL);
    rig_expect(&rig, TYBALT, "id='m1'", NULL);
    rig_expect(&rig, TYBALT, "<subject/>", NULL);
    /* Messages sent while the archive was off are never in it. */
    room_do(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "1")));
    say(&rig, JULIET, "after", "<body>hello</body>");
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "before after", "<count>2</count>", NULL);
    rig_close(&rig);
}

static void the_option_makes_no_noise(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    rig_expect(&rig, ROMEO, "type='result'", NULL);
    rig_expect_nothing(&rig, NULL);
    ask(&rig, ROMEO, "");
    expect_error(&rig, ROMEO, "<service-unavailable");
    rig_close(&rig);
}

static void it_outlives_the_process(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    say_some(&rig, 2);
    rig_restart(&rig);
    say(&rig, JULIET, "later", "<body>hello</body>");
    ask(&rig, TYBALT, "");
    expect_page(&rig, TYBALT, "m0 m1 later", "<count>3</count>", NULL);
    rig_close(&rig);
}

static void it_ends_with_its_room(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 2);
    room_do(&rig, OWNER("<destroy/>"));
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(""));
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "", "<count>0</count>", NULL);
    rig_close(&rig);
}

/* ---- Retention ---- */

static void old_messages_go(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say(&rig, JULIET, "old", "<body>hello</body>");
    rig.now_ms += INT64_C(36) * 3600 * 1000;
    say(&rig, JULIET, "new", "<body>hello</body>");
    rig.settings.limits.archive_days = 1;
    rig_restart(&rig);
    rig_wait(&rig, 1);
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "new", "<first index='0'>", "<count>1</count>", NULL);
    rig_close(&rig);
}

static void surplus_messages_go(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 6);
    rig.settings.limits.archive_keep = 4;
    rig_restart(&rig);
    rig_wait(&rig, 1);
    ask(&rig, ROMEO, SET("<max>2</max><index>1</index>"));
    expect_page(&rig, ROMEO, "m3 m4", "<first index='1'>", "<count>4</count>", NULL);
    say(&rig, JULIET, "later", "<body>hello</body>");
    rig_wait(&rig, 1);
    rig_wait(&rig, 1);
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "m3 m4 m5 later", "<count>4</count>", NULL);
    rig_close(&rig);
}

static void owners_limit_their_archive(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE("<field var='{urn:coven:0}archivemessages'><value>2</value>"
                              "</field>"));
    say_some(&rig, 5);
    rig_restart(&rig);
    rig_wait(&rig, 1);
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "m3 m4", "<count>2</count>", NULL);
    room_do(&rig, CONFIGURE("<field var='{urn:coven:0}archivedays'><value>1</value></field>"));
    rig.now_ms += INT64_C(36) * 3600 * 1000;
    rig_wait(&rig, 2);
    rig_wait(&rig, 2);
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "", "<count>0</count>", NULL);
    rig_close(&rig);
}

/* A damaged message keeps its place, and is sent to nobody: it would break the stream. */
static void damaged_messages_are_left_out(void **state)
{
    (void)state;
    struct rig rig;
    static const char *const damaged[] = {"<message from='x' to=''><body>evil</bodi></message>",
                                          "<message from='x' to=''><body>evil\xFF</body></message>",
                                          "<message to='", "", "evil"};
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 2);
    char *id = id_of(&rig, 0);
    struct message_id key = {0, 0};
    assert_true(message_id_parse(id, &key));
    for (size_t i = 0; i < 2 * COUNT(damaged); i++) {
        struct store_message row = {
            .key = key.key, .stanza = span_of(damaged[i / 2]), .to_at = i % 2 ? 18 : 1000000};
        assert_int_equal(store_message_replace(rig.store, &row), STORE_OK);
        ask(&rig, ROMEO, "");
        rig_expect(&rig, ROMEO, "<result ", "<forwarded xmlns='urn:xmpp:forward:0'><delay",
                   "/></forwarded>", NULL);
        rig_expect(&rig, ROMEO, " id='m1'", NULL);
        rig_expect(&rig, ROMEO, "<count>2</count>", NULL);
        rig_send(&rig, JOIN(TYBALT, "T"));
        char *stanza;
        unsigned history = 0;
        while ((stanza = rig_receive(&rig, TYBALT))) {
            assert_null(strstr(stanza, "evil"));
            history += strstr(stanza, "<body>hello</body>") != NULL;
            free(stanza);
        }
        assert_int_equal(history, 1);
        rig_send(&rig, "<presence type='unavailable' from='" TYBALT "' to='" ROOM "/T'/>");
        rig_drain(&rig);
    }
    free(id);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forwarded_copies_are_true),
        cmocka_unit_test(only_lasting_messages_are_kept),
        cmocka_unit_test(who_may_enter_may_read),
        cmocka_unit_test(a_log_opens_nothing),
        cmocka_unit_test(locked_and_unknown_rooms_have_none),
        cmocka_unit_test(real_jids_follow_the_room),
        cmocka_unit_test(without_archive_only_history_is_kept),
        cmocka_unit_test(the_option_makes_no_noise),
        cmocka_unit_test(it_outlives_the_process),
        cmocka_unit_test(it_ends_with_its_room),
        cmocka_unit_test(old_messages_go),
        cmocka_unit_test(surplus_messages_go),
        cmocka_unit_test(owners_limit_their_archive),
        cmocka_unit_test(damaged_messages_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
