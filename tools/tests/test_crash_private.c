/* Private messages of coven-crash: who has to get each, who may, and who must not. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crash/private.h"

#define ROOM   3
#define SENDER 9
#define PERSON 4

struct fixture {
    struct private_messages private_messages;
    struct buf why;
};

/* w7 is under way to both devices of the person. */
static int make(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct private_message message = {
        .number = 7, .room = ROOM, .from = SENDER, .to = PERSON, .due = 3};
    private_send(&fixture->private_messages, &message);
    *state = fixture;
    return 0;
}

static int clean(void **state)
{
    struct fixture *fixture = *state;
    private_free(&fixture->private_messages);
    buf_free(&fixture->why);
    free(fixture);
    return 0;
}

static bool receive(struct fixture *fixture, uint32_t person, uint32_t device)
{
    buf_clear(&fixture->why);
    return private_receive(&fixture->private_messages, 7, person, device, false, &fixture->why);
}

static bool settle(struct fixture *fixture)
{
    uint32_t room = 0;
    buf_clear(&fixture->why);
    bool settled = private_settle(&fixture->private_messages, &room, &fixture->why);
    assert_true(settled || room == ROOM);
    return settled;
}

static void a_message_arrives_at_each_session(void **state)
{
    struct fixture *fixture = *state;
    assert_true(receive(fixture, PERSON, 0));
    assert_false(settle(fixture));
    assert_non_null(strstr(fixture->why.data, "due 3, got 1"));
    assert_true(receive(fixture, PERSON, 1));
    assert_true(settle(fixture));
}

static void a_message_arrives_once(void **state)
{
    struct fixture *fixture = *state;
    assert_true(receive(fixture, PERSON, 0));
    assert_false(receive(fixture, PERSON, 0));
    buf_clear(&fixture->why);
    assert_true(private_receive(&fixture->private_messages, 7, PERSON, 0, true, &fixture->why));
}

static void a_message_arrives_nowhere_else(void **state)
{
    struct fixture *fixture = *state;
    assert_false(receive(fixture, PERSON + 1, 0));
    assert_string_equal(fixture->why.data, "private message w7 was meant for person 4");
}

static void a_message_does_not_arrive_late(void **state)
{
    struct fixture *fixture = *state;
    receive(fixture, PERSON, 0);
    receive(fixture, PERSON, 1);
    assert_true(settle(fixture));
    assert_false(receive(fixture, PERSON, 0));
}

static void only_the_changed_session_is_excused(void **state)
{
    struct fixture *fixture = *state;
    private_excuse(&fixture->private_messages, ROOM + 1, PERSON, 1);
    private_excuse(&fixture->private_messages, ROOM, PERSON + 1, 1);
    receive(fixture, PERSON, 0);
    assert_false(settle(fixture));
    private_excuse(&fixture->private_messages, ROOM, PERSON, 0); /* device 0 has it */
    assert_false(settle(fixture));
    private_excuse(&fixture->private_messages, ROOM, PERSON, 1);
    assert_true(settle(fixture));
}

static void a_removed_sender_is_excused(void **state)
{
    struct fixture *fixture = *state;
    private_excuse_sender(&fixture->private_messages, ROOM, SENDER + 1);
    assert_false(settle(fixture));
    private_excuse_sender(&fixture->private_messages, ROOM, SENDER);
    assert_true(settle(fixture));
}

static void an_excused_message_may_arrive(void **state)
{
    struct fixture *fixture = *state;
    private_excuse_all(&fixture->private_messages);
    assert_true(receive(fixture, PERSON, 1));
    assert_true(settle(fixture));
}

static void a_refusal_is_reported(void **state)
{
    struct fixture *fixture = *state;
    private_refuse(&fixture->private_messages, 7, "item-not-found");
    assert_false(settle(fixture));
    assert_non_null(strstr(fixture->why.data, "refused: item-not-found"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_arrives_at_each_session, make, clean),
        cmocka_unit_test_setup_teardown(a_message_arrives_once, make, clean),
        cmocka_unit_test_setup_teardown(a_message_arrives_nowhere_else, make, clean),
        cmocka_unit_test_setup_teardown(a_message_does_not_arrive_late, make, clean),
        cmocka_unit_test_setup_teardown(only_the_changed_session_is_excused, make, clean),
        cmocka_unit_test_setup_teardown(a_removed_sender_is_excused, make, clean),
        cmocka_unit_test_setup_teardown(an_excused_message_may_arrive, make, clean),
        cmocka_unit_test_setup_teardown(a_refusal_is_reported, make, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
