/* After the link was down: sessions that are still there notice nothing, the others leave. */

#include "question_fixture.h"

#define OTHER "other@conference.localhost"
#define ANNA  "anna@localhost/a"
#define BORIS "boris@localhost/b"
#define FAR   "far@elsewhere.example/f"

/* Anna is alone in it. */
static void open_room(struct rig *rig)
{
    rig_open(rig);
    rig_join(rig, ANNA, ROOM "/Anna");
    room_do(rig, IQ("set", ANNA, "1",
                    "<query xmlns='" NS_MUC_OWNER "'>" FORM(NS_MUC_ROOMCONFIG, "") "</query>"));
}

static void open_rooms(struct rig *rig)
{
    open_room(rig);
    rig_join(rig, BORIS, ROOM "/Boris");
    rig_join(rig, FAR, ROOM "/Far");
    rig_join(rig, BORIS, OTHER "/Boris");
    rig_drain(rig);
    rig_confirm(rig);
}

static void lost_sessions_leave_every_room(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_ask(&rig);
    char *anna = take_question(&rig, ANNA), *boris = take_question(&rig, BORIS),
         *far = take_question(&rig, FAR);
    rig_expect_nothing(&rig, NULL); /* each session is asked once */
    answer(&rig, ANNA, anna);
    rig_expect_nothing(&rig, NULL);
    bounce(&rig, BORIS, boris, "service-unavailable");
    rig_expect(&rig, ANNA, "from='" ROOM "/Boris'", "type='unavailable'", "<status code='333'/>",
               NULL);
    rig_expect(&rig, FAR, "from='" ROOM "/Boris'", "type='unavailable'", NULL);
    rig_expect_nothing(&rig, NULL); /* and the dead session gets nothing */
    /* The other room was his alone, and is gone with him. */
    rig_send(&rig, "<presence from='" ANNA "' to='" OTHER
                   "/Anna'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    rig_expect(&rig, ANNA, "<status code='201'/>", NULL);
    rig_drain(&rig);
    bounce(&rig, FAR, far, "remote-server-timeout");
    rig_expect(&rig, ANNA, "from='" ROOM "/Far'", "<status code='333'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    free(anna);
    free(boris);
    free(far);
    rig_close(&rig);
}

/* A new session with the same address joins before the question bounces. */
static void a_new_session_is_not_removed(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_ask(&rig);
    char *boris = take_question(&rig, BORIS);
    rig_join(&rig, BORIS, ROOM "/Boris");
    bounce(&rig, BORIS, boris, "service-unavailable");
    answer(&rig, BORIS, boris);
    rig_expect_nothing(&rig, BORIS);
    rig_expect_nothing(&rig, FAR);
    free(boris);
    rig_close(&rig);
}

static void nobody_answers_for_another(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_ask(&rig);
    char *anna = take_question(&rig, ANNA), *boris = take_question(&rig, BORIS);
    free(take_question(&rig, FAR));
    bounce(&rig, BORIS, anna, "gone");
    bounce(&rig, FAR, boris, "gone");
    bounce(&rig, BORIS, "made-up", "gone");
    rig_expect_nothing(&rig, NULL);
    free(anna);
    free(boris);
    rig_close(&rig);
}

/* A session that neither answers nor bounces stays: the client may be slow or asleep. */
static void silent_sessions_stay(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_ask(&rig);
    rig_drain(&rig);
    rig_wait(&rig, 61);
    rig_wait(&rig, 61);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

#define CROWD 250 /* more than are asked at once */

#define USER  "user%03d@localhost/r"

/* All of them in one room, or each in a room of his own. */
static void open_crowd(struct rig *rig, int count, bool together)
{
    char jid[64], address[96];
    open_room(rig);
    for (int i = 0; i < count; i++) {
        snprintf(jid, sizeof jid, USER, i);
        snprintf(address, sizeof address,
                 together ? ROOM "/User%03d" : "room%d@conference.localhost/User", i);
        rig_join(rig, jid, address);
    }
    rig_confirm(rig);
}

static void everybody_is_asked_in_turn(void **state)
{
    (void)state;
    struct rig rig;
    char jid[64];
    open_crowd(&rig, CROWD, true);
    rig_ask(&rig);
    free(take_question(&rig, ANNA));
    for (int i = 0; i < CROWD; i++) {
        snprintf(jid, sizeof jid, USER, i);
        char *id = take_question(&rig, jid);
        answer(&rig, jid, id);
        free(id);
    }
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void expect_all_asked(struct rig *rig, int count)
{
    char jid[64];
    for (int i = 0; i < count; i++) {
        snprintf(jid, sizeof jid, USER, i);
        free(take_question(rig, jid));
    }
}

/* Clients that do not answer hold up the others only for a moment. */
static void sleepers_are_not_waited_for(void **state)
{
    (void)state;
    struct rig rig;
    open_crowd(&rig, CROWD, false);
    rig_ask(&rig);
    for (int i = 0; i < 6; i++)
        rig_wait(&rig, 1);
    expect_all_asked(&rig, CROWD);
    rig_close(&rig);
}

#define SLEEPERS 340 /* so many that the last are asked after nine seconds */

/* Changes are sent again after ten seconds at the latest. */
static void many_sleepers_hold_up_nothing_for_long(void **state)
{
    (void)state;
    struct rig rig;
    open_crowd(&rig, SLEEPERS, false);
    rig_send(&rig, SHOW(ANNA, "Anna", "away"));
    rig_drain(&rig);
    rig_ask(&rig);
    for (int i = 0; i < 9; i++)
        rig_wait(&rig, 1);
    expect_all_asked(&rig, SLEEPERS);
    assert_int_equal(service_step_due_in(rig.service), 1000);
    rig_close(&rig);
}

/* Sessions of rooms that are only in the store are asked too. */
static void after_a_restart(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_restart(&rig);
    rig_ask(&rig);
    char *boris = take_question(&rig, BORIS);
    bounce(&rig, BORIS, boris, "service-unavailable");
    rig_drain(&rig);
    rig_send(&rig, SAY(ANNA, "Hi"));
    rig_expect(&rig, ANNA, "<body>Hi</body>", NULL);
    rig_expect(&rig, FAR, "<body>Hi</body>", NULL);
    rig_expect_nothing(&rig, BORIS);
    free(boris);
    rig_close(&rig);
}

/* Lost presence is sent again only when it is known who is still there. */
static void asking_comes_first(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_send(&rig, SHOW(BORIS, "Boris", "away"));
    rig_drain(&rig);
    rig_restart(&rig);
    rig_ask(&rig);
    char *anna = take_question(&rig, ANNA), *boris = take_question(&rig, BORIS),
         *far = take_question(&rig, FAR);
    rig_expect_nothing(&rig, NULL);
    answer(&rig, ANNA, anna);
    answer(&rig, BORIS, boris);
    bounce(&rig, FAR, far, "service-unavailable");
    rig_expect(&rig, ANNA, "from='" ROOM "/Far'", "<status code='333'/>", NULL);
    rig_expect(&rig, BORIS, "from='" ROOM "/Far'", "<status code='333'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_retell(&rig);
    rig_expect(&rig, ANNA, "from='" ROOM "/Boris'", "<show>away</show>", NULL);
    rig_expect(&rig, BORIS, "from='" ROOM "/Anna'", NULL);
    rig_expect(&rig, BORIS, "from='" ROOM "/Boris'", "<status code='110'/>", NULL);
    rig_expect(&rig, BORIS, "<subject", NULL);
    rig_expect_nothing(&rig, NULL);
    free(anna);
    free(boris);
    free(far);
    rig_close(&rig);
}

/* Changes after the link came up are not sent again. */
static void only_lost_changes_are_sent_again(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_send(&rig, SHOW(BORIS, "Boris", "away"));
    rig_drain(&rig);
    rig_ask(&rig);
    rig_drain(&rig);
    rig_send(&rig, SHOW(ANNA, "Anna", "xa"));
    rig_join(&rig, "clara@localhost/c", ROOM "/Clara");
    rig_retell(&rig);
    rig_expect(&rig, ANNA, "from='" ROOM "/Boris'", "<show>away</show>", NULL);
    rig_expect(&rig, FAR, "from='" ROOM "/Boris'", "<show>away</show>", NULL);
    rig_expect(&rig, "clara@localhost/c", "from='" ROOM "/Boris'", NULL);
    for (int i = 0; i < 3; i++)
        free(rig_receive(&rig, BORIS)); /* Anna, Far and Clara */
    rig_expect(&rig, BORIS, "from='" ROOM "/Boris'", "<status code='110'/>", NULL);
    rig_expect(&rig, BORIS, "<subject", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* The leave was lost, but the user has joined again: it is sent to nobody, not even to the user. */
static void a_lost_leave_is_not_sent_after_a_new_join(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_send(&rig, LEAVE(BORIS));
    rig_drain(&rig);
    rig_ask(&rig);
    rig_join(&rig, BORIS, ROOM "/Boris");
    rig_retell(&rig);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* The leave is not sent to the others when somebody else has the nick. */
static void a_lost_leave_is_hidden_by_a_successor(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_send(&rig, LEAVE(BORIS));
    rig_drain(&rig);
    rig_ask(&rig);
    rig_join(&rig, "clara@localhost/c", ROOM "/Boris");
    rig_retell(&rig);
    rig_expect(&rig, BORIS, "from='" ROOM "/Boris'", "type='unavailable'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Another occupant has taken the nick since: its presence is sent after the leave. */
static void a_nick_taken_over_is_sent_last(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_send(&rig, LEAVE(BORIS));
    rig_drain(&rig);
    rig_ask(&rig);
    rig_send(&rig, "<presence from='" FAR "' to='" ROOM "/Boris'/>");
    rig_drain(&rig);
    rig_retell(&rig);
    rig_expect(&rig, ANNA, "from='" ROOM "/Boris'", "type='unavailable'", NULL);
    rig_expect(&rig, ANNA, "from='" ROOM "/Boris' to=", NULL);
    rig_expect(&rig, BORIS, "from='" ROOM "/Boris'", "type='unavailable'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* The end of the service is told to everybody once, also to those of rooms that only the store
 * knows. */
static void shutdown_is_told(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_restart(&rig);
    rig_stop(&rig);
    rig_expect(&rig, ANNA, "from='" ROOM "/Anna'", "type='unavailable'",
               "<status code='332'/><item", "role='none'", "<status code='110'/>", NULL);
    rig_expect(&rig, BORIS, "<status code='332'/>", NULL);
    rig_expect(&rig, BORIS, "<status code='332'/>", NULL);
    rig_expect(&rig, FAR, "<status code='332'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_restart(&rig);
    rig_send(&rig, SAY(ANNA, "Hi"));
    rig_expect(&rig, ANNA, "item-not-found", NULL); /* the room was temporary */
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_session_is_not_removed),
        cmocka_unit_test(lost_sessions_leave_every_room),
        cmocka_unit_test(nobody_answers_for_another),
        cmocka_unit_test(silent_sessions_stay),
        cmocka_unit_test(everybody_is_asked_in_turn),
        cmocka_unit_test(after_a_restart),
        cmocka_unit_test(shutdown_is_told),
        cmocka_unit_test(asking_comes_first),
        cmocka_unit_test(only_lost_changes_are_sent_again),
        cmocka_unit_test(a_lost_leave_is_not_sent_after_a_new_join),
        cmocka_unit_test(a_lost_leave_is_hidden_by_a_successor),
        cmocka_unit_test(a_nick_taken_over_is_sent_last),
        cmocka_unit_test(sleepers_are_not_waited_for),
        cmocka_unit_test(many_sleepers_hold_up_nothing_for_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
