/* A store in a file: who may open it, the state of its files, and the sweep of old messages. */

#include "disk_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "coven/buf.h"
#include "log_fixture.h"
#include "store/schema.h"

static void expect_refused(const char *path, const char *words)
{
    char *why = NULL;
    assert_null(open_path(path, &why));
    if (!strstr(why, words))
        fail_msg("\"%s\" does not say \"%s\"", why, words);
    free(why);
}

/* ---- Opening ---- */

static void one_process_a_store(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    expect_refused(disk.path, "another process uses this store");
    struct disk other; /* another folder with a link to the file, or to its folder */
    disk_make(&other);
    assert_int_equal(symlink(disk.path, other.path), 0);
    expect_refused(other.path, "another process uses this store");
    unlink(other.path);
    rmdir(other.folder);
    assert_int_equal(symlink(disk.folder, other.folder), 0);
    expect_refused(other.path, "another process uses this store");
    unlink(other.folder);
    disk_close(&disk);
    disk_open(&disk);
    disk_close(&disk);
    disk_delete(&disk);
}

static void files_of_others_are_refused(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    execute(disk.path, "CREATE TABLE t (a)");
    expect_refused(disk.path, "not a coven store");
    unlink(disk.path);
    disk_open(&disk);
    disk_close(&disk);
    execute(disk.path, "PRAGMA user_version = 1000");
    expect_refused(disk.path, "newer version");
    disk_delete(&disk);
}

/* Root may write everything, so root runs this as nobody. */
static void a_file_that_may_not_be_written_is_refused(void **state)
{
    (void)state;
    struct disk disk;
    uid_t user = geteuid(), nobody = 65534;
    disk_make(&disk);
    disk_open(&disk);
    disk_close(&disk);
    assert_int_equal(chmod(disk.path, 0444), 0);
    assert_int_equal(chmod(disk.folder, 0777), 0);
    if (user == 0)
        assert_int_equal(seteuid(nobody), 0);
    expect_refused(disk.path, "not write it");
    assert_int_equal(seteuid(user), 0);
    disk_delete(&disk);
}

/* ---- The files themselves ---- */

static off_t size_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : -1;
}

static void make_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void an_empty_file_is_no_new_store(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    make_file(disk.path, "");
    expect_refused(disk.path, "this file is empty");
    assert_int_equal(size_of(disk.path), 0);
    unlink(disk.path);
    disk_open(&disk);
    disk_close(&disk);
    disk_delete(&disk);
}

/* A link to a disk that is not mounted, for example, and a log whose store was deleted. */
static void a_store_that_went_is_not_made_anew(void **state)
{
    (void)state;
    struct disk disk;
    char log[128];
    disk_make(&disk);
    assert_int_equal(symlink("/nowhere/coven.db", disk.path), 0);
    expect_refused(disk.path, "does not exist");
    unlink(disk.path);
    snprintf(log, sizeof log, "%s-wal", disk.path);
    make_file(log, "pages");
    expect_refused(disk.path, "the file is missing, but its log");
    assert_int_equal(size_of(log), 5);
    assert_int_equal(size_of(disk.path), -1);
    disk_delete(&disk);
}

/* A process that is killed while it creates a store leaves no store. */
static void a_start_that_was_cut_short_does_no_harm(void **state)
{
    (void)state;
    struct disk disk;
    char part[128], journal[160];
    disk_make(&disk);
    snprintf(part, sizeof part, "%s-new", disk.path);
    snprintf(journal, sizeof journal, "%s-journal", part);
    make_file(part, "half a store");
    make_file(journal, "and what was before");
    disk_open(&disk);
    add(&disk, "a@b", "n", STANZA("x"));
    disk_close(&disk);
    assert_int_equal(size_of(part), -1);
    assert_int_equal(size_of(journal), -1);
    disk_delete(&disk);
}

