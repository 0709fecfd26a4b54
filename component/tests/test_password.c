/* A room with a password. */

#include "room_fixture.h"

#define SECRET(text) CONFIGURE(CONFIG_FIELD("roomsecret", text))

static void test_password(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig_expect(&rig, ROMEO, "from='" ROOM "/Romeo'",
               "<status code='201'/><item affiliation='owner' role='moderator' jid='" ROMEO
               "'/><status code='110'/></x>",
               NULL);
    rig_expect(&rig, ROMEO, "<message from='" ROOM "' type='groupchat'", "<subject/>", NULL);
    rig_send(&rig, SECRET("cauldronburn"));
    rig_expect(&rig, ROMEO, "type='result'", NULL);
    rig_drain(&rig);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "type='error'", "<error type='auth' code='401'", "<not-authorized",
               NULL);
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM
                   "/Juliet'><x xmlns='http://jabber.org/protocol/muc'>"
                   "<password>cauldronburn</password></x></presence>");
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Juliet'", "<status code='110'/>", NULL);
    rig_expect(&rig, JULIET, "<subject/>", NULL);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet'", "jid='" JULIET "'", NULL);
    rig_send(&rig, LEAVE(JULIET));
    rig_expect(&rig, ROMEO, "type='unavailable'", "from='" ROOM "/Juliet'", NULL);
    rig_expect(&rig, JULIET, "type='unavailable'", "<status code='110'/>", NULL);
    rig_send(&rig, SECRET(""));
    rig_expect(&rig, ROMEO, "type='result'", NULL);
    rig_expect(&rig, ROMEO,
               "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x>", NULL);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Juliet'", NULL);
    rig_expect(&rig, JULIET, "<subject/>", NULL);
    rig_expect_nothing(&rig, JULIET);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_password)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
