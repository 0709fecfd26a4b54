/* Limits of number: beyond them requests are refused and change nothing. */

#include "rig.h"
#include "unit.h"

#define ROOM       "room@conference.localhost"
#define ANNA       "anna@localhost/a"
#define X          "<x xmlns='http://jabber.org/protocol/muc'/>"

#define CONSTRAINT "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"

/* A rig with other limits than usual. */
static void open_rig(struct rig *rig, struct service_limits limits)
{
    rig_open(rig);
    rig->settings.limits = limits;
    rig_restart(rig);
}

static struct service_limits usual(void)
{
    struct rig rig;
    rig_open(&rig);
    struct service_limits limits = rig.settings.limits;
    rig_close(&rig);
    return limits;
}

static void join_room(struct rig *rig, int number)
{
    char text[256];
    snprintf(text, sizeof text,
             "<presence from='" ANNA "' to='room%d@conference.localhost/Anna'>" X "</presence>",
             number);
    rig_send(rig, text);
}

static void rooms_of_a_user(void **state)
{
    (void)state;
    struct rig rig;
    struct service_limits limits = usual();
    limits.user_sessions = 2;
    open_rig(&rig, limits);
    join_room(&rig, 1);
    join_room(&rig, 2);
    rig_drain(&rig);
    join_room(&rig, 3);
    rig_expect(&rig, ANNA, "type='error'", CONSTRAINT, NULL);
    rig_send(&rig,
             "<presence from='" ANNA "' to='room1@conference.localhost/Anna' type='unavailable'/>");
    rig_drain(&rig);
    join_room(&rig, 3);
    rig_expect(&rig, ANNA, "<status code='201'/>", NULL);
    rig_close(&rig);
}

static void rooms_created_by_a_user(void **state)
{
    (void)state;
    struct rig rig;
    struct service_limits limits = usual();
    limits.user_created = 2;
    open_rig(&rig, limits);
    join_room(&rig, 1);
    join_room(&rig, 2);
    rig_expect(&rig, ANNA, "<status code='201'/>", NULL);
    rig_drain(&rig);
    join_room(&rig, 3);
    rig_expect(&rig, ANNA, "type='error'", CONSTRAINT, NULL);
    rig_send(&rig,
             "<presence from='" ANNA "' to='room1@conference.localhost/Anna' type='unavailable'/>");
    rig_drain(&rig);
    join_room(&rig, 3);
    rig_expect(&rig, ANNA, "<status code='201'/>", NULL);
    rig_close(&rig);
}

/* An admin's account may be that of a bridge. */
static void admins_are_not_held_to_a_users_limits(void **state)
{
    (void)state;
    static const char *const admins[] = {"anna@localhost", NULL};
    struct rig rig;
    struct service_limits limits = usual();
    limits.user_sessions = limits.user_created = 1;
    open_rig(&rig, limits);
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
    struct service_limits limits = usual();
    limits.rooms = limits.user_created = 1;
    open_rig(&rig, limits);
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
    buf_printf(
        &text,
        "<iq id='i' type='set' from='" ANNA "' to='%s@conference.localhost'><query "
        "xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
        "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig"
        "</value></field><field var='muc#roomconfig_persistentroom'><value>1</value></field>"
        "</x></query></iq>",
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

/* The store fails, if it is asked for more than the room and the commit. */
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
    struct service_limits limits = usual();
    limits.idle_rooms = 2;
    open_rig(&rig, limits);
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
