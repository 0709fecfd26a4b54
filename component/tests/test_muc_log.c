/* What the log says about rooms, and what it never says. */
#include "log_fixture.h"
#include "room_fixture.h"

#include "coven/log.h"

#define PASSWORD "pilgrims-hands"
#define BODY     "it-is-the-east"
#define SUBJECT  "two-households"

#define KICK(from)                                                                                 \
    "<iq id='k' type='set' from='" from "' to='" ROOM                                              \
    "'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='Juliet' role='none'/>"      \
    "</query></iq>"

#define BAN(from)                                                                                  \
    "<iq id='b' type='set' from='" from "' to='" ROOM                                              \
    "'><query xmlns='http://jabber.org/protocol/muc#admin'>"                                       \
    "<item jid='juliet@capulet.lit' affiliation='outcast'/></query></iq>"

static struct listener listen_at(enum log_level level)
{
    struct listener listener = listen_to_log();
    log_open("covend", level);
    return listener;
}

static void assert_logged(const char *log, const char *line)
{
    if (!strstr(log, line))
        fail_msg("the log has no \"%s\", but: %s", line, log);
}

static unsigned count_of(const char *log, const char *words)
{
    unsigned count = 0;
    for (const char *at = log; (at = strstr(at, words)); at++)
        count++;
    return count;
}

/* The life of a room with a password: somebody speaks, somebody is kicked, everybody leaves. */
static char *log_of_a_life(enum log_level level)
{
    struct rig rig;
    struct listener listener = listen_at(level);
    room_open(&rig, CONFIGURE(CONFIG_FIELD("moderatedroom", "0")));
    room_do(&rig, CONFIGURE(CONFIG_FIELD("passwordprotectedroom", "1")
                                CONFIG_FIELD("roomsecret", PASSWORD)));
    rig_send(&rig, "<presence from='" TYBALT "' to='" ROOM "/Tybalt'><x xmlns='http://jabber.org/"
                   "protocol/muc'><password>" PASSWORD "-not</password></x></presence>");
    rig_send(&rig, SAY(ROMEO, BODY));
    rig_send(&rig, "<message from='" ROMEO "' to='" ROOM "' type='groupchat'><subject>" SUBJECT
                   "</subject></message>");
    room_do(&rig, KICK(ROMEO));
    rig_send(&rig, "<presence type='unavailable' from='" ROMEO "' to='" ROOM "/Romeo'/>");
    rig_send(&rig, "<presence type='unavailable' from='" MERCUTIO "' to='" ROOM "/Mercutio'/>");
    rig_close(&rig);
    return end_listening(&listener);
}

static void test_info(void **state)
{
    (void)state;
    char *log = log_of_a_life(LOG_INFO);
    assert_string_equal(log, "covend: info: room " ROOM " created by romeo@verona.lit\n"
                             "covend: info: room " ROOM " ended: nobody is left\n");
    free(log);
}

static void test_debug(void **state)
{
    (void)state;
    char *log = log_of_a_life(LOG_DEBUG);
    assert_logged(log, "debug: " JULIET " enters " ROOM " as Juliet\n");
    assert_logged(log, "debug: refused a stanza (presence, type none) from " TYBALT " to " ROOM
                       "/Tybalt: not-authorized");
    assert_logged(log, "debug: romeo@verona.lit in " ROOM ": kicks Juliet (juliet@capulet.lit)\n");
    assert_logged(log, "debug: romeo@verona.lit in " ROOM ": configures the room\n");
    assert_logged(log, "debug: " MERCUTIO " leaves " ROOM "\n");
    assert_null(strstr(log, PASSWORD));
    assert_null(strstr(log, BODY));
    assert_null(strstr(log, SUBJECT));
    free(log);
}

/* Actions of the service's admins are logged at every level. */
static void test_admin(void **state)
{
    (void)state;
    static const char *const admins[] = {"tybalt@capulet.lit", NULL};
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig.settings.admins = admins;
    service_configure(rig.service, &rig.settings);
    struct listener listener = listen_at(LOG_INFO);
    room_do(&rig, BAN(TYBALT));
    rig_send(&rig, "<iq id='d' type='set' from='" TYBALT "' to='" ROOM
                   "'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>");
    char *log = end_listening(&listener);
    assert_string_equal(log, "covend: info: tybalt@capulet.lit in " ROOM
                             ": gives juliet@capulet.lit the affiliation outcast\n"
                             "covend: info: tybalt@capulet.lit in " ROOM ": destroys the room\n"
                             "covend: info: room " ROOM " destroyed\n");
    free(log);
    rig_close(&rig);
}

/* One line at once, then one a minute while it goes on. */
static void test_limits(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.user_rate = 1;
    rig.settings.limits.user_burst = 1;
    service_configure(rig.service, &rig.settings);
    rig_wait(&rig, 5);
    struct listener listener = listen_at(LOG_INFO);
    for (int i = 0; i < 50; i++)
        rig_send(&rig, SAY(JULIET, BODY));
    rig_wait(&rig, 61);
    rig_wait(&rig, 61);
    rig_wait(&rig, 61);
    char *log = end_listening(&listener);
    assert_string_equal(log,
                        "covend: info: juliet@capulet.lit exceeds a limit: user_rate\n"
                        "covend: info: juliet@capulet.lit exceeded limits 48 more times in the "
                        "last minute, most recently: user_rate\n");
    free(log);
    rig_close(&rig);
}

/* A few users have lines of their own; the others are counted together. */
static void test_limits_of_many(void **state)
{
    (void)state;
    struct rig rig;
    char presence[256];
    room_open(&rig, CONFIGURE(""));
    rig.settings.limits.nick_chars = 3;
    service_configure(rig.service, &rig.settings);
    struct listener listener = listen_at(LOG_DEBUG);
    for (int i = 0; i < 200; i++) {
        snprintf(presence, sizeof presence, JOIN("user%d@b.lit/c", "Long name"), i);
        rig_send(&rig, presence);
    }
    rig_wait(&rig, 61);
    char *log = end_listening(&listener);
    assert_int_equal(count_of(log, "exceeds a limit: nick_characters"), 64);
    assert_logged(log, "info: other users exceeded limits 136 times in the last minute\n");
    free(log);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_info),           cmocka_unit_test(test_debug),
        cmocka_unit_test(test_admin),          cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limits_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
