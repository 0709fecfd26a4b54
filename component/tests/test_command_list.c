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
    expect_rooms(&rig, "{'match':'R*m'}", "room ");
    expect_rooms(&rig, "{'state':'hidden'}", "a ");
    expect_rooms(&rig, "{'state':'occupied'}", "room ");
    expect_rooms(&rig, "{'state':'empty'}", "a b ");
    expect_rooms(&rig, "{'owner':'juliet@capulet.lit'}", "b ");
    expect_rooms(&rig, "{'owner':'nurse@capulet.lit'}", "");
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

static void states_of_rooms(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    command_do(&rig, "create", "{'room':'a'}");
    command_do(&rig, "create", "{'room':'b','options':['membersonly=1']}");
    command_do(&rig, "create",
               "{'room':'c','options':['passwordprotectedroom=1','roomsecret=cauldron']}");
    expect_rooms(&rig, "{'state':'open'}", "a ");
    expect_rooms(&rig, "{'state':'members-only'}", "b ");
    expect_rooms(&rig, "{'state':'password'}", "c ");
    struct answer answer = command_run(&rig, "rooms", "{}");
    assert_string_equal(answer_field(&answer, 1, "state"),
                        "[\"public\",\"persistent\",\"members-only\"]");
    assert_string_equal(answer_field(&answer, 2, "state"),
                        "[\"public\",\"persistent\",\"password\"]");
    answer_free(&answer);
    rig_close(&rig);
}

/* The first owners are named; those who are less are not looked at. */
static void many_owners(void **state)
{
    struct rig rig;
    char text[128];
    (void)state;
    rig_open(&rig);
    command_do(&rig, "create", "{'room':'a','owner':'u00@capulet.lit'}");
    for (int i = 1; i < 12; i++) {
        snprintf(text, sizeof text, "{'room':'a','jid':'u%02d@capulet.lit','affiliation':'%s'}", i,
                 i % 2 ? "member" : "owner");
        command_do(&rig, "affiliation", text);
    }
    expect_rooms(&rig, "{'owner':'u10@capulet.lit'}", "a ");
    expect_rooms(&rig, "{'owner':'u11@capulet.lit'}", "");
    struct answer answer = command_run(&rig, "rooms", "{}");
    assert_int_equal(json_array_size(json_object_get(json_array_get(answer.rows, 0), "owners")), 6);
    assert_null(strstr(answer_field(&answer, 0, "owners"), "u01"));
    answer_free(&answer);
    for (int i = 1; i < 12; i += 2) {
        snprintf(text, sizeof text, "{'room':'a','jid':'u%02d@capulet.lit','affiliation':'owner'}",
                 i);
        command_do(&rig, "affiliation", text);
    }
    answer = command_run(&rig, "room", "{'room':'a'}");
    assert_non_null(strstr(answer_field(&answer, 0, "owners"), "u09@capulet.lit\",\"and more\"]"));
    answer_free(&answer);
    rig_close(&rig);
}

/* Wherever the store fails, the command fails or answers all the same: nobody takes a part of a
 * list for all of it. Returns how often it failed. */
static unsigned fail_everywhere(struct rig *rig, const char *name, const char *arguments)
{
    struct answer whole = command_run(rig, name, arguments);
    unsigned failures = 0;
    bool reached = true;
    assert_null(whole.error);
    for (unsigned at = 1; reached; at++) {
        rig->fail_at = at;
        struct answer answer = command_run(rig, name, arguments);
        reached = rig->fail_at == 0;
        rig->fail_at = 0;
        if (answer.error)
            failures++;
        else if (!json_equal(answer.rows, whole.rows))
            fail_msg("%s %s: failure %u is hidden", name, arguments, at);
        answer_free(&answer);
    }
    answer_free(&whole);
    return failures;
}

