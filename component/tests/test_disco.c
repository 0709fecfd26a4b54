/* disco#info of the service and of rooms. */

#include "disco_fixture.h"

/* Asserts that the answer contains `text`, or that it does not. */
static void expect_in_info(struct rig *rig, const char *text, bool there)
{
    rig_send(rig, REQUEST("get", JULIET, ROOM, INFO));
    char *info = rig_receive(rig, JULIET);
    assert_non_null(info);
    if ((strstr(info, text) != NULL) != there)
        fail_msg("%s%s in %s", there ? "no " : "", text, info);
    free(info);
}

static void test_service(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, RIG_DOMAIN, INFO),
           "<identity category='conference' type='text' name='Rooms'/>", FEATURE(NS_MUC),
           FEATURE(NS_DISCO_INFO), FEATURE(NS_DISCO_ITEMS), FEATURE(NS_RSM), FEATURE(NS_VCARD),
           FEATURE(NS_MUC_UNIQUE), FEATURE(NS_PING), FEATURE(NS_VERSION), FEATURE(NS_LAST),
           FEATURE(NS_TIME), FEATURE("muc_rooms"), FEATURE(NS_OCCUPANT_ID));
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, RIG_DOMAIN, NODE("x")), "<item-not-found");
    ANSWER(&rig, ROMEO, REQUEST("set", ROMEO, RIG_DOMAIN, INFO), "<not-allowed");
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, RIG_DOMAIN, "<query xmlns='urn:example'/>"),
           "<error type='cancel' code='503'");
    ANSWER(&rig, ROMEO, REQUEST("set", ROMEO, RIG_DOMAIN, "<query xmlns='urn:example'/>"),
           "<service-unavailable");
    rig_close(&rig);
}

/* How long it has been running, and what time it is. */
static void test_about(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, RIG_DOMAIN, "<query xmlns='jabber:iq:last'/>"),
           "<query xmlns='jabber:iq:last' seconds='0'/></iq>");
    rig_wait(&rig, 90061);
    rig_drain(&rig);
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, RIG_DOMAIN, "<query xmlns='jabber:iq:last'/>"),
           "<query xmlns='jabber:iq:last' seconds='90061'/></iq>");
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, RIG_DOMAIN, "<time xmlns='urn:xmpp:time'/>"),
           "<time xmlns='urn:xmpp:time'><tzo>+00:00</tzo><utc>2026-01-02T01:01:01Z</utc></time>");
    rig_restart(&rig);
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, RIG_DOMAIN, "<query xmlns='jabber:iq:last'/>"),
           "<query xmlns='jabber:iq:last' seconds='0'/></iq>");
    static const char *const payloads[] = {"<query xmlns='jabber:iq:last'/>",
                                           "<time xmlns='urn:xmpp:time'/>"};
    for (size_t i = 0; i < COUNT(payloads); i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, REQUEST("set", JULIET, RIG_DOMAIN, "%s"), payloads[i]);
        ANSWER(&rig, JULIET, text.data, "<service-unavailable");
        buf_clear(&text);
        buf_printf(&text, REQUEST("get", ROMEO, ROOM, "%s"), payloads[i]);
        ANSWER(&rig, ROMEO, text.data, "<service-unavailable");
        buf_free(&text);
    }
    rig_close(&rig);
}

/* Stanzas that are no requests get no answer from any address. */
static void test_silence(void **state)
{
    (void)state;
    static const char *const to[] = {RIG_DOMAIN, ROOM, ROOM "/Romeo", ROOM "/Nobody"};
    static const char *const kinds[] = {"iq type='result'", "iq type='error'",
                                        "message type='error'", "presence type='error'"};
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    for (size_t i = 0; i < COUNT(to); i++) {
        for (size_t j = 0; j < COUNT(kinds); j++) {
            struct buf text = BUF_INIT;
            buf_printf(&text, "<%s id='q' from='" JULIET "' to='%s'/>", kinds[j], to[i]);
            rig_send(&rig, text.data);
            rig_expect_nothing(&rig, NULL);
            buf_free(&text);
        }
    }
    rig_send(&rig, "<message from='" JULIET "' to='" RIG_DOMAIN "'><body>x</body></message>");
    rig_expect(&rig, JULIET, "<message", "<forbidden", NULL);
    rig_send(&rig, "<message from='" JULIET "' to='" RIG_DOMAIN "/x'><body>x</body></message>");
    rig_expect(&rig, JULIET, "<message", "<service-unavailable", NULL);
    rig_send(&rig, "<presence from='" JULIET "' to='" RIG_DOMAIN "'/>");
    rig_expect(&rig, JULIET, "<presence", "<service-unavailable", NULL);
    rig_close(&rig);
}

