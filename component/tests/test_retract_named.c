/* Authors take back messages by the ids that their own clients gave them. */

#include "retract_fixture.h"

#define FASTEN(id, ns)                                                                             \
    "<apply-to xmlns='urn:xmpp:fasten:0' id='" id "'><retract xmlns='" ns "'/></apply-to>"
#define OLD        "urn:xmpp:message-retract:0"
#define ORIGIN(id) "<origin-id xmlns='urn:xmpp:sid:0' id='" id "'/>"
#define BACK(id)   "<retract xmlns='" RETRACT "' id='" id "'/>"

/* More messages than most turns look at. */
#define MANY 250

static void say_many(struct rig *rig, const char *from)
{
    for (int i = 0; i < MANY; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%d", i);
        free(say(rig, from, id, "<body>prattle</body>"));
    }
}

/* Takes the look at more of them that one turn in a while may take: the next turn may not. */
static void look_deep(struct rig *rig)
{
    rig_send(rig, "<message xmlns='jabber:client' type='groupchat' from='" MERCUTIO "' to='" ROOM
                  "' id='nothing'>" BACK("nothing") "</message>");
}

/* Romeo reads the message that he finds at `position` of the archive. */
static char *read_message(struct rig *rig, unsigned position)
{
    read_archive(rig, ROMEO);
    for (unsigned i = 0; i < position; i++)
        free(rig_receive(rig, ROMEO));
    char *stanza = rig_receive(rig, ROMEO);
    assert_non_null(stanza);
    rig_drain(rig);
    return stanza;
}

static void expect_tombstone(struct rig *rig, unsigned position, const char *by)
{
    struct buf by_attribute = BUF_INIT;
    char *stanza = read_message(rig, position);
    buf_printf(&by_attribute, " id='%s'/>", by);
    const char *at = strstr(stanza, "<retracted xmlns='" RETRACT "'");
    if (!at || !strstr(at, by_attribute.data) || strstr(stanza, "<body"))
        fail_msg("this is no tombstone by %s: %s", by, stanza);
    buf_free(&by_attribute);
    free(stanza);
}

static void all_forms_are_understood(void **state)
{
    (void)state;
    static const char *const forms[] = {
        BACK("a&lt;&apos;"),
        BACK("origin"),
        FASTEN("a&lt;&apos;", OLD) "<body>I retract</body>",
        FASTEN("origin", OLD) "<no-store xmlns='urn:xmpp:hints'/>",
        FASTEN("origin", RETRACT),
    };
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct rig rig;
        room_open(&rig, CONFIGURE(""));
        free(say(&rig, JULIET, "a&lt;&apos;", "<body>wherefore</body>" ORIGIN("origin")));
        free(say(&rig, JULIET, "other", "<body>art thou</body>"));
        free(say(&rig, JULIET, "back", forms[i]));
        rig_expect(&rig, MERCUTIO, "id='back'", NULL);
        expect_tombstone(&rig, 0, "back");
        char *kept = read_message(&rig, 1), *back = read_message(&rig, 2);
        assert_non_null(strstr(kept, "art thou"));
        assert_non_null(strstr(back, "id='back'"));
        free(kept);
        free(back);
        rig_close(&rig);
    }
}

/* The tombstone keeps what clients of both versions know the message by, and nothing else. */
static void tombstones_keep_the_origin_id(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "said",
             "<body>wherefore</body><origin-id xmlns='urn:xmpp:sid:0' id='o' evil='evil'>evil"
             "</origin-id><evil xmlns='evil'/>"));
    free(say(&rig, JULIET, "back", FASTEN("o", OLD)));
    char *stone = read_message(&rig, 0);
    static const char *const parts[] = {
        " id='said'>" ORIGIN("o") "<retracted xmlns='" RETRACT "' stamp='",
        " id='back'/><retracted xmlns='" OLD "' stamp='",
        "'>" ORIGIN("o") "</retracted><stanza-id ",
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!strstr(stone, parts[i]))
            fail_msg("there is no  %s  in  %s", parts[i], stone);
    }
    assert_null(strstr(stone, "evil"));
    free(stone);
    rig_close(&rig);
}

/* A retraction that a moderator retracts still names what it retracted. */
static void retractions_name_it_for_ever(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "said", "<body>wherefore</body>"));
    char *back = say(&rig, JULIET, "back", FASTEN("said", OLD) "<body>evil</body>");
    moderate(&rig, ROMEO, back, TAKE_BACK);
    assert_true(archive_has(&rig, " id='back'>" FASTEN("said", OLD) "<retracted xmlns='" RETRACT));
    assert_false(archive_has(&rig, "evil"));
    free(back);
    rig_close(&rig);
}

