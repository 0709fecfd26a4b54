/* Searches by words and authors, and the search file. */

#include "disk_fixture.h"

#include <sys/stat.h>

#define MANY 20000

static void words_and_authors_are_found(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    add(&disk, "romeo@v", "Romeo", STANZA("But, soft! what light &lt;through&gt; yonder"));
    add(&disk, "juliet@c", "Juliet",
        STANZA("Ay me! Stra\xC3\x9F"
               "e caf\xC3\xA9"));
    add(&disk, "romeo@v", "Romeo", STANZA("light, my light"));
    expect_found(&disk, words("light"), "1 3 ");
    expect_found(&disk, words("LIGHT through"), "1 ");
    expect_found(&disk, words("cafe"), "2 ");
    expect_found(&disk, words("inner"), "");
    expect_found(&disk, words("r1 room:x \"OR\" (NEAR"), "");
    expect_found(&disk, words("!!!"), "");
    expect_found(&disk, author("romeo@v"), "1 3 ");
    expect_found(&disk, author("nobody@v"), "");
    struct store_range both = words("light");
    both.nick = span_of("Juliet");
    expect_found(&disk, both, "");
    both.nick = span_of("Romeo");
    both.backwards = true;
    expect_found(&disk, both, "3 1 ");
    disk_close(&disk);
    disk_delete(&disk);
}

static void what_was_taken_back_is_not_found(void **state)
{
    (void)state;
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    add(&disk, "romeo@v", "Romeo", STANZA("secret"));
    expect_found(&disk, words("secret"), "1 ");
    struct store_message tombstone = {.key = 1 << 16,
                                      .kind = STORE_TOMBSTONE,
                                      .stanza = span_of("<message to=''><retracted/></message>"),
                                      .to_at = 13};
    assert_int_equal(store_message_replace(disk.store, &tombstone), STORE_OK);
    assert_int_equal(store_commit(disk.store), STORE_OK);
    expect_found(&disk, words("secret"), "");
    expect_found(&disk, author("romeo@v"), "1 ");
    disk_close(&disk);
    disk_delete(&disk);
}

/* Writes the name of its search file. */
static void make_with_none(struct disk *disk, char search[128])
{
    disk_make(disk);
    snprintf(search, 128, "%s-search", disk->path);
}

/* Opens a store with one message, which a search finds. */
static void make_with_one(struct disk *disk, char search[128])
{
    make_with_none(disk, search);
    disk_open(disk);
    add(disk, "romeo@v", "Romeo", STANZA("soft"));
    expect_found(disk, words("soft"), "1 ");
    disk_close(disk);
}

/* A search file that is damaged or of another store is rebuilt. */
static void a_search_file_can_be_lost(void **state)
{
    (void)state;
    struct disk disk;
    char search[128];
    make_with_one(&disk, search);
    execute(search, "DELETE FROM said");
    disk_open(&disk);
    expect_found(&disk, author("romeo@v"), ""); /* nothing was wrong that a check could see */
    disk_close(&disk);
    execute(disk.path, "UPDATE identity SET id = randomblob(16)");
    disk_open(&disk);
    expect_found(&disk, author("romeo@v"), "1 ");
    disk_close(&disk);
    FILE *file = fopen(search, "r+");
    assert_non_null(file);
    fputs("this is no database, whatever it was", file);
    fclose(file);
    disk_open(&disk);
    expect_found(&disk, words("soft"), "1 ");
    disk_close(&disk);
    disk_delete(&disk);
}

/* Overwrites the first page of a table with nonsense. */
static void damage(const char *path, const char *table)
{
    char sql[128], nonsense[4096];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    snprintf(sql, sizeof sql, "SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
    memset(nonsense, 0xA5, sizeof nonsense);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    long page = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, (page - 1) * 4096, SEEK_SET), 0);
    assert_int_equal(fwrite(nonsense, sizeof nonsense, 1, file), 1);
    fclose(file);
}

/* Something else has its name. */
static void a_search_file_that_cannot_be_made_is_said(void **state)
{
    (void)state;
    struct disk disk;
    struct store *second = NULL;
    char search[128], *why = NULL;
    make_with_none(&disk, search);
    assert_int_equal(mkdir(search, 0700), 0);
    disk.store = open_path(disk.path, &why);
    assert_non_null(disk.store);
    assert_int_equal(store_second(disk.store, &second, &why), STORE_FAILED);
    assert_null(second);
    assert_non_null(strstr(why, "unable to open database"));
    free(why);
    store_close(disk.store);
    assert_int_equal(rmdir(search), 0);
    disk_delete(&disk);
}

