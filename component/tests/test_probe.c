/* Presence probes. */

#include "room_fixture.h"

#define PROBE(from, to) "<presence type='probe' id='p1' from='" from "' to='" to "'/>"
#define RESERVE                                                                                    \
    "<iq id='reserve' type='set' from='" ROMEO "' to='" ROOM                                       \
    "'><query xmlns='http://jabber.org/protocol/muc#admin'><item jid='paris@verona.lit' "          \
    "nick='Paris' affiliation='member'/></query></iq>"

static void others_are_shown_as_they_are(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, SHOW(JULIET, "Juliet", "away"));
    rig_drain(&rig);
    rig_send(&rig, PROBE(ROMEO, ROOM "/Juliet"));
    rig_expect(&rig, ROMEO,
               "<presence from='" ROOM "/Juliet' id='p1' to='" ROMEO "'><show>away</show>",
               "<item affiliation='none' role='participant' jid='" JULIET "'/></x>", NULL);
    rig_send(&rig, PROBE(MERCUTIO, ROOM "/Juliet"));
    rig_expect(&rig, MERCUTIO, "<show>away</show>",
               "<item affiliation='none' role='participant'/></x>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void oneself_by_nick_or_room(void **state)
{
    static const char *const probes[] = {PROBE(JULIET, ROOM "/Juliet"), PROBE(JULIET, ROOM)};
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (size_t i = 0; i < 2; i++) {
        rig_send(&rig, probes[i]);
        rig_expect(&rig, JULIET, "<presence from='" ROOM "/Juliet' id='p1' to='" JULIET "'>",
                   "jid='" JULIET "'/></x>", NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_close(&rig);
}

static void also_where_presence_is_not_shown(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("presencebroadcast", "moderator")));
    rig_send(&rig, PROBE(MERCUTIO, ROOM "/Juliet"));
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet'", "role='participant'", NULL);
    rig_close(&rig);
}

static void outsiders_learn_nothing(void **state)
{
    static const char *const to[] = {ROOM "/Juliet", ROOM "/Paris", ROOM};
    static const char *const probes[] = {PROBE(TYBALT, ROOM "/Juliet"),
                                         PROBE(TYBALT, ROOM "/Paris"), PROBE(TYBALT, ROOM)};
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    room_do(&rig, RESERVE);
    for (size_t i = 0; i < 3; i++) {
        struct buf from = BUF_INIT;
        buf_printf(&from, "from='%s' type='error'", to[i]);
        rig_send(&rig, probes[i]);
        rig_expect(&rig, TYBALT, from.data, "<error type='cancel'", "<not-acceptable", NULL);
        rig_expect_nothing(&rig, NULL);
        buf_free(&from);
    }
    rig_close(&rig);
}

static void absent_with_a_reserved_nick(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    room_do(&rig, RESERVE);
    rig_send(&rig, PROBE(ROMEO, ROOM "/Paris"));
    rig_expect(&rig, ROMEO,
               "<presence from='" ROOM "/Paris' type='unavailable' id='p1' to='" ROMEO
               "'><occupant-id xmlns='" NS_OCCUPANT_ID "' id='",
               "'/><x xmlns='" NS_MUC_USER "'><item affiliation='member' role='none' nick='Paris' "
               "jid='paris@verona.lit'/></x></presence>",
               NULL);
    rig_send(&rig, PROBE(JULIET, ROOM "/Paris"));
    rig_expect(&rig, JULIET, "<item-not-found", NULL);
    rig_send(&rig, PROBE(ROMEO, ROOM "/Nobody"));
    rig_expect(&rig, ROMEO, "<item-not-found", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_are_shown_as_they_are),
        cmocka_unit_test(oneself_by_nick_or_room),
        cmocka_unit_test(also_where_presence_is_not_shown),
        cmocka_unit_test(outsiders_learn_nothing),
        cmocka_unit_test(absent_with_a_reserved_nick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
