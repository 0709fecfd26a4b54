/* Copies of a store that is written to, and what they do to the write-ahead log. */

#include "disk_fixture.h"

#include "coven/store_care.h"
#include "store/store_private.h"

#define BEFORE "<message to='r@c/n'><body>before</body></message>"
#define LATER  "<message to='r@c/n'><body>later</body></message>"

static char *part_of(const char *path)
{
    static char part[256];
    snprintf(part, sizeof part, "%s.part", path);
    return part;
}

static void open_all(struct disk *disk, char *copy, size_t size)
{
    disk_make(disk);
    disk_open(disk);
    snprintf(copy, size, "%s/copy.db", disk->folder);
    for (int i = 0; i < 3; i++)
        add(disk, "romeo@v", "Romeo", BEFORE);
}

static void close_all(struct disk *disk, const char *copy)
{
    unlink(copy);
    disk_close(disk);
    disk_delete(disk);
}

static struct store_backup *begin(struct disk *disk, const char *copy, unsigned log_mib)
{
    char *why = NULL;
    struct store_backup *backup = NULL;
    if (store_backup_begin(disk->second, copy, log_mib, &backup, &why) != STORE_OK)
        fail_msg("%s", why);
    return backup;
}

static int count(void *user, int columns, char **values, char **names)
{
    (void)columns, (void)names;
    *(int *)user = atoi(values[0]);
    return 0;
}

static int messages_in(const char *path)
{
    sqlite3 *db = NULL;
    int number = -1;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "SELECT count(*) FROM message", count, &number, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    return number;
}

/* Writes megabytes into the log. */
static void write_much(struct disk *disk, int megabytes)
{
    static char stanza[100000];
    snprintf(stanza, sizeof stanza, "<message to='r@c/n'><body>%090000d</body></message>", 0);
    for (int i = 0; i < megabytes * 11; i++)
        add(disk, "romeo@v", "Romeo", stanza);
}

static void a_copy_is_as_of_one_moment(void **state)
{
    struct disk disk;
    char copy[128], *why = NULL;
    enum store_result result;
    (void)state;
    open_all(&disk, copy, sizeof copy);
    struct store_backup *backup = begin(&disk, copy, 0);
    do {
        add(&disk, "romeo@v", "Romeo", LATER);
        assert_int_not_equal(access(copy, F_OK), 0);
        result = store_backup_step(backup, &why);
    } while (result == STORE_OK);
    assert_int_equal(result, STORE_NOTHING);
    store_backup_end(backup);
    assert_int_equal(messages_in(copy), 3);
    assert_int_not_equal(access(part_of(copy), F_OK), 0);
    close_all(&disk, copy);
}

static void a_log_that_gets_too_long_ends_it(void **state)
{
    struct disk disk;
    char copy[128], *why = NULL;
    (void)state;
    open_all(&disk, copy, sizeof copy);
    struct store_backup *backup = begin(&disk, copy, 1);
    write_much(&disk, 2);
    assert_int_equal(store_backup_step(backup, &why), STORE_FAILED);
    assert_non_null(strstr(why, "held_log_mib"));
    free(why);
    store_backup_end(backup);
    assert_int_not_equal(access(copy, F_OK), 0);
    assert_int_not_equal(access(part_of(copy), F_OK), 0);
    close_all(&disk, copy);
}

/* A file that somebody else made in the meantime stays. */
static void nothing_is_replaced(void **state)
{
    struct disk disk;
    struct stat status;
    char copy[128], *why = NULL;
    enum store_result result;
    (void)state;
    open_all(&disk, copy, sizeof copy);
    struct store_backup *backup = begin(&disk, copy, 0);
    FILE *file = fopen(copy, "w");
    assert_non_null(file);
    fclose(file);
    do
        result = store_backup_step(backup, &why);
    while (result == STORE_OK);
    assert_int_equal(result, STORE_FAILED);
    assert_non_null(strstr(why, "File exists"));
    free(why);
    store_backup_end(backup);
    assert_int_equal(stat(copy, &status), 0);
    assert_int_equal(status.st_size, 0);
    assert_int_not_equal(access(part_of(copy), F_OK), 0);
    close_all(&disk, copy);
}

/* The turns copy nothing of the long log; the second connection does, and then it is restarted. */
static void the_log_is_short_again(void **state)
{
    struct disk disk;
    char copy[128];
    (void)state;
    open_all(&disk, copy, sizeof copy);
    struct store_backup *backup = begin(&disk, copy, 0);
    write_much(&disk, 40);
    assert_false(store_upkeep_is_due(disk.store));
    store_backup_end(backup);
    unsigned long long copied = atomic_load(&disk.store->wal->copied);
    add(&disk, "romeo@v", "Romeo", LATER);
    assert_int_equal(atomic_load(&disk.store->wal->copied), copied);
    assert_true(store_upkeep_is_due(disk.store));
    assert_int_equal(store_upkeep(disk.second), STORE_OK);
    assert_false(store_upkeep_is_due(disk.store));
    add(&disk, "romeo@v", "Romeo", LATER);
    add(&disk, "romeo@v", "Romeo", LATER);
    assert_in_range(atomic_load(&disk.store->wal->pages), 1, 100);
    close_all(&disk, copy);
}

struct faults {
    unsigned count;
};

static void take_fault(void *user, const char *fault)
{
    (void)fault;
    ((struct faults *)user)->count++;
}

/* Nobody waits: the end of the process, or of the connection, ends a statement, too. */
static void a_check_is_ended(void **state)
{
    struct disk disk;
    char copy[128];
    struct faults faults = {0};
    atomic_bool gone = false;
    (void)state;
    open_all(&disk, copy, sizeof copy);
    struct store_check check = {.gone = &gone};
    assert_int_equal(store_check_step(disk.second, &check, take_fault, &faults), STORE_OK);
    atomic_store(&gone, true);
    assert_int_equal(store_check_step(disk.second, &check, take_fault, &faults), STORE_LATE);
    write_much(&disk, 2);
    check = (struct store_check){.log_mib = 1};
    assert_int_equal(store_check_step(disk.second, &check, take_fault, &faults), STORE_LATE);
    assert_int_equal(faults.count, 0);
    close_all(&disk, copy);
}

/* Many rows are read in several steps; each is read. */
static void each_message_is_looked_at(void **state)
{
    struct disk disk;
    char copy[128];
    struct faults faults = {0};
    struct store_check check = {0};
    (void)state;
    open_all(&disk, copy, sizeof copy);
    make_room(&disk, 0, 0);
    for (int i = 0; i < 2000; i++)
        add_open(&disk, "romeo@v", "Romeo", BEFORE);
    assert_int_equal(store_commit(disk.store), STORE_OK);
    execute(disk.path, "UPDATE message SET to_at = 5000 WHERE number IN (1, 501, 1200, 2003)");
    while (store_check_step(disk.second, &check, take_fault, &faults) == STORE_OK)
        ;
    assert_int_equal(check.part, STORE_CHECK_PARTS);
    assert_int_equal(faults.count, 4);
    close_all(&disk, copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_as_of_one_moment),
        cmocka_unit_test(a_log_that_gets_too_long_ends_it),
        cmocka_unit_test(nothing_is_replaced),
        cmocka_unit_test(the_log_is_short_again),
        cmocka_unit_test(a_check_is_ended),
        cmocka_unit_test(each_message_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
