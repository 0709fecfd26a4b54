/* A join of a session that is inside, under another nick: what it gets, and in which order. */

#include "room_fixture.h"

#define AGAIN(from, nick)                                                                          \
    "<presence id='again' from='" from "' to='" ROOM "/" nick "'><x xmlns='" NS_MUC "'/></"        \
    "presence>"

static void begin(struct rig *rig, const char *configure)
{
    room_open(rig, configure);
    rig_send(rig, SAY(ROMEO, "Before"));
    rig_drain(rig);
}

/* Everything once, the own presence after those of the others. */
static void it_gets_all_in_order(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")));
    rig_send(&rig, AGAIN(JULIET, "Jule"));
    rig_expect(&rig, JULIET, "from='" ROOM "/Juliet'", "type='unavailable'", "id='again'",
               "code='303'", "nick='Jule'", "code='110'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", "jid='" ROMEO "'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Jule'", "id='again'", "code='100'", "code='110'",
               NULL);
    rig_expect(&rig, JULIET, "<body>Before</body>", "<delay", NULL);
    rig_expect(&rig, JULIET, "<subject/>", NULL);
    rig_expect_nothing(&rig, JULIET);
    expect_without(&rig, ROMEO, "id='again'", "code='110'", NULL);
    expect_without(&rig, ROMEO, "id='again'", "code='110'", NULL);
    rig_expect_nothing(&rig, ROMEO);
    rig_close(&rig);
}

/* The room prepares nicks: the client is told by 210, and its next join finds it under that nick.
 */
static void a_prepared_nick_is_told(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, CONFIGURE(""));
    rig_send(&rig, AGAIN(JULIET, "\xef\xbc\xaa"
                                 "ule")); /* a wide J */
    rig_expect(&rig, JULIET, "type='unavailable'", "nick='Jule'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Jule'", "code='210'", "code='110'", NULL);
    rig_drain(&rig);
    rig_send(&rig, AGAIN(JULIET, "\xef\xbc\xaa"
                                 "ule"));
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Jule'", "code='210'", "code='110'", NULL);
    rig_expect_nothing(&rig, ROMEO);
    rig_close(&rig);
}

/* The session keeps its nick, and everybody their view. */
static void a_refused_join_changes_nothing(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, CONFIGURE(CONFIG_FIELD("maxusers", "3")));
    rig_send(&rig, AGAIN(JULIET, "Romeo"));
    rig_expect(&rig, JULIET, "type='error'", "id='again'", "<x xmlns='" NS_MUC "'/>", "<conflict",
               NULL);
    rig_expect_nothing(&rig, NULL);
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_send(&rig, AGAIN(PHONE, "Phone"));
    rig_expect(&rig, PHONE, "type='error'", "id='again'", "<service-unavailable", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, SAY(PHONE, "Still"));
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet'", "<body>Still</body>", NULL);
    rig_close(&rig);
}

/* The visitor's second session takes the nick of the moderator's: it sees real JIDs from now on. */
static void a_nick_may_come_with_real_addresses(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("moderatedroom", "1")));
    rig_join(&rig, PHONE, ROOM "/Phone");
    room_do(&rig, ADMIN("<item nick='Juliet' role='moderator'/>"));
    rig_send(&rig, SHOW(PHONE, "Juliet", "chat"));
    rig_expect(&rig, PHONE, "type='unavailable'", "code='303'", NULL);
    rig_expect(&rig, PHONE, "from='" ROOM "/Romeo'", "jid='" ROMEO "'", NULL);
    rig_expect(&rig, PHONE, "from='" ROOM "/Mercutio'", "jid='" MERCUTIO "'", NULL);
    rig_expect(&rig, PHONE, "from='" ROOM "/Juliet'", "role='moderator'", "code='110'", NULL);
    rig_expect_nothing(&rig, PHONE);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gets_all_in_order),
        cmocka_unit_test(a_prepared_nick_is_told),
        cmocka_unit_test(a_refused_join_changes_nothing),
        cmocka_unit_test(a_nick_may_come_with_real_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
