/* check, backup. */

#include "disk_fixture.h"

#undef ROOM /* the fixtures mean different things */
#include "command_fixture.h"

struct service {
    struct disk disk;
    struct rig rig;
    char copy[96]; /* a path for the copy, in a folder of its own */
    char copy_folder[64];
};

static void open_all(struct service *service)
{
    char *why = NULL;
    disk_make(&service->disk);
    strcpy(service->copy_folder, "/tmp/coven-copy.XXXXXX");
    assert_non_null(mkdtemp(service->copy_folder));
    snprintf(service->copy, sizeof service->copy, "%s/coven.db", service->copy_folder);
    struct store *store = open_path(service->disk.path, &why);
    assert_non_null(store);
    rig_open_on(&service->rig, store);
    rig_join(&service->rig, ROMEO, ROOM "/Romeo");
    room_do(&service->rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_join(&service->rig, JULIET, ROOM "/Juliet");
    rig_send(&service->rig, SAY(JULIET, "one"));
    rig_send(&service->rig, SAY(JULIET, "two"));
    rig_send(&service->rig, SAY(JULIET, "three"));
}

static void close_all(struct service *service)
{
    struct disk copy = {.folder = ""};
    rig_close(&service->rig);
    disk_delete(&service->disk);
    strcpy(copy.folder, service->copy_folder);
    strcpy(copy.path, service->copy);
    disk_delete(&copy);
}

static struct answer backup(struct service *service, const char *path)
{
    char arguments[256];
    snprintf(arguments, sizeof arguments, "{'file':'%s'}", path);
    return command_run(&service->rig, "backup", arguments);
}

static void expect_failure(struct service *service, const char *path, const char *text)
{
    struct answer answer = backup(service, path);
    assert_non_null(answer.error);
    assert_non_null(answer.text);
    if (!strstr(answer.text, text))
        fail_msg("%s: %s", path, answer.text);
    answer_free(&answer);
}

/* The copy is a data folder. */
static void a_copy_is_a_store(void **state)
{
    struct service service;
    struct rig rig;
    struct stat status;
    char *why = NULL;
    (void)state;
    open_all(&service);
    umask(0);
    struct answer answer = backup(&service, service.copy);
    assert_null(answer.error);
    assert_int_equal(stat(service.copy, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_string_equal(answer_field(&answer, 0, "file"), service.copy);
    assert_int_equal(atoll(answer_field(&answer, 0, "bytes")), status.st_size);
    answer_free(&answer);
    expect_failure(&service, service.copy, "File exists");
    rig_send(&service.rig, SAY(JULIET, "four"));
    struct store *store = open_path(service.copy, &why);
    assert_non_null(store);
    rig_open_on(&rig, store);
    answer = command_run(&rig, "history", "{'room':'room'}");
    assert_int_equal(json_array_size(answer.rows), 3);
    answer_free(&answer);
    command_do(&rig, "check", "{}");
    rig_close(&rig);
    close_all(&service);
}

static void a_copy_that_cannot_be(void **state)
{
    struct service service;
    char path[128];
    (void)state;
    open_all(&service);
    command_refused(&service.rig, "backup", "{'file':'coven.db'}", "bad-request");
    expect_failure(&service, service.disk.path, "File exists");
    expect_failure(&service, "/proc/coven.db", "");
    snprintf(path, sizeof path, "%s/none/coven.db", service.copy_folder);
    expect_failure(&service, path, "No such file");
    snprintf(path, sizeof path, "%s.part", service.copy);
    assert_int_equal(symlink(service.disk.path, path), 0);
    expect_failure(&service, service.copy, "interrupted");
    assert_int_equal(unlink(path), 0);
    command_do(&service.rig, "check", "{}");
    close_all(&service);
}

static void a_caller_who_goes(void **state)
{
    struct service service;
    char part[128], text[128];
    struct answer answer = {.rows = json_array()};
    struct run_sink sink = {.user = &answer, .row = answer_take_row, .end = answer_take_end};
    struct run_caller caller = {.name = "uid 0", .is_operator = true};
    (void)state;
    open_all(&service);
    snprintf(part, sizeof part, "%s.part", service.copy);
    snprintf(text, sizeof text, "{\"file\":\"%s\"}", service.copy);
    struct run *run = run_begin(service.rig.service, command_find("backup"),
                                json_loads(text, 0, NULL), &caller, &sink);
    assert_non_null(run);
    rig_step(&service.rig);
    rig_run_tasks(&service.rig);
    assert_int_equal(access(part, F_OK), 0);
    run_abandon(run);
    assert_int_not_equal(access(part, F_OK), 0);
    assert_int_not_equal(access(service.copy, F_OK), 0);
    answer_free(&answer);
    close_all(&service);
}

static void in_memory(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    command_refused(&rig, "check", "{}", "not-allowed");
    command_refused(&rig, "backup", "{'file':'/tmp/coven-test-none'}", "not-allowed");
    rig_close(&rig);
}

/* An index that does not learn of what the statement does. */
#define UNINDEXED(statement)                                                                       \
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || ' WHERE room < 0'"         \
    " WHERE name = 'message_room'; PRAGMA writable_schema = RESET;" statement                      \
    "; PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="                                \
    " 'CREATE INDEX message_room ON message (room)' WHERE name = 'message_room';"

static void damage_is_found(void **state)
{
    static const struct {
        const char *sql, *fault;
    } damages[] = {
        {"DELETE FROM message WHERE number = 2", "missing from its archive"},
        {"UPDATE message SET number = 2 WHERE number = 3", "missing from its archive"},
        {"UPDATE message SET stanza = 'text' WHERE number = 2", "is damaged"},
        {"UPDATE message SET to_at = 100000 WHERE number = 2", "is damaged"},
        {UNINDEXED("UPDATE message SET key = key + 1 WHERE number = 3"), "not in the index"},
        {UNINDEXED("DELETE FROM message WHERE number = 3"), "has no message: 1"},
        {"UPDATE message SET room = 77", "has messages: 1, for example 77"},
        {"INSERT INTO affiliation VALUES (77, 'a@b', 1, '', '')", "affiliation of a room"},
        {"INSERT INTO room_option VALUES (77, 'a', 'b')", "room_option of a room"},
        {"INSERT INTO applicant VALUES (1, 77, 'a@b', 'c', 1)", "applicant of a room"},
        {"UPDATE session SET room = 77 WHERE nick = 'Juliet'", "session of a room"},
        {"DELETE FROM identity", "wrong identity"},
        {"PRAGMA user_version = 1", "wrong version"},
        {"PRAGMA application_id = 1", "wrong version"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || ' WHERE room < 0'"
         " WHERE name = 'applicant_room'; PRAGMA writable_schema = RESET;"
         "INSERT INTO applicant SELECT 1, id, 'a@b', 'c', 1 FROM room; PRAGMA writable_schema = ON;"
         "UPDATE sqlite_schema SET sql = 'CREATE INDEX applicant_room ON applicant (room)'"
         " WHERE name = 'applicant_room'",
         "applicant: "},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct service service;
        bool found = false;
        open_all(&service);
        command_do(&service.rig, "check", "{}");
        execute(service.disk.path, damages[i].sql);
        struct answer answer = command_run(&service.rig, "check", "{}");
        for (size_t row = 0; row < json_array_size(answer.rows); row++)
            found |= strstr(answer_field(&answer, row, "fault"), damages[i].fault) != NULL;
        if (!found || !answer.error)
            fail_msg("%s: %s, %s", damages[i].sql, answer_field(&answer, 0, "fault"), answer.text);
        answer_free(&answer);
        close_all(&service);
    }
}

/* Deleted rooms lose their messages later. */
static void what_is_being_deleted_is_no_damage(void **state)
{
    struct service service;
    (void)state;
    open_all(&service);
    command_do(&service.rig, "destroy", "{'room':'room'}");
    command_do(&service.rig, "check", "{}");
    close_all(&service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_a_store), cmocka_unit_test(a_copy_that_cannot_be),
        cmocka_unit_test(a_caller_who_goes), cmocka_unit_test(in_memory),
        cmocka_unit_test(damage_is_found),   cmocka_unit_test(what_is_being_deleted_is_no_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
