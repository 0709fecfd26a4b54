/* The password scenario on the room floor alone. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

#define ROOM   "room@conference.localhost"
#define ROMEO  "romeo@localhost/orchard"
#define JULIET "juliet@localhost/balcony"
#define X      "<x xmlns='http://jabber.org/protocol/muc'/>"

#define SECRET_FORM(id, value)                                                                     \
    "<iq id='" id "' type='set' from='" ROMEO "' to='" ROOM                                        \
    "'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "              \
    "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig"        \
    "</value></field><field var='muc#roomconfig_roomsecret'>" value "</field></x></query></iq>"

static void test_password(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_send(&rig, "<presence from='" ROMEO "' to='" ROOM "/Romeo'>" X "</presence>");
    rig_expect(&rig, ROMEO, "from='" ROOM "/Romeo'",
               "<status code='201'/><item affiliation='owner' role='moderator' jid='" ROMEO
               "'/><status code='110'/></x>",
               NULL);
    rig_expect(&rig, ROMEO, "<message from='" ROOM "' type='groupchat'", "<subject/>", NULL);
    rig_send(&rig, SECRET_FORM("c1", "<value>cauldronburn</value>"));
    rig_expect(&rig, ROMEO, "type='result'", "id='c1'", NULL);
    rig_drain(&rig);
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM "/Juliet'>" X "</presence>");
    rig_expect(&rig, JULIET, "type='error'", "<error type='auth' code='401'", "<not-authorized",
               NULL);
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM
                   "/Juliet'><x xmlns='http://jabber.org/protocol/muc'>"
                   "<password>cauldronburn</password></x></presence>");
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Juliet'", "<status code='110'/>", NULL);
    rig_expect(&rig, JULIET, "<subject/>", NULL);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet'", "jid='" JULIET "'", NULL);
    rig_send(&rig, "<presence type='unavailable' from='" JULIET "' to='" ROOM "'/>");
    rig_expect(&rig, ROMEO, "type='unavailable'", "from='" ROOM "/Juliet'", NULL);
    rig_expect(&rig, JULIET, "type='unavailable'", "<status code='110'/>", NULL);
    rig_send(&rig, SECRET_FORM("c2", ""));
    rig_expect(&rig, ROMEO, "type='result'", "id='c2'", NULL);
    rig_expect(&rig, ROMEO,
               "<x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x>", NULL);
    rig_send(&rig, "<presence from='" JULIET "' to='" ROOM "/Juliet'>" X "</presence>");
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
