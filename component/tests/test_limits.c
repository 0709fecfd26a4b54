/* Limits on numbers: a request beyond them is refused and changes nothing. */

#include "room_fixture.h"
#include "unit.h"

#define ANNA       "anna@localhost/a"
#define CONSTRAINT "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"

static void join_room(struct rig *rig, int number)
{
    char text[256];
    snprintf(text, sizeof text,
             "<presence from='" ANNA "' to='room%d@conference.localhost/Anna'><x xmlns='" NS_MUC
             "'/></presence>",
             number);
    rig_send(rig, text);
}

/* Anna is in two rooms. She gets a third one only when she has left another. */
static void expect_two(struct rig *rig)
{
    rig_drain(rig);
    join_room(rig, 3);
    rig_expect(rig, ANNA, "type='error'", CONSTRAINT, NULL);
    rig_send(rig,
             "<presence from='" ANNA "' to='room1@conference.localhost/Anna' type='unavailable'/>");
    rig_drain(rig);
    join_room(rig, 3);
    rig_expect(rig, ANNA, "<status code='201'/>", NULL);
}

static void rooms_of_a_user(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.limits.user_sessions = 2;
    service_configure(rig.service, &rig.settings);
    join_room(&rig, 1);
    join_room(&rig, 2);
    expect_two(&rig);
    rig_close(&rig);
}

static void rooms_created_by_a_user(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.limits.user_created = 2;
    service_configure(rig.service, &rig.settings);
    join_room(&rig, 1);
    join_room(&rig, 2);
    rig_expect(&rig, ANNA, "<status code='201'/>", NULL);
    expect_two(&rig);
    rig_close(&rig);
}

/* An admin's account may be that of a bridge. */
static void admins_are_not_held_to_a_users_limits(void **state)
{
    (void)state;
    static const char *const admins[] = {"anna@localhost", NULL};
    struct rig rig;
    rig_open(&rig);
    rig.settings.limits.user_sessions = rig.settings.limits.user_created = 1;
    service_configure(rig.service, &rig.settings);
    rig.settings.admins = admins;
    service_configure(rig.service, &rig.settings);
    for (int i = 1; i <= 3; i++) {
        join_room(&rig, i);
        rig_expect(&rig, ANNA, "<status code='201'/>", NULL);
        rig_drain(&rig);
    }
    rig_close(&rig);
}

static void rooms_of_the_service(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.limits.rooms = rig.settings.limits.user_created = 1;
    service_configure(rig.service, &rig.settings);
    join_room(&rig, 1);
    rig_drain(&rig);
    join_room(&rig, 2);
    rig_expect(&rig, ANNA, "type='error'", CONSTRAINT, NULL);
    rig_close(&rig);
}

static void leave_behind(struct rig *rig, const char *name)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s@conference.localhost/Anna", name);
    rig_join(rig, ANNA, text.data);
    buf_clear(&text);
    buf_printf(&text,
               "<iq id='i' type='set' from='" ANNA
               "' to='%s@conference.localhost'><query xmlns='" NS_MUC_OWNER
               "'>" FORM(NS_MUC_ROOMCONFIG, CONFIG_FIELD("persistentroom", "1")) "</query></iq>",
               name);
    rig_send(rig, text.data);
    buf_clear(&text);
    buf_printf(&text,
               "<presence from='" ANNA "' to='%s@conference.localhost/Anna' "
               "type='unavailable'/>",
               name);
    rig_send(rig, text.data);
    buf_free(&text);
    rig_drain(rig);
}

/* The store fails after the calls for the room and the commit. */
static void look_at(struct rig *rig, const char *name, const char *expected)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq id='i' type='get' from='" ANNA "' to='%s@conference.localhost'><ping "
               "xmlns='urn:xmpp:ping'/></iq>",
               name);
    rig->fail_at = 3;
    rig_send(rig, text.data);
    rig->fail_at = 0;
    rig_expect(rig, ANNA, expected, NULL);
    buf_free(&text);
}

/* Only the rooms used last stay in memory. */
static void idle_rooms(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.limits.idle_rooms = 2;
    service_configure(rig.service, &rig.settings);
    leave_behind(&rig, "one");
    leave_behind(&rig, "two");
    look_at(&rig, "one", "type='result'");
    leave_behind(&rig, "three");
    look_at(&rig, "one", "type='result'");
    look_at(&rig, "three", "type='result'");
    look_at(&rig, "two", CONSTRAINT);
    rig_join(&rig, ANNA, "two@conference.localhost/Anna"); /* is loaded, and not idle */
    look_at(&rig, "one", "type='result'");
    look_at(&rig, "three", "type='result'");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_rooms),
        cmocka_unit_test(rooms_of_a_user),
        cmocka_unit_test(rooms_created_by_a_user),
        cmocka_unit_test(admins_are_not_held_to_a_users_limits),
        cmocka_unit_test(rooms_of_the_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
