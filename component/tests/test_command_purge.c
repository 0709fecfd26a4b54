/* purge, export, purge-archive: what is kept of people, and what is left of it. */

#include "command_fixture.h"

/* A room on disk, in which Juliet has left traces of every kind. */
static void leave_traces(struct rig *rig)
{
    rig_join(rig, ROMEO, ROOM "/Romeo");
    room_do(rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1") CONFIG_FIELD("changesubject", "1")));
    rig_join(rig, JULIET, ROOM "/Juliet");
    rig_send(rig, SAY(ROMEO, "He jests at scars"));
    rig_send(rig, SAY(JULIET, "Ay me"));
    rig_send(rig, "<message xmlns='jabber:client' type='groupchat' from='" JULIET "' to='" ROOM
                  "'><subject>Sonnets</subject></message>");
    command_do(rig, "affiliation",
               "{'room':'room','jid':'juliet@capulet.lit','affiliation':'owner',"
               "'nick':'Juliet','reason':'hers too'}");
    command_do(rig, "create", "{'room':'hers','owner':'juliet@capulet.lit'}");
    command_do(rig, "affiliation",
               "{'room':'hers','jid':'tybalt@capulet.lit','affiliation':'outcast'}");
    rig_drain(rig);
}

static void a_user_is_forgotten(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    leave_traces(&rig);
    struct answer answer =
        command_run(&rig, "purge", "{'jid':'juliet@capulet.lit','dry_run':true}");
    assert_string_equal(answer_field(&answer, 0, "messages"), "2");
    assert_string_equal(answer_field(&answer, 0, "affiliations"), "2");
    assert_string_equal(answer_field(&answer, 0, "created"), "1");
    answer_free(&answer);
    answer = command_run(&rig, "user", "{'jid':'juliet@capulet.lit'}");
    assert_int_equal(json_array_size(answer.rows), 4); /* nothing was deleted */
    answer_free(&answer);
    answer = command_run(&rig, "purge", "{'jid':'juliet@capulet.lit'}");
    assert_null(answer.error);
    assert_string_equal(answer_field(&answer, 0, "messages"), "2");
    assert_string_equal(answer_field(&answer, 0, "orphans"), "[\"hers@" RIG_DOMAIN "\"]");
    answer_free(&answer);
    rig_expect(&rig, JULIET, "type='unavailable'", "<status code='307'/>", NULL);
    answer = command_run(&rig, "export", "{'jid':'juliet@capulet.lit'}");
    assert_int_equal(json_array_size(answer.rows), 0);
    answer_free(&answer);
    answer = command_run(&rig, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "subject"), "nothing");
    assert_string_equal(answer_field(&answer, 0, "messages"), "3");
    answer_free(&answer);
    answer = command_run(&rig, "history", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "text"), "He jests at scars");
    assert_string_equal(answer_field(&answer, 1, "text"), "(retracted)");
    assert_string_equal(answer_field(&answer, 1, "nick"), "nothing");
    answer_free(&answer);
    rig_close(&rig);
}

/* Newcomers and readers of the archive find nothing of the user, and nothing broken. */
static void what_readers_find(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    leave_traces(&rig);
    command_do(&rig, "purge", "{'jid':'juliet@capulet.lit'}");
    rig_drain(&rig);
    rig_send(&rig, JOIN(MERCUTIO, "Mercutio"));
    rig_send(&rig, IQ("set", MERCUTIO, "m", "<query xmlns='urn:xmpp:mam:2'/>"));
    const char *text = rig.out.data;
    assert_non_null(strstr(text, "He jests at scars"));
    assert_null(strstr(text, "uliet"));
    assert_null(strstr(text, "Ay me"));
    assert_null(strstr(text, "Sonnets"));
    assert_non_null(strstr(text, "<retracted xmlns='urn:xmpp:message-retract:1'"));
    assert_non_null(strstr(text, "<count>3</count>"));
    rig_close(&rig);
}

