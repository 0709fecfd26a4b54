/* kick, role and affiliation as commands: the effects of muc#admin, from nobody in the room. */

#include "command_fixture.h"

static void test_kick(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "kick", "{'room':'room','nick':'Juliet','reason':'enough'}");
    rig_expect(&rig, JULIET, "<status code='307'/>", "<reason>enough</reason>", NULL);
    char *seen = rig_receive(&rig, ROMEO);
    assert_non_null(strstr(seen, "<status code='307'/>"));
    assert_null(strstr(seen, "<actor"));
    free(seen);
    rig_close(&rig);
}

static void test_affiliation(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "affiliation",
               "{'room':'" ROOM "','jid':'juliet@capulet.lit','affiliation':'admin'}");
    rig_expect(&rig, JULIET, "affiliation='admin'", NULL);
    command_refused(&rig, "affiliation",
                    "{'room':'room','jid':'romeo@verona.lit','affiliation':'none'}", "conflict");
    rig_close(&rig);
}

static void test_unknown_room(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    command_refused(&rig, "kick", "{'room':'nowhere','nick':'Juliet'}", "item-not-found");
    rig_close(&rig);
}

/* An admin of the room may kick by command, a stranger may not. */
static void test_rights(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    struct run_caller owner = {.name = "romeo", .jid = span_of(ROMEO)};
    struct run_caller stranger = {.name = "tybalt", .jid = span_of("tybalt@localhost/x")};
    struct answer answer =
        command_run_as(&rig, &stranger, "kick", "{'room':'room','nick':'Juliet'}");
    assert_string_equal(answer.error->condition, "forbidden");
    answer_free(&answer);
    answer = command_run_as(&rig, &owner, "kick", "{'room':'room','nick':'Juliet'}");
    assert_null(answer.error);
    answer_free(&answer);
    rig_expect(&rig, JULIET, "<actor nick='Romeo'", NULL);
    rig_close(&rig);
}

/* A step whose turn is dropped has done nothing, and says so. */
static void test_dropped(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.drops = true;
    command_refused(&rig, "kick", "{'room':'room','nick':'Juliet'}", "resource-constraint");
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kick),         cmocka_unit_test(test_affiliation),
        cmocka_unit_test(test_unknown_room), cmocka_unit_test(test_rights),
        cmocka_unit_test(test_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
