/* deny, allow, denied. */

#include "command_fixture.h"

static void a_denied_user_leaves_and_stays_out(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_drain(&rig);
    command_do(&rig, "deny", "{'address':'juliet@capulet.lit','reason':'Spam','for':'1h'}");
    rig_expect(&rig, JULIET, "type='unavailable'", "<status code='307'/>", "<reason>Spam</reason>",
               NULL);
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet'", "type='unavailable'", NULL);
    rig_drain(&rig);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<forbidden ", "before 2026-01-01T01:00:00Z: Spam", NULL);
    rig_send(&rig, "<iq from='" JULIET "' to='" RIG_DOMAIN "' type='get' id='1'>"
                   "<ping xmlns='urn:xmpp:ping'/></iq>");
    rig_expect(&rig, JULIET, "<forbidden ", NULL);
    rig_send(&rig, LEAVE(JULIET));
    rig_expect_nothing(&rig, JULIET);
    rig_restart(&rig);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<forbidden ", NULL);
    rig_wait(&rig, 3601);
    rig_drain(&rig);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<presence from='" ROOM "/Romeo'", NULL);
    struct answer answer = command_run(&rig, "denied", "{}");
    assert_int_equal(json_array_size(answer.rows), 0);
    answer_free(&answer);
    rig_close(&rig);
}

/* A domain stands for its users, and for the domains below it. */
static void a_denied_domain(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, "a@sub.capulet.lit/x", ROOM "/A");
    rig_join(&rig, "b@notcapulet.lit/x", ROOM "/B");
    rig_drain(&rig);
    command_do(&rig, "deny", "{'address':'capulet.lit'}");
    rig_expect(&rig, JULIET, "<status code='307'/>", NULL);
    rig_expect(&rig, "a@sub.capulet.lit/x", "<status code='307'/>", NULL);
    struct answer answer = command_run(&rig, "occupants", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 3);
    answer_free(&answer);
    answer = command_run(&rig, "denied", "{}");
    assert_string_equal(answer_field(&answer, 0, "address"), "capulet.lit");
    assert_string_equal(answer_field(&answer, 0, "by"), "uid 0");
    answer_free(&answer);
    rig_drain(&rig);
    rig_send(&rig, "<message from='" ROMEO "' to='" ROOM "'><x xmlns='" NS_MUC_USER "'><invite to='"
                   "nurse@capulet.lit"
                   "'/></x></message>");
    rig_expect_nothing(&rig, NULL);
    command_do(&rig, "allow", "{'address':'capulet.lit'}");
    command_refused(&rig, "allow", "{'address':'capulet.lit'}", "item-not-found");
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<presence from='" ROOM "/Romeo'", NULL);
    rig_close(&rig);
}

static void limits_of_denial(void **state)
{
    static const char *const admins[] = {"romeo@verona.lit", NULL};
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.settings.admins = admins;
    service_configure(rig.service, &rig.settings);
    command_refused(&rig, "deny", "{'address':'romeo@verona.lit'}", "conflict");
    command_refused(&rig, "deny", "{'address':'" RIG_DOMAIN "'}", "conflict");
    command_do(&rig, "deny", "{'address':'verona.lit'}");
    rig_drain(&rig);
    rig_send(&rig, SAY(ROMEO, "still here"));
    rig_expect(&rig, ROMEO, "still here", NULL);
    command_do(&rig, "deny", "{'address':'b.example'}");
    command_do(&rig, "deny", "{'address':'c.example'}");
    command_refused(&rig, "deny", "{'address':'d.example'}", "resource-constraint");
    command_do(&rig, "deny", "{'address':'c.example','reason':'again'}");
    rig_close(&rig);
}

/* What a dropped turn denied or allowed is as before. */
static void a_dropped_turn_denies_nobody(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "deny", "{'address':'kept.example'}");
    rig_drain(&rig);
    rig.drops = true;
    command_refused(&rig, "deny", "{'address':'juliet@capulet.lit'}", "resource-constraint");
    rig.drops = true;
    command_refused(&rig, "allow", "{'address':'kept.example'}", "resource-constraint");
    rig_send(&rig, SAY(JULIET, "still here"));
    rig_expect(&rig, ROMEO, "still here", NULL);
    struct answer answer = command_run(&rig, "denied", "{}");
    assert_int_equal(json_array_size(answer.rows), 1);
    answer_free(&answer);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_denied_user_leaves_and_stays_out),
        cmocka_unit_test(a_denied_domain),
        cmocka_unit_test(limits_of_denial),
        cmocka_unit_test(a_dropped_turn_denies_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