static void the_store_fails(void **state)
{
    static const struct {
        const char *name, *arguments;
    } cases[] = {{"rooms", "{}"},
                 {"rooms", "{'sort':'occupants'}"},
                 {"rooms", "{'owner':'romeo@verona.lit'}"},
                 {"room", "{'room':'room'}"},
                 {"history", "{'room':'room'}"},
                 {"user", "{'jid':'romeo@verona.lit'}"},
                 {"destroy-rooms", "{'state':'public','dry_run':true}"}};
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_send(&rig, SAY(JULIET, "one"));
    command_do(&rig, "create", "{'room':'b'}");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(fail_everywhere(&rig, cases[i].name, cases[i].arguments) > 3);
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
    command_do(&rig, "affiliation",
               "{'room':'room','jid':'verona.lit','affiliation':'admin','reason':'neighbours'}");
    struct answer answer = command_run(&rig, "user", "{'jid':'romeo@verona.lit'}");
    assert_int_equal(json_array_size(answer.rows), 4);
    assert_string_equal(answer_field(&answer, 0, "is"), "inside");
    assert_string_equal(answer_field(&answer, 0, "client"), ROMEO);
    assert_string_equal(answer_field(&answer, 0, "nick"), "Romeo");
    assert_string_equal(answer_field(&answer, 1, "is"), "owner");
    assert_string_equal(answer_field(&answer, 2, "is"), "admin");
    assert_string_equal(answer_field(&answer, 2, "domain"), "verona.lit");
    assert_string_equal(answer_field(&answer, 2, "reason"), "neighbours");
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

#define DISPLAYED                                                                                  \
    "<message from='" ROMEO "' to='" ROOM "' type='groupchat' id='d'>"                             \
    "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/></message>"

/* What the discussion history holds, though not all of it is in the store yet; and what was
 * archived before. */
static void the_history_of_a_room_without_an_archive(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, SAY(JULIET, "archived"));
    rig_send(&rig, DISPLAYED);
    command_do(&rig, "set", "{'room':'room','options':['enablearchiving=0']}");
    rig_send(&rig, SAY(ROMEO, "kept"));
    rig_send(&rig, DISPLAYED);
    struct answer answer = command_run(&rig, "history", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 2);
    assert_string_equal(answer_field(&answer, 0, "text"), "archived");
    assert_string_equal(answer_field(&answer, 1, "text"), "kept");
    assert_string_equal(answer_field(&answer, 1, "jid"), "romeo@verona.lit");
    answer_free(&answer);
    rig_close(&rig);
}

/* A user's messages are looked for in parts. */
static void the_history_of_a_silent_user(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, SAY(JULIET, "first"));
    for (int i = 0; i < 2500; i++) {
        if (i % 50 == 0)
            rig_wait(&rig, 1000);
        rig_send(&rig, SAY(ROMEO, "m"));
    }
    struct answer answer =
        command_run(&rig, "history", "{'room':'room','user':'juliet@capulet.lit'}");
    assert_int_equal(json_array_size(answer.rows), 1);
    assert_string_equal(answer_field(&answer, 0, "text"), "first");
    answer_free(&answer);
    answer = command_run(&rig, "history", "{'room':'room','limit':1001}");
    assert_int_equal(json_array_size(answer.rows), 1000);
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

/* Admins of a room learn by commands what they learn by muc#admin, and no more. */
static void what_admins_of_a_room_learn(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "affiliation",
               "{'room':'room','jid':'juliet@capulet.lit','affiliation':'admin'}");
    command_do(&rig, "affiliation",
               "{'room':'room','jid':'nurse@capulet.lit','affiliation':'member'}");
    struct run_caller admin = {.name = "juliet", .jid = span_of(JULIET)};
    struct answer answer = command_run_as(&rig, &admin, "affiliations", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 1);
    assert_string_equal(answer_field(&answer, 0, "jid"), "nurse@capulet.lit");
    answer_free(&answer);
    answer = command_run_as(&rig, &admin, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "members"), "1");
    assert_string_equal(answer_field(&answer, 0, "owners"), "nothing");
    assert_string_equal(answer_field(&answer, 0, "options"), "nothing");
    answer_free(&answer);
    answer = command_run_as(&rig, &admin, "subject", "{'room':'room','text':'x'}");
    assert_string_equal(answer.error->condition, "forbidden");
    answer_free(&answer);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_admins_of_a_room_learn),
        cmocka_unit_test(patterns),
        cmocka_unit_test(lists_of_rooms),
        cmocka_unit_test(many_rooms),
        cmocka_unit_test(people_in_a_room),
        cmocka_unit_test(what_a_user_is),
        cmocka_unit_test(the_history_of_a_room),
        cmocka_unit_test(long_answers),
        cmocka_unit_test(states_of_rooms),
        cmocka_unit_test(many_owners),
        cmocka_unit_test(the_store_fails),
        cmocka_unit_test(the_history_of_a_room_without_an_archive),
        cmocka_unit_test(the_history_of_a_silent_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