static void only_the_author_is_obeyed(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "said", "<body>wherefore</body>" ORIGIN("origin")));
    free(say(&rig, ROMEO, "b1", BACK("said")));
    free(say(&rig, MERCUTIO, "b2", FASTEN("origin", OLD)));
    room_do(&rig, AFFILIATE("juliet@capulet.lit", "outcast"));
    rig_send(&rig, "<message xmlns='jabber:client' type='groupchat' from='" JULIET "' to='" ROOM
                   "' id='b3'>" BACK("said") "</message>");
    rig_expect(&rig, JULIET, "type='error'", "<not-acceptable", NULL);
    assert_true(archive_has(&rig, "wherefore"));
    assert_false(archive_has(&rig, "<retracted"));
    rig_close(&rig);
}

static void other_stanzas_retract_nothing(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "said", "<body>wherefore</body>"));
    static const char *const others[] = {
        BACK("wherefore"),
        BACK("sai"),
        BACK(""),
        "<retract xmlns='" RETRACT "'/>",
        "<apply-to xmlns='urn:xmpp:fasten:0' id='said'/>",
        "<retract xmlns='" OLD "' id='said'/>",
    };
    for (size_t i = 0; i < COUNT(others); i++)
        free(say(&rig, JULIET, "back", others[i]));
    rig_send(&rig, "<message from='" JULIET "' to='" ROOM
                   "/Romeo' type='chat' id='private'>" BACK("said") "</message>");
    rig_expect(&rig, ROMEO, "id='private'", "<retract ", NULL);
    assert_true(archive_has(&rig, "wherefore"));
    assert_false(archive_has(&rig, "<retracted"));
    rig_close(&rig);
}

/* A message that retracts its own id means the one before it. */
static void a_retraction_is_not_what_it_retracts(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "said", "<body>wherefore</body>"));
    free(say(&rig, JULIET, "said", BACK("said") "<body>again</body>"));
    assert_true(archive_has(&rig, "again"));
    expect_tombstone(&rig, 0, "said");
    look_deep(&rig);
    free(say(&rig, JULIET, "alone", BACK("alone") "<body>sweet</body>"));
    assert_true(archive_has(&rig, "<body>sweet</body>"));
    rig_close(&rig);
}

/* Another session, another nick: it is the same user. */
static void the_user_counts(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "said", "<body>wherefore</body>"));
    rig_join(&rig, PHONE, ROOM "/Phone");
    rig_join(&rig, JULIET, ROOM "/Capulet");
    free(say(&rig, PHONE, "back", BACK("said")));
    expect_tombstone(&rig, 0, "back");
    rig_close(&rig);
}

/* The newest one is meant; once it is taken back, the same id means no older one. */
static void the_newest_is_meant(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "1", "<body>wherefore</body>"));
    free(say(&rig, JULIET, "2", "<body>art thou</body>" ORIGIN("1")));
    free(say(&rig, MERCUTIO, "1", "<body>Nay</body>"));
    for (int i = 0; i < 2; i++) {
        free(say(&rig, JULIET, "back", BACK("1")));
        expect_tombstone(&rig, 1, "back");
        assert_true(archive_has(&rig, "wherefore"));
        assert_true(archive_has(&rig, "Nay"));
    }
    rig_close(&rig);
}

/* Both ways lead there: a look in the turn itself, and a search in another thread. */
static void old_messages_are_found(void **state)
{
    (void)state;
    for (int deep = 0; deep < 2; deep++) {
        struct rig rig;
        room_open(&rig, CONFIGURE(""));
        free(say(&rig, JULIET, "old", "<body>wherefore</body>"));
        free(say(&rig, JULIET, "older", "<body>art thou</body>" ORIGIN("origin")));
        say_many(&rig, JULIET);
        rig.now_ms += 3600 * 1000;
        if (!deep)
            look_deep(&rig);
        rig.holds_tasks = deep;
        char *back = say(&rig, JULIET, "back", BACK("old"));
        rig.holds_tasks = false;
        expect_tombstone(&rig, 0, "back");
        assert_true(archive_has(&rig, "art thou"));
        if (!deep)
            look_deep(&rig);
        char *fastened = say(&rig, JULIET, "fastened", FASTEN("origin", OLD));
        expect_tombstone(&rig, 1, "fastened");
        /* The retraction cannot be taken back. */
        free(say(&rig, JULIET, "rueful", BACK("back")));
        moderate(&rig, ROMEO, back, TAKE_BACK);
        rig_expect(&rig, ROMEO, "<retract ", back, NULL);
        rig_expect(&rig, ROMEO, "type='result'", NULL);
        moderate(&rig, ROMEO, fastened, TAKE_BACK);
        rig_expect(&rig, ROMEO, "<retract ", fastened, NULL);
        free(fastened);
        free(back);
        rig_close(&rig);
    }
}

/* A retraction by a moderator before the search ends counts; a room made anew is another room. */
static void much_may_happen_meanwhile(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "old", "<body>wherefore</body>");
    say_many(&rig, MERCUTIO);
    look_deep(&rig);
    rig.holds_tasks = true;
    free(say(&rig, JULIET, "back", BACK("old")));
    moderate(&rig, ROMEO, id, TAKE_BACK);
    rig.holds_tasks = false;
    rig_run_tasks(&rig);
    read_archive(&rig, ROMEO);
    rig_expect(&rig, ROMEO, "id='old'", "<moderated ", NULL);
    rig.holds_tasks = true;
    free(say(&rig, JULIET, "back", BACK("old")));
    rig_send(&rig, OWNER("<destroy/>"));
    rig.holds_tasks = false;
    rig_run_tasks(&rig);
    free(id);
    rig_close(&rig);
}

