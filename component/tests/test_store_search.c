/* What the second connection finds by words and authors, and what becomes of its search file. */

#include "disk_fixture.h"

#include <sys/stat.h>

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
    struct store_message grave = {.key = 1 << 16,
                                  .kind = STORE_TOMBSTONE,
                                  .stanza = span_of("<message to=''><retracted/></message>"),
                                  .to_at = 13};
    assert_int_equal(store_message_replace(disk.store, &grave), STORE_OK);
    assert_int_equal(store_commit(disk.store), STORE_OK);
    expect_found(&disk, words("secret"), "");
    expect_found(&disk, author("romeo@v"), "1 ");
    disk_close(&disk);
    disk_delete(&disk);
}

/* And what its search file will be called. */
static void make_with_none(struct disk *disk, char search[128])
{
    disk_make(disk);
    snprintf(search, 128, "%s-search", disk->path);
}

/* With one message in it, which can be found. */
static void make_with_one(struct disk *disk, char search[128])
{
    make_with_none(disk, search);
    disk_open(disk);
    add(disk, "romeo@v", "Romeo", STANZA("soft"));
    expect_found(disk, words("soft"), "1 ");
    disk_close(disk);
}

/* A search file that is damaged, or of another store, is made anew. */
static void a_search_file_can_be_lost(void **state)
{
    (void)state;
    struct disk disk;
    char search[128];
    make_with_one(&disk, search);
    execute(search, "DELETE FROM said");
    disk_open(&disk);
    expect_found(&disk, author("romeo@v"), ""); /* there is nothing wrong that could be seen */
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

/* A page of nonsense in the place of the first one of a table. */
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

/* Something else bears its name. */
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

/* Damage that is seen only when somebody searches does not stay. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_authors_are_found),
        cmocka_unit_test(what_was_taken_back_is_not_found),
        cmocka_unit_test(a_search_file_can_be_lost),
        cmocka_unit_test(a_search_file_that_cannot_be_made_is_said),
        cmocka_unit_test(a_search_file_mends_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
