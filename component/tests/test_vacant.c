/* A temporary room that loses all occupants with their server waits for them. */

#include "question_fixture.h"

static void lose_all(struct rig *rig)
{
    lose(rig, ROMEO);
    lose(rig, JULIET);
    lose(rig, MERCUTIO);
    rig_drain(rig);
}

/* With its configuration, its owner and its bans. */
static void expect_old_room(struct rig *rig)
{
    rig_send(rig, JOIN(JULIET, "Juliet"));
    rig_expect(rig, JULIET, "from='" ROOM "/Juliet'", "affiliation='none'", NULL);
    rig_expect(rig, JULIET, "<subject", NULL);
    rig_send(rig, JOIN(TYBALT, "Tybalt"));
    rig_expect(rig, TYBALT, "<forbidden", NULL);
    rig_send(rig, JOIN(ROMEO, "Romeo"));
    rig_expect(rig, ROMEO, "from='" ROOM "/Juliet'", NULL);
    rig_expect(rig, ROMEO, "from='" ROOM "/Romeo'", "affiliation='owner'", NULL);
    rig_drain(rig);
}

static void open_room(struct rig *rig)
{
    room_open(rig, CONFIGURE(""));
    room_do(rig, AFFILIATE("tybalt@capulet.lit", "outcast"));
}

static void they_come_back_to_their_room(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig);
    lose_all(&rig);
    rig_wait(&rig, rig.settings.limits.vacant_seconds - 2);
    expect_old_room(&rig);
    rig_wait(&rig, rig.settings.limits.vacant_seconds + 2); /* the room stays */
    rig_send(&rig, SAY(ROMEO, "Hi"));
    rig_expect(&rig, JULIET, "<body>Hi</body>", NULL);
    rig_close(&rig);
}

static void it_does_not_wait_for_ever(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig);
    lose_all(&rig);
    rig_wait(&rig, rig.settings.limits.vacant_seconds + 1);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<status code='201'/>", NULL);
    rig_close(&rig);
}

/* A user who leaves does not mean to come back. */
static void the_last_one_who_leaves_ends_it(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig);
    lose(&rig, ROMEO);
    lose(&rig, MERCUTIO);
    rig_send(&rig, LEAVE(JULIET));
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    rig_expect(&rig, TYBALT, "<status code='201'/>", NULL);
    rig_close(&rig);
}

static void a_room_that_nobody_configured_ends_at_once(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    lose(&rig, ROMEO);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<status code='201'/>", NULL);
    rig_close(&rig);
}

static void it_outlives_a_restart(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig);
    lose_all(&rig);
    rig_restart(&rig);
    expect_old_room(&rig);
    rig_close(&rig);
}

/* A restart prolongs the wait, but not for ever: the time begins when the room is loaded. */
static void after_a_restart_it_ends_too(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig);
    lose_all(&rig);
    rig_restart(&rig);
    rig_send(&rig, "<iq type='get' id='1' from='" JULIET "' to='" ROOM
                   "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    rig_expect(&rig, JULIET, "type='result'", NULL);
    rig_wait(&rig, rig.settings.limits.vacant_seconds + 1);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<status code='201'/>", NULL);
    rig_close(&rig);
}

/* The owner may do that without being inside. */
static void it_may_become_persistent(void **state)
{
    struct rig rig;
    (void)state;
    open_room(&rig);
    lose_all(&rig);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_wait(&rig, rig.settings.limits.vacant_seconds + 1);
    expect_old_room(&rig);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_come_back_to_their_room),
        cmocka_unit_test(it_does_not_wait_for_ever),
        cmocka_unit_test(the_last_one_who_leaves_ends_it),
        cmocka_unit_test(a_room_that_nobody_configured_ends_at_once),
        cmocka_unit_test(it_outlives_a_restart),
        cmocka_unit_test(after_a_restart_it_ends_too),
        cmocka_unit_test(it_may_become_persistent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