static void files_are_private(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal", "-shm", "-search", "-search-wal", "-search-shm"};
    struct disk disk;
    disk_make(&disk);
    mode_t mask = umask(0);
    disk_open(&disk);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct stat status;
        char name[128];
        snprintf(name, sizeof name, "%s%s", disk.path, ends[i]);
        assert_int_equal(stat(name, &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    disk_close(&disk);
    umask(mask);
    disk_delete(&disk);
}

static enum store_result add_room(struct disk *disk, int64_t id, const char *name)
{
    struct store_room row = {.id = id, .name = span_of(name)};
    store_room_put(disk->store, &row);
    enum store_result result = store_commit(disk->store);
    store_rollback(disk->store);
    return result;
}

/* Checks the files again, as the second thread does each second. */
static void watch(struct disk *disk)
{
    usleep(1100000);
    while (store_upkeep(disk->second) == STORE_OK)
        continue;
}

/* While the files are lost, every commit fails, so nobody sees what the next start would not find.
 */
static void what_would_not_be_kept_is_refused(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "-wal"};
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    assert_int_equal(add_room(&disk, 1, "a"), STORE_OK);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char there[128], away[128];
        snprintf(there, sizeof there, "%s%s", disk.path, ends[i]);
        snprintf(away, sizeof away, "%s/away", disk.folder);
        assert_int_equal(rename(there, away), 0);
        watch(&disk);
        assert_int_equal(add_room(&disk, 2, "b"), STORE_FAILED);
        make_file(there, "another");
        watch(&disk);
        assert_int_equal(add_room(&disk, 2, "b"), STORE_FAILED);
        assert_int_equal(rename(away, there), 0);
        watch(&disk);
        assert_int_equal(add_room(&disk, 3 + (int64_t)i, there), STORE_OK);
    }
    disk_close(&disk);
    disk_delete(&disk);
}

/* ---- A disk that is full ---- */

/* Counts the log lines while files cannot grow, and after that. */
static unsigned lines_of_a_full_disk(struct disk *disk)
{
    char text[4096] = "";
    struct rlimit before, none = {0, 0};
    int saved = dup(STDERR_FILENO), lines[2];
    assert_int_equal(pipe(lines), 0);
    getrlimit(RLIMIT_FSIZE, &before);
    none.rlim_max = before.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    dup2(lines[1], STDERR_FILENO);
    setrlimit(RLIMIT_FSIZE, &none);
    for (int i = 0; i < 20; i++) {
        struct store_message row = {.key = INT64_MAX - i, .stanza = span_of(STANZA("x"))};
        if (store_message_add(disk->store, &row) == STORE_OK)
            assert_int_equal(store_commit(disk->store), STORE_FAILED);
        store_rollback(disk->store);
        assert_int_equal(store_commit(disk->store), STORE_OK); /* a turn that wrote nothing */
    }
    setrlimit(RLIMIT_FSIZE, &before);
    add(disk, "romeo@v", "Romeo", STANZA("light"));
    dup2(saved, STDERR_FILENO);
    close(lines[1]);
    close(saved);
    assert_true(read(lines[0], text, sizeof text - 1) > 0);
    close(lines[0]);
    unsigned count = 0;
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        count++;
    return count;
}

static void a_full_disk_is_said_once(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    add(&disk, "romeo@v", "Romeo", STANZA("soft"));
    assert_int_equal(lines_of_a_full_disk(&disk), 2);
    expect_found(&disk, author("romeo@v"), "1 2 ");
    disk_close(&disk);
    disk_delete(&disk);
}

/* ---- The sweep ---- */

static unsigned tidy(struct disk *disk, const struct store_keeping *keeping)
{
    struct store_due due;
    unsigned count = 0;
    while (store_due(disk->second, keeping, &due) == STORE_OK) {
        /* A turn is dropped: the same messages are found again, and not removed from the index
         * twice. */
        store_rollback(disk->store);
        assert_int_equal(store_due(disk->second, keeping, &due), STORE_OK);
        assert_int_equal(store_due_delete(disk->store, &due), STORE_OK);
        assert_int_equal(store_commit(disk->store), STORE_OK);
        count += due.count;
    }
    return count;
}

