/* Which of several sessions stands for an occupant: for the others, for newcomers, for IQs. */

#include "muc/state/occupant.h"
#include "room_fixture.h"

#define PRESENT(from, priority, status)                                                            \
    "<presence id='p' from='" from "' to='" ROOM "/Juliet'><status>" status                        \
    "</status><priority>" priority "</priority></presence>"
#define ENTER(from, priority, status)                                                              \
    "<presence from='" from "' to='" ROOM "/Juliet'><x xmlns='" NS_MUC "'/><status>" status        \
    "</status><priority>" priority "</priority></presence>"
#define PROBE(from) "<presence type='probe' from='" from "' to='" ROOM "/Juliet'/>"
#define ASK(from)                                                                                  \
    "<iq type='get' id='q' from='" from "' to='" ROOM                                              \
    "/Juliet'><query xmlns='jabber:iq:version'/></iq>"
#define STATUS(text) "<status>" text "</status>"

/* ---- The choice ---- */

static void the_highest_priority_is_chosen_then_the_last_speaker(void **state)
{
    (void)state;
    static const struct {
        struct session sessions[3];
        int face;
    } cases[] = {
        {{{.priority = 0, .spoke = 1}, {.priority = 0, .spoke = 2}, {.priority = 0, .spoke = 3}},
         2},
        {{{.priority = 0, .spoke = 5}, {.priority = 0, .spoke = 2}, {.priority = 0, .spoke = 3}},
         0},
        {{{.priority = 0, .spoke = 9}, {.priority = 1, .spoke = 2}, {.priority = -1, .spoke = 10}},
         1},
        {{{.priority = -128, .spoke = 3}, {.priority = -127, .spoke = 1}, {.priority = -128}}, 1},
        {{{.priority = 127, .spoke = 3}, {.priority = 127, .spoke = 4}, {.priority = 0}}, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct session sessions[3];
        memcpy(sessions, cases[i].sessions, sizeof sessions);
        sessions[0].next = &sessions[1];
        sessions[1].next = &sessions[2];
        struct occupant occupant = {.sessions = sessions};
        assert_ptr_equal(occupant_face(&occupant), &sessions[cases[i].face]);
    }
}

static void a_priority_is_a_small_number(void **state)
{
    (void)state;
    static const struct {
        const char *presence;
        int priority;
    } cases[] = {
        {"", 0},
        {"<show>away</show>", 0},
        {"<priority>5</priority>", 5},
        {"<status>x</status><priority>-1</priority><show>xa</show>", -1},
        {"<priority> 7\n</priority>", 7},
        {"<priority>127</priority>", 127},
        {"<priority>-128</priority>", -128},
        {"<priority>128</priority>", 0},
        {"<priority>99999999999999999999</priority>", 0},
        {"<priority/>", 0},
        {"<priority> </priority>", 0},
        {"<priority>high</priority>", 0},
        {"<priority>5 or so</priority>", 0},
        {"<priority xmlns='urn:other'>5</priority>", 0},
        {"<c xmlns='urn:c'><priority>5</priority></c>", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(session_priority(span_of(cases[i].presence)), cases[i].priority);
}

/* ---- What others see ---- */

/* A room with Romeo and Mercutio in it, and Juliet twice. */
static void begin(struct rig *rig, const char *desk, const char *phone)
{
    room_begin(rig, CONFIGURE(""));
    rig_join(rig, MERCUTIO, ROOM "/Mercutio");
    rig_send(rig, desk);
    rig_send(rig, phone);
    rig_drain(rig);
}

/* What a probe and a newcomer see, and who is asked. */
static void assert_face(struct rig *rig, const char *status, const char *jid)
{
    rig_drain(rig);
    rig_send(rig, PROBE(ROMEO));
    rig_expect(rig, ROMEO, "from='" ROOM "/Juliet'", status, NULL);
    rig_send(rig, ASK(ROMEO));
    rig_expect(rig, jid, "<query xmlns='jabber:iq:version'/>", NULL);
    rig_expect_nothing(rig, NULL);
    rig_send(rig, JOIN(NURSE, "Nurse"));
    rig_expect(rig, NURSE, "from='" ROOM "/Romeo'", NULL);
    rig_expect(rig, NURSE, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(rig, NURSE, "from='" ROOM "/Juliet'", status, NULL);
    rig_send(rig, LEAVE(NURSE));
    rig_drain(rig);
}

static void a_session_of_low_priority_is_not_seen(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_join(&rig, MERCUTIO, ROOM "/Mercutio");
    rig_send(&rig, ENTER(JULIET, "5", "desk"));
    rig_drain(&rig);
    rig_send(&rig, ENTER(PHONE, "-1", "phone"));
    rig_expect(&rig, PHONE, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, PHONE, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(&rig, PHONE, STATUS("phone"), "code='110'", NULL); /* what it sent itself */
    rig_expect(&rig, JULIET, STATUS("desk"), "code='110'", NULL);
    rig_expect(&rig, ROMEO, STATUS("desk"), "jid='" PHONE "'", NULL);
    rig_expect_nothing(&rig, MERCUTIO);
    assert_face(&rig, STATUS("desk"), JULIET);
    rig_send(&rig, PRESENT(PHONE, "-2", "pocket"));
    rig_expect(&rig, PHONE, "id='p'", STATUS("pocket"), "code='110'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, SAY(PHONE, "Hello"));
    rig_expect(&rig, ROMEO, "<body>Hello</body>", NULL);
    assert_face(&rig, STATUS("desk"), JULIET);
    rig_close(&rig);
}

static void a_higher_priority_takes_over_and_a_lower_one_gives_way(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, ENTER(JULIET, "5", "desk"), ENTER(PHONE, "0", "phone"));
    rig_send(&rig, PRESENT(PHONE, "6", "busy"));
    rig_expect(&rig, ROMEO, STATUS("busy"), NULL);
    rig_expect(&rig, JULIET, STATUS("busy"), "code='110'", NULL);
    rig_expect(&rig, PHONE, "id='p'", STATUS("busy"), NULL);
    assert_face(&rig, STATUS("busy"), PHONE);
    rig_send(&rig, PRESENT(PHONE, "1", "idle"));
    rig_expect(&rig, ROMEO, STATUS("desk"), NULL);
    rig_expect(&rig, JULIET, STATUS("desk"), "code='110'", NULL);
    rig_expect(&rig, PHONE, "id='p'", STATUS("idle"), NULL);
    assert_face(&rig, STATUS("desk"), JULIET);
    rig_send(&rig, LEAVE(JULIET));
    rig_expect(&rig, ROMEO, STATUS("idle"), NULL);
    rig_expect(&rig, PHONE, STATUS("idle"), NULL);
    assert_face(&rig, STATUS("idle"), PHONE);
    rig_close(&rig);
}

static void among_equals_the_last_speaker_is_seen(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, ENTER(JULIET, "0", "desk"), ENTER(PHONE, "0", "phone"));
    assert_face(&rig, STATUS("phone"), PHONE);
    rig_send(&rig, SAY(JULIET, "One"));
    rig_expect(&rig, MERCUTIO, "<presence", STATUS("desk"), NULL);
    rig_expect(&rig, MERCUTIO, "<body>One</body>", NULL);
    rig_expect(&rig, PHONE, "<presence", STATUS("desk"), "code='110'", NULL);
    rig_expect(&rig, PHONE, "<body>One</body>", NULL);
    rig_expect(&rig, JULIET, "<body>One</body>", NULL);
    assert_face(&rig, STATUS("desk"), JULIET);
    rig_send(&rig, SAY(JULIET, "Two"));
    rig_expect(&rig, MERCUTIO, "<body>Two</body>", NULL);
    rig_close(&rig);
}

/* Sessions that look alike take turns unnoticed. */
static void a_face_that_looks_the_same_is_not_told(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_send(&rig, SAY(JULIET, "One"));
    rig_expect(&rig, ROMEO, "<body>One</body>", NULL);
    rig_expect(&rig, PHONE, "<body>One</body>", NULL);
    rig_drain(&rig);
    rig_send(&rig, ASK(ROMEO));
    rig_expect(&rig, JULIET, "jabber:iq:version", NULL);
    rig_close(&rig);
}

/* ---- What is kept ---- */

static void a_restart_keeps_the_face(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, ENTER(JULIET, "0", "desk"), ENTER(PHONE, "0", "phone"));
    rig_send(&rig, SAY(JULIET, "One"));
    rig_restart(&rig);
    rig_recover(&rig);
    assert_face(&rig, STATUS("desk"), JULIET);
    rig_send(&rig, SAY(PHONE, "Two"));
    room_do(&rig, ADMIN("<item nick='Juliet' role='moderator'/>"));
    rig_restart(&rig);
    rig_recover(&rig);
    assert_face(&rig, STATUS("phone"), PHONE);
    rig_send(&rig, PRESENT(JULIET, "1", "desk"));
    rig_restart(&rig);
    rig_recover(&rig);
    assert_face(&rig, STATUS("desk"), JULIET);
    rig_close(&rig);
}

static void a_dropped_turn_changes_nothing(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig, ENTER(JULIET, "0", "desk"), ENTER(PHONE, "0", "phone"));
    rig.drops = true;
    rig_send(&rig, SAY(JULIET, "Lost"));
    assert_face(&rig, STATUS("phone"), PHONE);
    rig.drops = true;
    rig_send(&rig, PRESENT(JULIET, "9", "desk"));
    assert_face(&rig, STATUS("phone"), PHONE);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_highest_priority_is_chosen_then_the_last_speaker),
        cmocka_unit_test(a_priority_is_a_small_number),
        cmocka_unit_test(a_session_of_low_priority_is_not_seen),
        cmocka_unit_test(a_higher_priority_takes_over_and_a_lower_one_gives_way),
        cmocka_unit_test(among_equals_the_last_speaker_is_seen),
        cmocka_unit_test(a_face_that_looks_the_same_is_not_told),
        cmocka_unit_test(a_restart_keeps_the_face),
        cmocka_unit_test(a_dropped_turn_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