/* Is the word in a file of the store? */
static bool is_in_file(const char *path, const char *word)
{
    FILE *file = fopen(path, "rb");
    struct buf text = BUF_INIT;
    if (!file)
        return false;
    for (;;) {
        char *end = buf_reserve(&text, 65536);
        size_t count = fread(end, 1, 65536, file);
        text.len += count;
        if (count == 0)
            break;
    }
    fclose(file);
    bool found = text.len > 0 && memmem(text.data, text.len, word, strlen(word));
    buf_free(&text);
    return found;
}

static void finish(struct rig *rig, struct store *second)
{
    while (store_upkeep(second) == STORE_OK)
        continue;
    store_close(second);
    rig_close(rig);
}

/* Not even the pages of the files have it, once they are written. */
static void nothing_is_left_in_the_files(void **state)
{
    struct rig rig;
    struct store *second = NULL;
    char folder[] = "/tmp/coven-test.XXXXXX", path[64], search[80], log[80], command[64],
         *why = NULL;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/coven.db", folder);
    snprintf(search, sizeof search, "%s-search", path);
    rig_open_on(&rig, store_open(&(struct store_settings){path, true}, &why));
    assert_int_equal(store_second(rig.store, &second, &why), STORE_OK);
    rig.second = second;
    leave_traces(&rig);
    while (store_upkeep(second) == STORE_OK)
        continue;
    snprintf(log, sizeof log, "%s-wal", path);
    assert_true(is_in_file(log, "juliet@capulet.lit"));
    command_do(&rig, "purge", "{'jid':'juliet@capulet.lit'}");
    rig_confirm(&rig); /* so that no presence has to be sent again */
    rig_wait(&rig, 2);
    finish(&rig, second);
    assert_true(is_in_file(path, "romeo@verona.lit"));
    assert_false(is_in_file(path, "juliet@capulet.lit"));
    assert_false(is_in_file(path, "Ay me"));
    assert_false(is_in_file(search, "juliet@capulet.lit"));
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static void what_is_kept_is_exported(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    leave_traces(&rig);
    command_do(&rig, "deny", "{'address':'juliet@capulet.lit','reason':'x'}");
    struct answer answer = command_run(&rig, "export", "{'jid':'juliet@capulet.lit'}");
    char *text = json_dumps(answer.rows, JSON_SORT_KEYS);
    assert_non_null(strstr(text, "\"kind\": \"denied\""));
    assert_non_null(strstr(text, "\"value\": \"owner\""));
    assert_non_null(strstr(text, "\"nick\": \"Juliet\""));
    assert_non_null(strstr(text, "\"kind\": \"created\""));
    assert_non_null(strstr(text, "<body>Ay me</body>"));
    assert_null(strstr(text, "He jests"));
    free(text);
    answer_free(&answer);
    rig_close(&rig);
}

/* Messages that only the history keeps are in memory for a while. */
static void messages_without_an_archive(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    rig_join(&rig, JULIET, ROOM "/Juliet");
    rig_send(&rig, SAY(JULIET, "Ay me"));
    rig_send(&rig, SAY(ROMEO, "Speak again"));
    struct answer answer = command_run(&rig, "export", "{'jid':'juliet@capulet.lit'}");
    assert_int_equal(json_array_size(answer.rows), 2);
    answer_free(&answer);
    rig_send(&rig, SAY(JULIET, "Deny thy father"));
    command_do(&rig, "purge", "{'jid':'juliet@capulet.lit'}");
    rig_drain(&rig);
    rig_send(&rig, JOIN(MERCUTIO, "Mercutio"));
    assert_non_null(strstr(rig.out.data, "Speak again"));
    assert_null(strstr(rig.out.data, "Ay me"));
    assert_null(strstr(rig.out.data, "Deny"));
    rig_close(&rig);
}

static void expect_nothing_left(struct rig *rig)
{
    struct answer answer = command_run(rig, "export", "{'jid':'juliet@capulet.lit'}");
    assert_int_equal(json_array_size(answer.rows), 0);
    answer_free(&answer);
    answer = command_run(rig, "affiliations", "{'room':'hers','affiliation':'owner'}");
    assert_string_equal(answer_field(&answer, 0, "jid"), RIG_DOMAIN);
    answer_free(&answer);
    answer = command_run(rig, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "subject"), "nothing");
    answer_free(&answer);
}

