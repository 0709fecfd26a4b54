/* Commands that show rooms and people. */

#include "command_fixture.h"
#include "muc/command/select.h"

static void patterns(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool fits;
    } cases[] = {{"*", "", true},          {"*", "lobby", true},    {"lobby", "lobby", true},
                 {"lobby", "lobb", false}, {"l*y", "lobby", true},  {"l*y", "lobbyx", false},
                 {"*b*y", "lobby", true},  {"**", "x", true},       {"", "", true},
                 {"", "x", false},         {"a*a*a", "aXa", false}, {"a*a*a", "aaa", true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (select_matches(cases[i].pattern, span_of(cases[i].text)) != cases[i].fits)
            fail_msg("%s / %s", cases[i].pattern, cases[i].text);
    }
}

static void expect_rooms(struct rig *rig, const char *arguments, const char *names)
{
    struct answer answer = command_run(rig, "rooms", arguments);
    struct buf list = BUF_INIT;
    buf_add_text(&list, "");
    for (size_t i = 0; i < json_array_size(answer.rows); i++) {
        const char *room = answer_field(&answer, i, "room");
        buf_printf(&list, "%.*s ", (int)strcspn(room, "@"), room);
    }
    assert_string_equal(list.data, names);
    buf_free(&list);
    answer_free(&answer);
}

static void lists_of_rooms(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_send(&rig, SAY(JULIET, "one"));
    rig_wait(&rig, 5);
    command_do(&rig, "create", "{'room':'b','owner':'juliet@capulet.lit'}");
    rig_wait(&rig, 5);
    command_do(&rig, "create", "{'room':'a','options':['publicroom=0']}");
    expect_rooms(&rig, "{}", "a b room ");
    expect_rooms(&rig, "{'limit':1,'skip':1}", "b ");
    expect_rooms(&rig, "{'match':'?'}", "");
    expect_rooms(&rig, "{'match':'r*'}", "room ");
    expect_rooms(&rig, "{'match':'b@conference.localhost'}", "b ");
    expect_rooms(&rig, "{'state':'hidden'}", "a ");
    expect_rooms(&rig, "{'state':'occupied'}", "room ");
    expect_rooms(&rig, "{'state':'empty'}", "a b ");
    expect_rooms(&rig, "{'owner':'juliet@capulet.lit'}", "b ");
    expect_rooms(&rig, "{'sort':'created'}", "a b room ");
    expect_rooms(&rig, "{'sort':'occupants','limit':2}", "room b ");
    expect_rooms(&rig, "{'sort':'messages','skip':1,'limit':0}", "b a ");
    struct answer answer = command_run(&rig, "rooms", "{'match':'room'}");
    assert_string_equal(answer_field(&answer, 0, "occupants"), "3");
    assert_string_equal(answer_field(&answer, 0, "messages"), "1");
    assert_string_equal(answer_field(&answer, 0, "last"), "2026-01-01T00:00:00Z");
    assert_string_equal(answer_field(&answer, 0, "owners"), "[\"romeo@verona.lit\"]");
    answer_free(&answer);
    rig_close(&rig);
}

/* More rooms than are read at once, and more than are told at once. */
static void many_rooms(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    for (int i = 0; i < 700; i++) {
        char text[64];
        snprintf(text, sizeof text, "{'room':'r%03d'}", i);
        command_do(&rig, "create", text);
    }
    static const char *const arguments[] = {"{'limit':0}", "{'limit':0,'sort':'created'}",
                                            "{'match':'r*','limit':700}"};
    for (size_t i = 0; i < 3; i++) {
        struct answer answer = command_run(&rig, "rooms", arguments[i]);
        assert_int_equal(json_array_size(answer.rows), 700);
        answer_free(&answer);
    }
    struct answer answer = command_run(&rig, "rooms", "{}");
    assert_int_equal(json_array_size(answer.rows), 100);
    answer_free(&answer);
    rig_close(&rig);
}

