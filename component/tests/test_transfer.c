/* export-rooms and import-rooms: rooms leave as lines, and come in again. */

#include "command_fixture.h"

#include "coven/store_staged.h"

/* ---- Runs ---- */

static struct answer transfer_only(struct rig *rig, const char *name, json_t *given,
                                   const char *lines)
{
    const struct command *command = command_find_bulk(name);
    struct run_caller caller = {.name = "uid 0", .is_operator = true};
    struct answer answer = {.rows = json_array()};
    struct run_sink sink = {.user = &answer, .row = answer_take_row, .end = answer_take_end};
    struct buf why = BUF_INIT;
    assert_non_null(command);
    json_t *args = command_read(command, given, span_of(RIG_DOMAIN), &why);
    assert_non_null(args);
    buf_free(&why);
    json_decref(given);
    struct run *run = run_begin(rig->service, command, args, &caller, &sink);
    assert_non_null(run);
    if (lines) {
        run_feed(run, lines, strlen(lines));
        run_feed_end(run);
    }
    for (unsigned steps = 0; !answer.ended; steps++) {
        assert_true(steps < 10000);
        rig_step(rig);
        rig_run_tasks(rig);
    }
    return answer;
}

static struct answer transfer(struct rig *rig, const char *name, json_t *given, const char *lines)
{
    struct answer answer = transfer_only(rig, name, given, lines);
    for (int i = 0; i < 50; i++) { /* what goes on afterwards */
        rig_step(rig);
        rig_run_tasks(rig);
    }
    return answer;
}

/* All lines but the first, which has the time. The caller frees them. */
static char *export(struct rig *rig)
{
    struct answer answer = transfer(rig, "export-rooms", json_object(), NULL);
    struct buf lines = BUF_INIT;
    assert_null(answer.error);
    for (size_t i = 1; i < json_array_size(answer.rows); i++) {
        char *line = json_dumps(json_array_get(answer.rows, i), JSON_COMPACT);
        buf_printf(&lines, "%s\n", line);
        free(line);
    }
    answer_free(&answer);
    return buf_take(&lines);
}

#define HEAD "{\"type\":\"coven\",\"version\":1}\n"

static struct answer import(struct rig *rig, const char *existing, const char *lines)
{
    struct buf all = BUF_INIT;
    json_t *given = json_object();
    if (existing)
        json_object_set_new(given, "existing", json_string(existing));
    buf_printf(&all, "%s%s", HEAD, lines);
    struct answer answer = transfer(rig, "import-rooms", given, all.data);
    buf_free(&all);
    return answer;
}

static void expect_result(const struct answer *answer, size_t row, const char *result)
{
    assert_string_equal(answer_field(answer, row, "result"), result);
}

/* ---- Rooms ---- */

/* A room with a bit of everything, in which nobody is any more. */
static void fill(struct rig *rig)
{
    rig_join(rig, ROMEO, ROOM "/Romeo");
    room_do(rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1") CONFIG_FIELD("changesubject", "1")
                               CONFIG_FIELD("roomname", "It&apos;s &lt;here&gt;")
                                   CONFIG_FIELD("roomdesc", "x")));
    rig_send(rig, SAY(ROMEO, "He jests at scars"));
    rig_wait(rig, 3);
    rig_send(rig, SAY(ROMEO, "that never felt a wound"));
    rig_send(rig, "<message xmlns='jabber:client' type='groupchat' from='" ROMEO "' to='" ROOM
                  "'><subject>Sonnets</subject></message>");
    command_do(rig, "affiliation",
               "{'room':'room','jid':'juliet@capulet.lit','affiliation':'admin',"
               "'nick':'Juliet','reason':'hers & his'}");
    command_do(rig, "affiliation", "{'room':'room','jid':'capulet.lit','affiliation':'outcast'}");
    rig_send(rig, LEAVE(ROMEO));
    rig_drain(rig);
}

static void destroy(struct rig *rig)
{
    command_do(rig, "destroy", "{'room':'room'}");
    for (int i = 0; i < 5; i++)
        rig_wait(rig, 2);
}