static void set_search_ms(struct rig *rig, unsigned ms)
{
    rig->settings.limits.search_ms = ms;
    service_configure(rig->service, &rig->settings);
}

/* A search that ends early, or whose result cannot be written, is repeated, but not for ever. */
static void searches_are_repeated(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "old", "<body>wherefore</body>"));
    say_many(&rig, MERCUTIO);
    set_search_ms(&rig, 0);
    look_deep(&rig);
    free(say(&rig, JULIET, "in vain", BACK("old")));
    assert_true(archive_has(&rig, "wherefore"));
    look_deep(&rig);
    rig.holds_tasks = true;
    free(say(&rig, JULIET, "late", BACK("old")));
    struct task *task = rig_take_task(&rig);
    task->run(task, rig.store);
    set_search_ms(&rig, 10000);
    task->finish(task, rig.service, false);
    service_task_free(rig.service, task);
    rig_wait(&rig, 1);
    rig.holds_tasks = false;
    rig.drops = true;
    rig_run_tasks(&rig);
    expect_tombstone(&rig, 0, "late");
    rig_close(&rig);
}

/* The turn of the retraction was kept, so no other turn's end may end the search. */
static void searches_outlive_dropped_turns(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    free(say(&rig, JULIET, "old", "<body>wherefore</body>"));
    say_many(&rig, MERCUTIO);
    look_deep(&rig);
    rig.holds_tasks = true;
    free(say(&rig, JULIET, "late", BACK("old")));
    struct task *task = rig_take_task(&rig);
    task->run(task, rig.store);
    task->finish(task, rig.service, true);
    service_task_free(rig.service, task);
    rig.drops = true;
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM "/Juliet'/>");
    rig.holds_tasks = false;
    rig_run_tasks(&rig);
    expect_tombstone(&rig, 0, "late");
    rig_close(&rig);
}

/* A turn that is dropped takes nothing back. */
static void any_call_may_fail(void **state)
{
    (void)state;
    bool failed = true;
    for (unsigned k = 1; failed; k++) {
        struct rig rig;
        room_open(&rig, CONFIGURE(""));
        free(say(&rig, JULIET, "said", "<body>wherefore</body>"));
        rig.fail_at = k;
        rig_send(&rig, "<message xmlns='jabber:client' type='groupchat' from='" JULIET "' to='" ROOM
                       "' id='back'>" BACK("said") "</message>");
        failed = rig.fail_at == 0;
        rig.fail_at = 0;
        bool told = rig.out.data && strstr(rig.out.data, "<retract ") &&
                    !strstr(rig.out.data, "<resource-constraint");
        assert_int_equal(told, archive_has(&rig, "<retracted "));
        rig_close(&rig);
    }
}

/* Searches wait in the user's line, which has an end. */
static void searches_have_a_limit(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig.holds_tasks = true;
    for (unsigned i = 0; i < rig.settings.limits.user_queries; i++)
        free(say(&rig, JULIET, "back", BACK("nothing")));
    rig_drain(&rig);
    rig_send(&rig, "<message xmlns='jabber:client' type='groupchat' from='" JULIET "' to='" ROOM
                   "' id='back'>" BACK("nothing") "</message>");
    rig_expect(&rig, JULIET, "type='error'", "<resource-constraint", NULL);
    rig_expect_nothing(&rig, NULL);
    rig.holds_tasks = false;
    rig_run_tasks(&rig);
    rig_close(&rig);
}

static void history_alone_forgets_too(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    free(say(&rig, JULIET, "said", "<body>wherefore</body>"));
    free(say(&rig, JULIET, "back", BACK("said")));
    enter(&rig, 3);
    for (char *stanza; (stanza = rig_receive(&rig, TYBALT)); free(stanza))
        assert_null(strstr(stanza, "wherefore"));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_forms_are_understood),
        cmocka_unit_test(tombstones_keep_the_origin_id),
        cmocka_unit_test(retractions_name_it_for_ever),
        cmocka_unit_test(only_the_author_is_obeyed),
        cmocka_unit_test(other_stanzas_retract_nothing),
        cmocka_unit_test(a_retraction_is_not_what_it_retracts),
        cmocka_unit_test(the_user_counts),
        cmocka_unit_test(the_newest_is_meant),
        cmocka_unit_test(old_messages_are_found),
        cmocka_unit_test(much_may_happen_meanwhile),
        cmocka_unit_test(searches_are_repeated),
        cmocka_unit_test(searches_outlive_dropped_turns),
        cmocka_unit_test(any_call_may_fail),
        cmocka_unit_test(searches_have_a_limit),
        cmocka_unit_test(history_alone_forgets_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
