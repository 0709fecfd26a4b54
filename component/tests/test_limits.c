/* Limits of number and rate: each is a refusal, and nothing else changes. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "rig.h"

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

static void send_message(struct rig *rig)
{
    rig_send(rig,
             "<message from='" ANNA "' to='" ROOM "' type='groupchat'><body>Hi</body></message>");
}

static void rate_of_a_user(void **state)
{
    (void)state;
    struct rig rig;
    struct service_limits limits = usual();
    limits.user_rate = 1;
    limits.user_burst = 3;
    open_rig(&rig, limits);
    rig_join(&rig, ANNA, ROOM "/Anna");
    for (int i = 0; i < 3; i++) {
        send_message(&rig);
        rig_expect(&rig, ANNA, "type='groupchat'", NULL);
    }
    send_message(&rig);
    rig_expect(&rig, ANNA, "type='error'", "type='wait'", CONSTRAINT, NULL);
    rig_wait(&rig, 1);
    send_message(&rig);
    rig_expect(&rig, ANNA, "type='groupchat'", NULL);
    /* To leave and to come back does not fill the bucket, and leaving is always possible. */
    rig_send(&rig, "<presence from='" ANNA "' to='" ROOM "/Anna' type='unavailable'/>");
    rig_expect(&rig, ANNA, "type='unavailable'", NULL);
    rig_join(&rig, ANNA, ROOM "/Anna");
    send_message(&rig);
    rig_expect(&rig, ANNA, "type='error'", CONSTRAINT, NULL);
    rig_close(&rig);
}

static void rate_of_a_room(void **state)
{
    (void)state;
    struct rig rig;
    struct service_limits limits = usual();
    limits.room_rate = 1;
    limits.room_burst = 2;
    open_rig(&rig, limits);
    rig_join(&rig, ANNA, ROOM "/Anna");
    rig_wait(&rig, 10);
    for (int i = 0; i < 2; i++) {
        send_message(&rig);
        rig_expect(&rig, ANNA, "type='groupchat'", NULL);
    }
    send_message(&rig);
    rig_expect(&rig, ANNA, CONSTRAINT, NULL);
    rig_close(&rig);
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
    limits.user_created = 1;
    open_rig(&rig, limits);
    join_room(&rig, 1);
    rig_drain(&rig);
    join_room(&rig, 2);
    rig_expect(&rig, ANNA, "type='error'", CONSTRAINT, NULL);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_of_a_user),       cmocka_unit_test(rate_of_a_room),
        cmocka_unit_test(rooms_of_a_user),      cmocka_unit_test(rooms_created_by_a_user),
        cmocka_unit_test(rooms_of_the_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