/* Damage that only a search meets is repaired. */
static void a_search_file_mends_itself(void **state)
{
    (void)state;
    struct disk disk;
    char search[128];
    struct store_range range = author("romeo@v");
    struct buf found = BUF_INIT;
    make_with_one(&disk, search);
    damage(search, "said");
    disk_open(&disk);
    range.room = ROOM;
    range.keys.before = INT64_MAX;
    range.limit = 100;
    range.search_ms = 60000;
    assert_int_equal(store_messages(disk.second, &range, note, &found), STORE_FAILED);
    while (store_upkeep(disk.second) == STORE_OK)
        continue;
    expect_found(&disk, author("romeo@v"), "1 ");
    expect_found(&disk, words("soft"), "1 ");
    add(&disk, "romeo@v", "Romeo", STANZA("light"));
    expect_found(&disk, words("light"), "2 ");
    buf_free(&found);
    disk_close(&disk);
    disk_delete(&disk);
}

static bool count(void *user, const struct store_message *message)
{
    (void)message;
    ++*(unsigned *)user;
    return true;
}

static enum store_result search(struct disk *disk, struct store_range range, unsigned ms,
                                unsigned *found_r)
{
    *found_r = 0;
    range.room = ROOM;
    range.keys.before = INT64_MAX;
    range.limit = MANY;
    range.search_ms = ms;
    return store_messages(disk->second, &range, count, found_r);
}

/* Words that never occur together, words that a nick never said, and words of every message. */
static void a_long_search_ends(void **state)
{
    (void)state;
    struct disk disk;
    unsigned found;
    disk_make(&disk);
    disk_open(&disk);
    for (unsigned i = 0; i < MANY; i++)
        add_open(&disk, "romeo@v", "Romeo",
                 i % 2 ? STANZA("a b c d e odd") : STANZA("a b c d e even"));
    assert_int_equal(store_commit(disk.store), STORE_OK);
    while (store_upkeep(disk.second) == STORE_OK)
        continue;
    struct store_range never = words("a b c d e odd even"), other = words("a b c d e"),
                       all = words("a b c d e");
    other.nick = span_of("Juliet");
    assert_int_equal(search(&disk, never, 60000, &found), STORE_NOTHING);
    assert_int_equal(search(&disk, other, 60000, &found), STORE_NOTHING);
    assert_int_equal(search(&disk, all, 60000, &found), STORE_OK);
    assert_int_equal(found, MANY);
    assert_int_equal(search(&disk, never, 1, &found), STORE_LATE);
    assert_int_equal(search(&disk, other, 1, &found), STORE_LATE);
    for (unsigned ms = 1; found == 0; ms *= 2) /* on a machine as slow as it may be */
        assert_int_equal(search(&disk, all, ms, &found), STORE_LATE);
    assert_in_range(found, 1, MANY - 1);
    assert_int_equal(search(&disk, never, 60000, &found),
                     STORE_NOTHING); /* the connection still works */
    disk_close(&disk);
    disk_delete(&disk);
}

/* No search waits until the search file is rebuilt. */
static void a_search_does_not_wait_for_its_file(void **state)
{
    (void)state;
    struct disk disk;
    unsigned found;
    disk_make(&disk);
    disk_open(&disk);
    for (unsigned i = 0; i < MANY; i++)
        add_open(&disk, "romeo@v", "Romeo", STANZA("soft"));
    assert_int_equal(store_commit(disk.store), STORE_OK);
    assert_int_equal(search(&disk, author("romeo@v"), 1, &found), STORE_LATE);
    assert_int_equal(search(&disk, author("romeo@v"), 60000, &found), STORE_OK);
    assert_int_equal(found, MANY);
    disk_close(&disk);
    disk_delete(&disk);
}

/* A third connection reads committed messages while the second may be searching. */
static void a_reader_reads(void **state)
{
    (void)state;
    struct disk disk;
    struct store *reader = NULL;
    char *why = NULL;
    unsigned found = 0;
    struct store_range range = {.room = ROOM, .keys = {0, INT64_MAX}, .limit = 10};
    disk_make(&disk);
    disk_open(&disk);
    assert_int_equal(store_reader(disk.store, &reader, &why), STORE_OK);
    add(&disk, "romeo@v", "Romeo", STANZA("soft"));
    assert_int_equal(store_messages(reader, &range, count, &found), STORE_OK);
    assert_int_equal(found, 1);
    store_close(reader);
    disk_close(&disk);
    disk_delete(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_authors_are_found),
        cmocka_unit_test(what_was_taken_back_is_not_found),
        cmocka_unit_test(a_search_file_can_be_lost),
        cmocka_unit_test(a_search_file_that_cannot_be_made_is_said),
        cmocka_unit_test(a_search_file_mends_itself),
        cmocka_unit_test(a_long_search_ends),
        cmocka_unit_test(a_search_does_not_wait_for_its_file),
        cmocka_unit_test(a_reader_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