static void a_room_comes_back_as_it_was(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    fill(&rig);
    char *before = export(&rig);
    assert_non_null(strstr(before, "\"type\":\"message\""));
    assert_non_null(strstr(before, "Sonnets"));
    destroy(&rig);
    struct answer answer = import(&rig, NULL, before);
    assert_null(answer.error);
    expect_result(&answer, 0, "imported");
    assert_string_equal(answer_field(&answer, 0, "messages"), "3");
    answer_free(&answer);
    char *after = export(&rig);
    assert_string_equal(after, before);
    answer = import(&rig, NULL, before);
    expect_result(&answer, 0, "left as it is: there is a room of that name");
    answer_free(&answer);
    answer = import(&rig, "replace", before);
    expect_result(&answer, 0, "replaced");
    answer_free(&answer);
    char *again = export(&rig);
    assert_string_equal(again, before);
    free(again);
    free(after);
    free(before);
    rig_close(&rig);
}

#define ROOM_LINE(name)                                                                            \
    "{\"type\":\"room\",\"room\":\"" name                                                          \
    "@other.example\",\"options\":{\"muc#roomconfig_persistentroom\":\"1\"}}\n"
#define END_LINE(name, count)                                                                      \
    "{\"type\":\"end\",\"room\":\"" name "@other.example\",\"messages\":" count "}\n"
#define MESSAGE_LINE(name, id, time, text)                                                         \
    "{\"type\":\"message\",\"id\":\"" id "\",\"time\":\"" time                                     \
    "\",\"kind\":\"message\",\"jid\":\"mercutio@verona.lit/x\",\"nick\":\"Mercutio\",\"stanza\":"  \
    "\"<message from='" name "@other.example/Mercutio' type='groupchat' to=''><body>" text         \
    "</body><stanza-id xmlns='urn:xmpp:sid:0' by='" name "@other.example' id='" id                 \
    "'/></message>\"}\n"
/* Another service's room: with this service's domain, and the ids that clients know. */
static void a_room_of_another_service(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    struct answer answer =
        import(&rig, NULL,
               ROOM_LINE("room") MESSAGE_LINE("room", "old-1", "1970-01-03T16:16:44Z", "tale")
                   MESSAGE_LINE("room", "old-2",
                                "1970-01-"
                                "03T16:16:44Z",
                                "told") END_LINE("room", "2"));
    assert_null(answer.error);
    expect_result(&answer, 0, "imported");
    answer_free(&answer);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    assert_non_null(strstr(rig.out.data, "<body>tale</body>"));
    assert_non_null(strstr(rig.out.data, "by='" ROOM "' id='old-1'"));
    assert_null(strstr(rig.out.data, "other.example"));
    rig_drain(&rig);
    rig_send(&rig, IQ("set", ROMEO, "m",
                      "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>"
                      "<after>old-1</after></set></query>"));
    assert_null(strstr(rig.out.data, "tale"));
    assert_non_null(strstr(rig.out.data, "told"));
    assert_non_null(strstr(rig.out.data, "<first index='1'>old-2</first>"));
    rig_drain(&rig);
    rig_send(&rig, IQ("set", ROMEO, "s",
                      "<query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'>"
                      "<field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field "
                      "var='{urn:xmpp:fulltext:0}fulltext'><value>told</value></field></x>"
                      "</query>"));
    assert_non_null(strstr(rig.out.data, "<body>told</body>"));
    rig_close(&rig);
}