static void test_room(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, INFO),
           "<identity category='conference' type='text' name='room'/>", FEATURE(NS_MUC),
           FEATURE("muc_public"), FEATURE("muc_open"), FEATURE("muc_unmoderated"),
           FEATURE("muc_semianonymous"), FEATURE("muc_unsecured"), FEATURE("muc_temporary"),
           FEATURE(NS_REGISTER), FEATURE(NS_VCARD), FEATURE(NS_RSM), FEATURE(NS_PING),
           "<field var='muc#roominfo_occupants' type='text-single' label='Number of "
           "occupants'><value>1</value></field>",
           "<field var='muc#roominfo_subjectmod' type='boolean' label='Participants may change "
           "the subject'><value>0</value></field>",
           "<field var='muc#roominfo_changesubject' type='boolean'",
           "<field var='muc#roomconfig_changesubject' type='boolean'",
           "<field var='muc#roomconfig_allowpm' type='text-single' label='Who may send private "
           "messages'><value>anyone</value></field>",
           "<field var='muc#roomconfig_enablelogging' type='boolean' label='Log messages, and tell "
           "users on entry'><value>0</value></field>");
    expect_in_info(&rig, "roominfo_description", false);
    expect_in_info(&rig, "roominfo_lang", false);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_roomname", "Verona")
                                 FIELD("muc#roomconfig_roomdesc", "Where we lay our scene")
                                     FIELD("muc#roomconfig_lang", "it")));
    rig_drain(&rig);
    expect_in_info(&rig, "name='Verona'", true);
    expect_in_info(&rig, "<value>Where we lay our scene</value>", true);
    expect_in_info(&rig, "<field var='muc#roominfo_lang'", true);
    rig_close(&rig);
}

/* One option has the same value under all its names. */
static void test_options(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(FIELD("muc#roomconfig_changesubject", "1")
                                   FIELD("muc#roomconfig_allowpm", "moderators")
                                       FIELD("muc#roomconfig_pubsub", "xmpp:p.lit?;node=n")));
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, INFO),
           "<field var='muc#roominfo_subjectmod' type='boolean' label='Participants may change the "
           "subject'><value>1</value></field><field var='muc#roominfo_changesubject' "
           "type='boolean' label='Participants may change the subject'><value>1</value></field>"
           "<field var='muc#roomconfig_changesubject' type='boolean' label='Participants may "
           "change the subject'><value>1</value></field>",
           "<field var='muc#roomconfig_pubsub' type='text-single' label='Address of the associated "
           "pubsub node'><value>xmpp:p.lit?;node=n</value></field><field "
           "var='muc#roominfo_pubsub' type='text-single' label='Address of the associated pubsub "
           "node'><value>xmpp:p.lit?;node=n</value></field>",
           "<value>moderators</value>");
    rig_close(&rig);
}

#define LOGS "muc#roominfo_logs"

/* The address of the logs is shown for rooms that are logged, and that the world may enter. */
static void test_logs(void **state)
{
    static const struct {
        const char *var, *value, *back;
    } closed[] = {
        {"muc#roomconfig_publicroom", "0", "1"},
        {"muc#roomconfig_membersonly", "1", "0"},
        {"muc#roomconfig_roomsecret", "s", ""},
        {"muc#roomconfig_enablelogging", "0", "1"},
    };
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(FIELD("muc#roomconfig_enablelogging", "1")));
    expect_in_info(&rig, LOGS, false);
    rig.settings.logs_url = "https://logs.lit/?room=";
    service_configure(rig.service, &rig.settings);
    expect_in_info(&rig,
                   "<field var='" LOGS "' type='text-single' label='Logs on the web'>"
                   "<value>https://logs.lit/?room=room</value></field>",
                   true);
    for (size_t i = 0; i < COUNT(closed); i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, CONFIGURE(FIELD("%s", "%s")), closed[i].var, closed[i].value);
        room_do(&rig, text.data);
        expect_in_info(&rig, LOGS, false);
        buf_clear(&text);
        buf_printf(&text, CONFIGURE(FIELD("%s", "%s")), closed[i].var, closed[i].back);
        room_do(&rig, text.data);
        expect_in_info(&rig, LOGS, true);
        buf_free(&text);
    }
    room_do(&rig, AFFILIATE("juliet@capulet.lit", "outcast"));
    expect_in_info(&rig, LOGS, false);
    rig_close(&rig);
}

static void test_logs_of_names(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.logs_url = "https://logs.lit/";
    service_configure(rig.service, &rig.settings);
    rig_join(&rig, ROMEO, "caf\xc3\xa9#1+a_b-c.d~e%@" RIG_DOMAIN "/Romeo");
    rig_send(&rig, "<iq type='set' id='c' from='" ROMEO "' to='caf\xc3\xa9#1+a_b-c.d~e%@" RIG_DOMAIN
                   "'><query xmlns='" NS_MUC_OWNER
                   "'>" FORM(NS_MUC_ROOMCONFIG,
                             FIELD("muc#roomconfig_enablelogging", "1")) "</query></iq>");
    rig_drain(&rig);
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, "caf\xc3\xa9#1+a_b-c.d~e%@" RIG_DOMAIN, INFO),
           "<value>https://logs.lit/caf%C3%A9%231%2Ba_b-c.d~e%25</value>");
    rig_close(&rig);
}