static void limits_are_kept(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    make_room(&disk, 0, 300);
    for (int i = 0; i < 500; i++)
        add(&disk, "romeo@v", "Romeo", STANZA("word"));
    expect_found(&disk, words("word"),
                 "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 "
                 "31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 "
                 "58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 "
                 "85 86 87 88 89 90 91 92 93 94 95 96 97 98 99 100 ");
    struct store_keeping service = {.now = INT64_C(86400000) * 10,
                                    .eras = eras_begin(INT64_MAX - 1)};
    assert_int_equal(tidy(&disk, &service), 200); /* past the limit of the room */
    service.messages = 100;
    assert_int_equal(tidy(&disk, &service), 200); /* past the limit of the service */
    make_room(&disk, 9, 0);
    service.messages = 0;
    assert_int_equal(tidy(&disk, &service), 100); /* past the age limit of the room: all */
    expect_found(&disk, words("word"), "");
    expect_found(&disk, author("romeo@v"), "");
    disk_close(&disk);
    disk_delete(&disk);
}

static void a_room_that_is_gone_leaves_nothing(void **state)
{
    (void)state;
    struct disk disk;
    struct store_keeping service = {.now = 1, .eras = eras_begin(INT64_MAX - 1)};
    struct store_due due;
    disk_make(&disk);
    disk_open(&disk);
    make_room(&disk, 0, 0);
    for (int i = 0; i < STORE_DUE_MAX + 1; i++)
        add(&disk, "romeo@v", "Romeo", STANZA("word"));
    expect_found(&disk, author("juliet@c"), "");
    assert_int_equal(store_due(disk.second, &service, &due), STORE_NOTHING);
    assert_int_equal(store_room_delete(disk.store, ROOM), STORE_OK);
    assert_int_equal(store_commit(disk.store), STORE_OK);
    assert_int_equal(tidy(&disk, &service), STORE_DUE_MAX + 1);
    expect_found(&disk, words("word"), "");
    disk_close(&disk);
    disk_delete(&disk);
}

static void count(void *user, const struct store_affiliation *affiliation)
{
    (void)affiliation;
    ++*(unsigned *)user;
}

static unsigned count_affiliations(struct disk *disk)
{
    unsigned number = 0;
    store_affiliations(disk->store, ROOM, span_of(""), 10000, count, &number);
    return number;
}

/* However many affiliations a room has, one turn deletes a thousand at most. */
static void a_large_room_goes_in_steps(void **state)
{
    (void)state;
    struct disk disk;
    struct store_keeping service = {.now = 1, .eras = eras_begin(INT64_MAX - 1)};
    disk_make(&disk);
    disk_open(&disk);
    make_room(&disk, 0, 0);
    for (int i = 0; i < 2500; i++) {
        char jid[32];
        snprintf(jid, sizeof jid, "user%d@v", i);
        struct store_affiliation row = {
            .jid = span_of(jid), .affiliation = 1, .nick = span_of(""), .reason = span_of("")};
        assert_int_equal(store_affiliation_put(disk.store, ROOM, &row), STORE_OK);
    }
    assert_int_equal(store_commit(disk.store), STORE_OK);
    assert_int_equal(count_affiliations(&disk), 2500);
    assert_int_equal(store_room_delete(disk.store, ROOM), STORE_OK);
    assert_int_equal(store_commit(disk.store), STORE_OK);
    assert_int_equal(count_affiliations(&disk), 1500);
    tidy(&disk, &service);
    assert_int_equal(count_affiliations(&disk), 0);
    disk_close(&disk);
    disk_delete(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_process_a_store),
        cmocka_unit_test(files_of_others_are_refused),
        cmocka_unit_test(a_file_that_may_not_be_written_is_refused),
        cmocka_unit_test(an_empty_file_is_no_new_store),
        cmocka_unit_test(a_store_that_went_is_not_made_anew),
        cmocka_unit_test(a_start_that_was_cut_short_does_no_harm),
        cmocka_unit_test(files_are_private),
        cmocka_unit_test(what_would_not_be_kept_is_refused),
        cmocka_unit_test(a_full_disk_is_said_once),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(a_room_that_is_gone_leaves_nothing),
        cmocka_unit_test(a_large_room_goes_in_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