/* Messages go to their times; those that are there already are not taken twice. */
static void a_room_goes_into_another(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    fill(&rig);
    static const char more[] = ROOM_LINE("room")
        MESSAGE_LINE("room", "old-1", "1970-01-03T16:16:44Z", "tale") END_LINE("room", "1");
    struct answer answer = import(&rig, "merge", more);
    assert_null(answer.error);
    expect_result(&answer, 0, "merged");
    answer_free(&answer);
    answer = import(&rig, "merge", more);
    assert_string_equal(answer_field(&answer, 0, "known"), "1");
    answer_free(&answer);
    answer = command_run(&rig, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "messages"), "4");
    answer_free(&answer);
    answer = command_run(&rig, "history", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "text"), "tale");
    assert_string_equal(answer_field(&answer, 3, "text"), "Sonnets");
    answer_free(&answer);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig_send(&rig, SAY(ROMEO, "next"));
    answer = command_run(&rig, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "messages"), "5");
    answer_free(&answer);
    rig_close(&rig);
}

/* More messages than one step moves, half of them between those that are there; meanwhile the
 * service ends, and what is left is moved afterwards. */
static void a_room_is_woven_in_across_a_restart(void **state)
{
    struct rig rig;
    struct buf lines = BUF_INIT;
    (void)state;
    rig_open(&rig);
    fill(&rig);
    buf_add_text(&lines, HEAD ROOM_LINE("room"));
    for (int i = 0; i < 900; i++)
        buf_printf(&lines,
                   "{\"type\":\"message\",\"id\":\"o%d\",\"time\":\"2025-12-31T23:%02d:%02dZ\","
                   "\"kind\":\"message\",\"nick\":\"M\",\"stanza\":\"<message"
                   " from='room@other.example/M' type='groupchat' to=''><body>%d</body>"
                   "</message>\"}\n",
                   i, i / 60, i % 60, i);
    buf_add_text(&lines, "{\"type\":\"end\"}\n");
    json_t *given = json_pack("{s:s}", "existing", "merge");
    struct answer answer = transfer_only(&rig, "import-rooms", given, lines.data);
    expect_result(&answer, 0, "merged");
    answer_free(&answer);
    rig_restart(&rig);
    /* Another one waits until that is done. */
    given = json_pack("{s:s}", "existing", "merge");
    answer = transfer(&rig, "import-rooms", given,
                      HEAD ROOM_LINE("room") MESSAGE_LINE("room", "last", "2025-12-31T23:59:59Z",
                                                          "last") END_LINE("room", "1"));
    expect_result(&answer, 0, "merged");
    answer_free(&answer);
    answer = command_run(&rig, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "messages"), "904");
    answer_free(&answer);
    answer = command_run(&rig, "history", "{'room':'room','limit':1000}");
    assert_int_equal(json_array_size(answer.rows), 904);
    assert_string_equal(answer_field(&answer, 0, "text"), "0");
    assert_string_equal(answer_field(&answer, 899, "text"), "899");
    assert_string_equal(answer_field(&answer, 900, "text"), "last");
    assert_string_equal(answer_field(&answer, 901, "text"), "He jests at scars");
    answer_free(&answer);
    buf_free(&lines);
    rig_close(&rig);
}

static void count_staged(void *user, const struct store_staged *staged)
{
    (void)staged;
    ++*(int *)user;
}

static void expect_no_room(struct rig *rig)
{
    int64_t room, key;
    int staged = 0;
    for (int i = 0; i < 5; i++)
        rig_wait(rig, 2);
    command_refused(rig, "room", "{'room':'room'}", "item-not-found");
    store_staged_all(rig->store, count_staged, &staged);
    assert_int_equal(staged, 0);
    assert_int_equal(store_last_ids(rig->store, &room, &key), STORE_OK);
    assert_int_equal(key, 0); /* no message is left */
}

/* A room that does not come as a whole does not come. */
static void cut_files_leave_nothing(void **state)
{
    static const char *const files[] = {
        ROOM_LINE("room") MESSAGE_LINE("room", "o", "1970-01-03T16:16:44Z", "a"),
        ROOM_LINE("room") MESSAGE_LINE("room", "o", "1970-01-03T16:16:44Z", "a")
            END_LINE("room", "2"),
        ROOM_LINE("room") MESSAGE_LINE("room", "o", "1970-01-03T16:16:44Z", "a") "{\"type\":\"mess",
        ROOM_LINE("room")
            MESSAGE_LINE("room", "o", "1970-01-03T16:16:44Z", "a") "{\"type\":\"nothing\"}\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        struct rig rig;
        rig_open(&rig);
        struct answer answer = import(&rig, NULL, files[i]);
        assert_non_null(strstr(answer_field(&answer, 0, "result"), "not imported"));
        answer_free(&answer);
        expect_no_room(&rig);
        rig_close(&rig);
    }
}