#define SUBJECT(text)                                                                              \
    "<message xmlns='jabber:client' type='groupchat' from='" ROMEO "' to='" ROOM "'>" text         \
    "</message>"

static void test_subject(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    expect_in_info(&rig, "roominfo_subject'", false);
    rig_send(&rig, SUBJECT("<x xmlns='urn:example'><subject>no</subject></x>"
                           "<subject xml:lang='en'>Dogs &amp; &lt;cats&gt;</subject>"));
    rig_drain(&rig);
    expect_in_info(&rig,
                   "<field var='muc#roominfo_subject' type='text-single' "
                   "label='Subject'><value>Dogs &amp; &lt;cats&gt;</value></field>",
                   true);
    rig_restart(&rig);
    expect_in_info(&rig, "<value>Dogs &amp; &lt;cats&gt;</value>", true);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_membersonly", "1")));
    rig_drain(&rig);
    expect_in_info(&rig, "Dogs", false);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_membersonly", "0")));
    rig_send(&rig, SUBJECT("<subject/>"));
    rig_drain(&rig);
    expect_in_info(&rig, "roominfo_subject'", false);
    rig_close(&rig);
}

/* Owners are named in non-anonymous rooms. */
static void test_contacts(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    expect_in_info(&rig, "romeo@verona.lit", false);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_whois", "anyone")));
    rig_drain(&rig);
    expect_in_info(&rig,
                   "<field var='muc#roominfo_contactjid' type='jid-multi' label='Contact "
                   "addresses'><value>romeo@verona.lit</value></field>",
                   true);
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_membersonly", "1")));
    rig_drain(&rig);
    expect_in_info(&rig, "romeo@verona.lit", false);
    rig_close(&rig);
}

static void test_nodes(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, NODE(NS_MUC_TRAFFIC)),
           "<error type='cancel' code='503'", "<service-unavailable");
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, NODE("unheard-of")),
           "<error type='cancel' code='404'", "<item-not-found");
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, NODE("")),
           "<query xmlns='" NS_DISCO_INFO "'><identity category='conference'");
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, NODE("x-roomuser-item")),
           "<query xmlns='" NS_DISCO_INFO "' node='x-roomuser-item'/></iq>");
    rig_send(
        &rig,
        REQUEST("set", ROMEO, ROOM,
                "<query xmlns='" NS_MUC_ADMIN
                "'><item affiliation='member' jid='juliet@capulet.lit' nick='Jule'/></query>"));
    rig_drain(&rig);
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, NODE("x-roomuser-item")),
           "node='x-roomuser-item'><identity category='conference' type='text' name='Jule'/>"
           "</query>");
    ANSWER(&rig, JULIET,
           REQUEST("get", JULIET, ROOM, "<query xmlns='" NS_DISCO_ITEMS "' node='x'/>"),
           "<item-not-found");
    rig_close(&rig);
}

static void test_occupant(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM "/Romeo", INFO),
           "<error type='modify' code='400'", "<bad-request");
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM "/Nobody", ITEMS("")), "<bad-request");
    rig_close(&rig);
}

/* ---- Names for rooms ---- */

static void test_unique(void **state)
{
    (void)state;
    static const char unique[] =
        REQUEST("get", JULIET, RIG_DOMAIN, "<unique xmlns='" NS_MUC_UNIQUE "'/>");
    struct rig rig;
    rig_open(&rig);
    char *answers[2];
    for (int i = 0; i < 2; i++) {
        rig_send(&rig, unique);
        answers[i] = rig_receive(&rig, JULIET);
        assert_non_null(answers[i]);
        const char *name = strstr(answers[i], "<unique xmlns='" NS_MUC_UNIQUE "'>");
        assert_non_null(name);
        assert_int_equal(strspn(strchr(name, '>') + 1, "0123456789abcdef"), 32);
    }
    assert_string_not_equal(answers[0], answers[1]);
    free(answers[0]);
    free(answers[1]);
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, RIG_DOMAIN, ITEMS("")),
           "<query xmlns='" NS_DISCO_ITEMS "'/>");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_service),       cmocka_unit_test(test_silence),
        cmocka_unit_test(test_room),          cmocka_unit_test(test_options),
        cmocka_unit_test(test_about),         cmocka_unit_test(test_logs),
        cmocka_unit_test(test_logs_of_names), cmocka_unit_test(test_subject),
        cmocka_unit_test(test_contacts),      cmocka_unit_test(test_nodes),
        cmocka_unit_test(test_occupant),      cmocka_unit_test(test_unique),
    };
    return cmocka_run_group_tests_name("disco", tests, NULL, NULL);
}