static void people_in_a_room(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("presencebroadcast", "visitor")));
    command_do(&rig, "affiliation",
               "{'room':'room','jid':'nurse@capulet.lit','affiliation':'member',"
               "'nick':'Nurse','reason':'kin'}");
    command_do(&rig, "affiliation", "{'room':'room','jid':'spam.example','affiliation':'outcast'}");
    struct answer answer = command_run(&rig, "occupants", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 3); /* though nobody is shown to anybody */
    assert_string_equal(answer_field(&answer, 1, "nick"), "Juliet");
    assert_string_equal(answer_field(&answer, 1, "jid"), "juliet@capulet.lit");
    assert_string_equal(answer_field(&answer, 1, "clients"), "[\"" JULIET "\"]");
    assert_string_equal(answer_field(&answer, 0, "role"), "moderator");
    answer_free(&answer);
    answer = command_run(&rig, "affiliations", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 3);
    assert_string_equal(answer_field(&answer, 0, "jid"), "romeo@verona.lit");
    assert_string_equal(answer_field(&answer, 1, "nick"), "Nurse");
    assert_string_equal(answer_field(&answer, 1, "reason"), "kin");
    assert_string_equal(answer_field(&answer, 2, "affiliation"), "outcast");
    answer_free(&answer);
    rig_close(&rig);
}

static void what_a_user_is(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "affiliation", "{'room':'room','jid':'verona.lit','affiliation':'admin'}");
    struct answer answer = command_run(&rig, "user", "{'jid':'romeo@verona.lit'}");
    assert_int_equal(json_array_size(answer.rows), 4);
    assert_string_equal(answer_field(&answer, 0, "is"), "inside");
    assert_string_equal(answer_field(&answer, 0, "client"), ROMEO);
    assert_string_equal(answer_field(&answer, 0, "nick"), "Romeo");
    assert_string_equal(answer_field(&answer, 1, "is"), "owner");
    assert_string_equal(answer_field(&answer, 2, "is"), "admin");
    assert_string_equal(answer_field(&answer, 2, "reason"), "verona.lit");
    assert_string_equal(answer_field(&answer, 3, "is"), "creator");
    answer_free(&answer);
    answer = command_run(&rig, "user", "{'jid':'romeo@verona.li'}");
    assert_int_equal(json_array_size(answer.rows), 0);
    answer_free(&answer);
    rig_close(&rig);
}

static void the_history_of_a_room(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, SAY(JULIET, "O &lt;Romeo>"));
    rig_send(&rig, SAY(ROMEO, "Shall I hear more?"));
    struct answer answer = command_run(&rig, "history", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 2);
    assert_string_equal(answer_field(&answer, 0, "text"), "O <Romeo>");
    assert_string_equal(answer_field(&answer, 1, "jid"), "romeo@verona.lit");
    answer_free(&answer);
    answer = command_run(&rig, "history", "{'room':'room','limit':1}");
    assert_string_equal(answer_field(&answer, 0, "nick"), "Romeo");
    answer_free(&answer);
    answer = command_run(&rig, "history", "{'room':'room','user':'juliet@capulet.lit'}");
    assert_int_equal(json_array_size(answer.rows), 1);
    answer_free(&answer);
    rig_close(&rig);
}

/* More messages, and more that a user is, than one step tells: all come, in their order. */
static void long_answers(void **state)
{
    struct rig rig;
    char text[512];
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (int i = 0; i < 45; i++) {
        rig_wait(&rig, 5);
        snprintf(text, sizeof text, SAY(JULIET, "%d"), 100 + i);
        rig_send(&rig, text);
    }
    struct answer answer = command_run(&rig, "history", "{'room':'room','limit':45}");
    assert_int_equal(json_array_size(answer.rows), 45);
    assert_string_equal(answer_field(&answer, 0, "text"), "100");
    assert_string_equal(answer_field(&answer, 20, "text"), "120");
    assert_string_equal(answer_field(&answer, 44, "text"), "144");
    answer_free(&answer);
    for (int i = 0; i < 250; i++) {
        snprintf(text, sizeof text, "{'room':'r%03d','owner':'nurse@capulet.lit'}", i);
        command_do(&rig, "create", text);
    }
    answer = command_run(&rig, "user", "{'jid':'nurse@capulet.lit'}");
    assert_int_equal(json_array_size(answer.rows), 500); /* owner and creator of each */
    answer_free(&answer);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns),       cmocka_unit_test(lists_of_rooms),
        cmocka_unit_test(many_rooms),     cmocka_unit_test(people_in_a_room),
        cmocka_unit_test(what_a_user_is), cmocka_unit_test(the_history_of_a_room),
        cmocka_unit_test(long_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