/* Whichever access to the store fails: either all is deleted, or the command says that it is not,
 * and does the rest when it is run again. */
static void a_purge_that_fails_is_done_again(void **state)
{
    unsigned failures = 0;
    bool reached = true;
    (void)state;
    for (unsigned step = 1; reached; step++) {
        struct rig rig;
        rig_open(&rig);
        leave_traces(&rig);
        rig_restart(&rig); /* so that rooms are loaded meanwhile */
        rig.fail_at = step;
        struct answer answer = command_run(&rig, "purge", "{'jid':'juliet@capulet.lit'}");
        reached = rig.fail_at == 0;
        rig.fail_at = 0;
        if (answer.error) {
            failures++;
            command_do(&rig, "purge", "{'jid':'juliet@capulet.lit'}");
        }
        answer_free(&answer);
        expect_nothing_left(&rig);
        rig_close(&rig);
    }
    assert_true(failures > 30);
}

static void many_messages(void **state)
{
    struct rig rig;
    char text[256];
    (void)state;
    rig_open(&rig);
    leave_traces(&rig);
    rig.settings.limits.user_rate = 0;
    service_configure(rig.service, &rig.settings);
    for (int i = 0; i < 700; i++) {
        snprintf(text, sizeof text,
                 "<message xmlns='jabber:client' type='groupchat' from='%s' to='" ROOM
                 "'><body>%d</body></message>",
                 i % 2 ? JULIET : ROMEO, i);
        rig_send(&rig, text);
        rig_wait(&rig, 1);
        rig_drain(&rig);
    }
    struct answer before = command_run(&rig, "room", "{'room':'room'}");
    struct answer answer = command_run(&rig, "purge", "{'jid':'juliet@capulet.lit'}");
    assert_string_equal(answer_field(&answer, 0, "messages"), "352");
    answer_free(&answer);
    answer = command_run(&rig, "room", "{'room':'room'}");
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(answer.rows, 0), "messages")), 703);
    answer_free(&answer);
    answer_free(&before);
    rig_close(&rig);
}

static void an_archive_is_emptied(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    leave_traces(&rig);
    rig_wait(&rig, 86400 * 10);
    rig_send(&rig, SAY(ROMEO, "Ten days later"));
    struct answer answer = command_run(&rig, "purge-archive", "{'room':'room','days':5}");
    assert_string_equal(answer_field(&answer, 0, "messages"), "3");
    answer_free(&answer);
    rig_drain(&rig);
    rig_send(&rig, JOIN(MERCUTIO, "Mercutio"));
    assert_non_null(strstr(rig.out.data, "Ten days later"));
    assert_null(strstr(rig.out.data, "Ay me"));
    assert_non_null(strstr(rig.out.data, "<subject>Sonnets</subject>"));
    command_do(&rig, "purge-archive", "{'room':'room'}");
    answer = command_run(&rig, "history", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 0);
    answer_free(&answer);
    rig_send(&rig, SAY(ROMEO, "Afterwards"));
    answer = command_run(&rig, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "messages"), "1");
    answer_free(&answer);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_is_forgotten),
        cmocka_unit_test(what_readers_find),
        cmocka_unit_test(nothing_is_left_in_the_files),
        cmocka_unit_test(what_is_kept_is_exported),
        cmocka_unit_test(messages_without_an_archive),
        cmocka_unit_test(a_purge_that_fails_is_done_again),
        cmocka_unit_test(many_messages),
        cmocka_unit_test(an_archive_is_emptied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
