/*
 * The forgetful disk loses what was not synced, and nothing else. Child processes write rows to a
 * database on it, report each commit, and are killed; then the real files are examined.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "crash/forgetful.h"

#define ROWS 300

struct fixture {
    char folder[64], path[80];
};

static int make(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/test_forgetful.XXXXXX");
    *state = fixture;
    if (!mkdtemp(fixture->folder))
        return -1;
    snprintf(fixture->path, sizeof fixture->path, "%s/db", fixture->folder);
    return 0;
}

static void remove_db(const struct fixture *fixture)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s%s", fixture->path, ends[i]);
        unlink(path);
    }
}

static int clean(void **state)
{
    struct fixture *fixture = *state;
    remove_db(fixture);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

/* ---- In the process that is killed ---- */

/* A failure ends the child with 1, so the test sees that it was not killed. */
static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        _exit(1);
    }
}

static int read_number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int number = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static sqlite3 *open_db(const char *path)
{
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        _exit(1);
    return db;
}

/* Commits row after row, and reports each. */
static void write_rows(const char *path, const char *settings, int told)
{
    sqlite3 *db = open_db(path);
    run(db, settings);
    run(db, "CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, filling BLOB)");
    for (int n = 1; n <= ROWS; n++) {
        char sql[96];
        snprintf(sql, sizeof sql, "INSERT INTO t VALUES (%d, randomblob(%d))", n, n * 37 % 3000);
        run(db, sql);
        if (write(told, &n, sizeof n) != sizeof n)
            _exit(1);
    }
}

/* ---- Outside ---- */

/* Cuts the power after `rows` commits or later. Returns the last row that was committed. */
static int cut_power(const char *path, const char *settings, uint64_t seed, int rows)
{
    int ends[2], status, n = 0, last = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        forgetful_install(seed, false);
        write_rows(path, settings, ends[1]);
        kill(getpid(), SIGKILL);
    }
    close(ends[1]);
    while (last < rows && read(ends[0], &n, sizeof n) == sizeof n)
        last = n;
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(ends[0], &n, sizeof n) == sizeof n)
        last = n;
    close(ends[0]);
    assert_true(last >= rows);
    return last;
}

/* How many of the first `last` rows are left. -1: the database is broken. */
static int rows_left(const char *path, int last)
{
    char sql[64];
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM t WHERE n <= %d", last);
    int count = read_number(db, sql);
    sqlite3_stmt *statement = NULL;
    bool sound =
        sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW &&
        strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return sound ? count : -1;
}

static void keeps_what_was_synced(void **state)
{
    static const char *const settings[] = {
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "PRAGMA wal_autocheckpoint=20",
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=20",
        "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=0; PRAGMA synchronous=FULL;"
        "PRAGMA wal_autocheckpoint=5",
        "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL",
        "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL",
    };
    const struct fixture *fixture = *state;
    for (unsigned i = 0; i < 50; i++) {
        int last = cut_power(fixture->path, settings[i % 5], i / 5, (int)(i * 61 % ROWS));
        if (last)
            assert_int_equal(rows_left(fixture->path, last), last);
        remove_db(fixture);
    }
}

static void forgets_what_was_not_synced(void **state)
{
    static const char settings[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF";
    const struct fixture *fixture = *state;
    int last = cut_power(fixture->path, settings, 0, 200);
    assert_int_equal(rows_left(fixture->path, last), -1); /* even the table is missing */
}

/* Without a sync at each commit the last ones are lost, but the rest is sound. */
static void forgets_the_last_commits(void **state)
{
    static const char settings[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                                   "PRAGMA wal_autocheckpoint=20";
    const struct fixture *fixture = *state;
    unsigned lost = 0;
    for (unsigned i = 1; i <= 15; i++) {
        int last = cut_power(fixture->path, settings, i, 150 + (int)i);
        int left = rows_left(fixture->path, last);
        assert_true(left > 0);
        lost += left < last;
        remove_db(fixture);
    }
    assert_true(lost > 10);
}

/* Sectors that reach the real file early break what relies on their order. */
static void writes_early_in_any_order(void **state)
{
    static const char settings[] = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF";
    const struct fixture *fixture = *state;
    unsigned early = 0;
    for (unsigned i = 1; i <= 10; i++) {
        FILE *file = NULL;
        cut_power(fixture->path, settings, i, 100);
        file = fopen(fixture->path, "re");
        assert_non_null(file);
        fseek(file, 0, SEEK_END);
        early += ftell(file) > 0;
        fclose(file);
        remove_db(fixture);
    }
    assert_true(early > 5);
}

static void exit_loses_nothing(void **state)
{
    const struct fixture *fixture = *state;
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        forgetful_install(0, false);
        sqlite3 *db = open_db(fixture->path);
        run(db, "PRAGMA synchronous=OFF; CREATE TABLE t (n); INSERT INTO t VALUES (1)");
        sqlite3_close(db);
        exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(rows_left(fixture->path, 1), 1);
}

/* Two connections of one process: each reads what the other has not synced, while files grow, are
 * truncated and grow again. */
static void use_two(const char *path)
{
    forgetful_install(7, false);
    sqlite3 *a = open_db(path), *b = open_db(path);
    run(a, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA journal_size_limit=0;"
           "PRAGMA auto_vacuum=FULL; VACUUM; CREATE TABLE t (n INTEGER, filling BLOB)");
    for (int round = 1; round <= 20; round++) {
        run(a, "DELETE FROM t; PRAGMA wal_checkpoint(TRUNCATE)");
        if (read_number(b, "SELECT count(*) FROM t") != 0)
            _exit(2);
        for (int n = 1; n <= 50; n++) {
            run(n % 2 ? a : b, "INSERT INTO t VALUES (1, zeroblob(5000))");
            if (read_number(n % 2 ? b : a, "SELECT count(*) FROM t") != n)
                _exit(3);
        }
    }
    if (read_number(
            b, "SELECT count(*) FROM pragma_integrity_check() WHERE integrity_check='ok'") != 1)
        _exit(4);
    sqlite3_close(a);
    sqlite3_close(b);
    exit(0);
}

static void connections_share_the_memory(void **state)
{
    const struct fixture *fixture = *state;
    int status;
    pid_t pid = fork();
    if (pid == 0)
        use_two(fixture->path);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(rows_left(fixture->path, 4), 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_what_was_synced, make, clean),
        cmocka_unit_test_setup_teardown(forgets_what_was_not_synced, make, clean),
        cmocka_unit_test_setup_teardown(forgets_the_last_commits, make, clean),
        cmocka_unit_test_setup_teardown(writes_early_in_any_order, make, clean),
        cmocka_unit_test_setup_teardown(exit_loses_nothing, make, clean),
        cmocka_unit_test_setup_teardown(connections_share_the_memory, make, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
