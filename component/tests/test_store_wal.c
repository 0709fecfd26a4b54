/* The write-ahead log of a store in a file: it does not grow without end. */

#include "disk_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define MEGABYTE   (1024 * 1024)
#define HEAD       "<message to='"
#define TO_AT      (sizeof HEAD - 1)
#define PAGE_BYTES 4096
#define LOG_SIZE   (16 * MEGABYTE)
#define LOG_MORE   (2 * MEGABYTE) /* pages that are added before the copying begins */

static long log_size(const struct disk *disk)
{
    char path[128];
    struct stat status;
    snprintf(path, sizeof path, "%s-wal", disk->path);
    assert_int_equal(stat(path, &status), 0);
    return (long)status.st_size;
}

static char *long_stanza(size_t len)
{
    static const char head[] = HEAD "'>", end[] = "</message>";
    char *stanza = calloc(1, len + sizeof end);
    assert_non_null(stanza);
    memset(stanza, 'x', len);
    memcpy(stanza, head, sizeof head - 1);
    memcpy(stanza + len, end, sizeof end);
    return stanza;
}

/* While turns go on, the second connection copies their pages whenever that is due. */
static void it_does_not_grow(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    char *stanza = long_stanza(100000);
    unsigned copied = 0;
    for (int i = 0; i < 1500; i++) { /* 150 MB */
        add(&disk, "romeo@v", "Romeo", stanza);
        if (store_upkeep_is_due(disk.store)) {
            assert_int_equal(store_upkeep(disk.second), STORE_OK);
            assert_false(store_upkeep_is_due(disk.store));
            copied++;
        }
    }
    free(stanza);
    assert_in_range(copied, 10, 100);
    assert_in_range(log_size(&disk), 1, LOG_SIZE + LOG_MORE);
    disk_close(&disk);
    disk_delete(&disk);
}

struct whole {
    const char *stanza;
    int count;
};

static bool compare(void *user, const struct store_message *message)
{
    struct whole *whole = user;
    assert_int_equal(message->stanza.len, strlen(whole->stanza));
    assert_memory_equal(message->stanza.at, whole->stanza, message->stanza.len);
    whole->count++;
    return true;
}

static void expect_whole(struct disk *disk, const char *stanza, int count)
{
    struct whole whole = {.stanza = stanza};
    struct store_range range = {.room = ROOM, .keys = {0, INT64_MAX}, .limit = 100};
    assert_int_equal(store_messages(disk->second, &range, compare, &whole), STORE_OK);
    assert_int_equal(whole.count, count);
}

/* More pages than SQLite keeps in memory, so some are in the log before the commit. */
static void a_large_turn_is_whole(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    char *stanza = long_stanza(1000000);
    for (int i = 1; i <= 30; i++) {
        struct store_message row = {.key = i << 16, .room = ROOM, .number = i};
        row.stanza = span_of(stanza);
        row.to_at = TO_AT;
        assert_int_equal(store_message_add(disk.store, &row), STORE_OK);
    }
    assert_int_equal(store_commit(disk.store), STORE_OK);
    disk_close(&disk);
    disk_open(&disk);
    int64_t room = 0, key = 0;
    assert_int_equal(store_last_ids(disk.store, &room, &key), STORE_OK);
    assert_int_equal(key, 30 << 16);
    expect_whole(&disk, stanza, 30);
    free(stanza);
    disk_close(&disk);
    disk_delete(&disk);
}

/* Also when the second connection never copies. */
static void it_has_an_end(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    char *stanza = long_stanza(700 * PAGE_BYTES);
    for (int i = 0; i < 40; i++) /* 110 MB */
        add(&disk, "romeo@v", "Romeo", stanza);
    free(stanza);
    assert_in_range(log_size(&disk), LOG_SIZE, 2 * LOG_SIZE);
    disk_close(&disk);
    disk_delete(&disk);
}

/* While another program reads an old state no page can be copied, but messages are indexed, and
 * upkeep has an end. Afterwards the log is cut. */
static void a_reader_from_outside_stops_nothing_else(void **state)
{
    (void)state;
    struct disk disk;
    sqlite3 *reader = NULL;
    unsigned steps = 0;
    disk_make(&disk);
    disk_open(&disk);
    assert_int_equal(sqlite3_open(disk.path, &reader), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT * FROM room", NULL, NULL, NULL),
                     SQLITE_OK);
    char *stanza = long_stanza(100000);
    for (int i = 0; i < 250; i++) /* 25 MB */
        add(&disk, "romeo@v", "Romeo", stanza);
    assert_true(store_upkeep_is_due(disk.store));
    while (store_upkeep(disk.second) == STORE_OK)
        assert_true(++steps < 100);
    assert_true(steps > 0);
    assert_true(log_size(&disk) > LOG_SIZE + LOG_MORE);
    sqlite3_close(reader);
    assert_int_equal(store_upkeep(disk.second), STORE_OK);
    add(&disk, "romeo@v", "Romeo", stanza);
    add(&disk, "romeo@v", "Romeo", stanza);
    free(stanza);
    assert_in_range(log_size(&disk), 1, LOG_SIZE + LOG_MORE);
    disk_close(&disk);
    disk_delete(&disk);
}

/* When a turn is too large for the disk, SQLite may roll it back by itself; then the rest of the
 * turn is not kept either. */
static void a_turn_that_failed_keeps_nothing(void **state)
{
    (void)state;
    struct disk disk;
    struct rlimit before, limit;
    disk_make(&disk);
    disk_open(&disk);
    add(&disk, "romeo@v", "Romeo", HEAD "'/>");
    char *stanza = long_stanza(1000000);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = LOG_SIZE + LOG_MORE;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    struct store_message row = {.room = ROOM, .to_at = TO_AT, .stanza = span_of(stanza)};
    enum store_result result = STORE_OK;
    for (row.number = 2; result == STORE_OK && row.number < 100; row.number++) {
        row.key = row.number << 16;
        result = store_message_add(disk.store, &row);
    }
    assert_int_equal(result, STORE_FAILED);
    row.key++;
    row.stanza = span_of(HEAD "'/>");
    assert_int_equal(store_message_add(disk.store, &row), STORE_FAILED);
    store_rollback(disk.store);
    setrlimit(RLIMIT_FSIZE, &before);
    free(stanza);
    int64_t room = 0, key = 0;
    assert_int_equal(store_last_ids(disk.store, &room, &key), STORE_OK);
    assert_int_equal(key, 1 << 16);
    disk_close(&disk);
    disk_delete(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_does_not_grow),
        cmocka_unit_test(a_large_turn_is_whole),
        cmocka_unit_test(it_has_an_end),
        cmocka_unit_test(a_reader_from_outside_stops_nothing_else),
        cmocka_unit_test(a_turn_that_failed_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