/* The name of a destroyed room stays taken, once. */
static void tombstones_come_along(void **state)
{
    static const char line[] =
        "{\"type\":\"tombstone\",\"room\":\"gone@other.example\",\"destroyed\":"
        "\"2025-12-31T00:00:00Z\",\"venue\":\"new@other.example\",\"owners\":[\"a@b.example\"]}\n";
    struct rig rig;
    (void)state;
    rig_open(&rig);
    for (int i = 0; i < 2; i++) {
        struct answer answer = import(&rig, NULL, line);
        expect_result(&answer, 0, "imported as destroyed");
        answer_free(&answer);
    }
    struct answer answer = command_run(&rig, "stats", "{}");
    assert_string_equal(answer_field(&answer, 0, "tombstones"), "1");
    answer_free(&answer);
    char *lines = export(&rig);
    assert_non_null(strstr(lines, "\"room\":\"gone@" RIG_DOMAIN "\""));
    assert_non_null(strstr(lines, "\"owners\":[\"a@b.example\"]"));
    free(lines);
    rig_close(&rig);
}

/* The rest of the room comes. */
static void wrong_messages_are_counted(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    struct answer answer =
        import(&rig, NULL,
               ROOM_LINE("room") MESSAGE_LINE("room", "good", "1970-01-03T16:16:44Z", "a")
                   MESSAGE_LINE("stolen", "o", "1970-01-03T16:16:44Z", "a")
                       MESSAGE_LINE("room", "o", "1970-01-03T16:16:44Z",
                                    "a</body><x xmlns='http://jabber.org/protocol/muc#user'/>"
                                    "<body>b") MESSAGE_LINE("room", "", "1970-01-03T16:16:44Z", "a")
                           MESSAGE_LINE("room", "o", "never", "a")
                               MESSAGE_LINE("room", "o", "1970-01-03T16:16:44Z", "<b>")
                                   END_LINE("room", "6"));
    assert_null(answer.error);
    expect_result(&answer, 0, "imported");
    assert_string_equal(answer_field(&answer, 0, "messages"), "1");
    assert_int_equal(json_array_size(json_object_get(json_array_get(answer.rows, 0), "left_out")),
                     5);
    answer_free(&answer);
    rig_close(&rig);
}

/* Whichever access to the store fails: the room is there as a whole, or not at all. */
static void a_store_that_fails_leaves_no_half(void **state)
{
    static const char lines[] = ROOM_LINE("room")
        MESSAGE_LINE("room", "o", "1970-01-03T16:16:44Z", "a") END_LINE("room", "1");
    bool reached = true;
    unsigned failures = 0;
    (void)state;
    for (unsigned step = 1; reached; step++) {
        struct rig rig;
        rig_open(&rig);
        rig.fail_at = step;
        struct answer answer = import(&rig, NULL, lines);
        reached = rig.fail_at == 0;
        rig.fail_at = 0;
        failures += answer.error != NULL;
        if (answer.error)
            expect_no_room(&rig);
        else
            command_do(&rig, "room", "{'room':'room'}");
        answer_free(&answer);
        rig_close(&rig);
    }
    assert_true(failures > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_room_comes_back_as_it_was),
        cmocka_unit_test(a_room_of_another_service),
        cmocka_unit_test(a_room_goes_into_another),
        cmocka_unit_test(a_room_is_woven_in_across_a_restart),
        cmocka_unit_test(cut_files_leave_nothing),
        cmocka_unit_test(tombstones_come_along),
        cmocka_unit_test(wrong_messages_are_counted),
        cmocka_unit_test(a_store_that_fails_leaves_no_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
