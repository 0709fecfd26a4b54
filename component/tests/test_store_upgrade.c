/* The upgrade of a store from an older version. */

#include "disk_fixture.h"

#include "coven/buf.h"
#include "log_fixture.h"

/* The tables of the first version that later versions change. */
static const char first_version[] =
    "CREATE TABLE room ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,"
    " locked INTEGER NOT NULL, listed INTEGER NOT NULL, title TEXT NOT NULL, creator TEXT NOT NULL,"
    " salt BLOB NOT NULL, subject BLOB NOT NULL, subject_to INTEGER NOT NULL,"
    " subject_time INTEGER NOT NULL);"
    "CREATE INDEX room_creator ON room (creator);"
    "CREATE INDEX room_listed ON room (name) WHERE listed;"
    "CREATE TABLE room_option ("
    " room INTEGER NOT NULL, var TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (room, var)) WITHOUT ROWID;"
    "CREATE TABLE affiliation ("
    " room INTEGER NOT NULL, jid TEXT NOT NULL, affiliation INTEGER NOT NULL, nick TEXT NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY (room, jid)) WITHOUT ROWID;"
    "CREATE TABLE session ("
    " id INTEGER PRIMARY KEY, room INTEGER NOT NULL, jid TEXT NOT NULL, nick TEXT NOT NULL,"
    " role INTEGER NOT NULL, presence BLOB NOT NULL, UNIQUE (room, jid));"
    "CREATE INDEX session_jid ON session (jid);"
    "CREATE TABLE message ("
    " key INTEGER PRIMARY KEY, noise INTEGER NOT NULL, room INTEGER NOT NULL,"
    " number INTEGER NOT NULL, kind INTEGER NOT NULL, author TEXT NOT NULL, resource TEXT NOT NULL,"
    " nick TEXT NOT NULL, affiliation INTEGER NOT NULL, role INTEGER NOT NULL,"
    " to_at INTEGER NOT NULL, stanza BLOB NOT NULL);"
    "CREATE INDEX message_room ON message (room);"
    "CREATE INDEX message_author ON message (room, author);"
    "CREATE INDEX message_nick ON message (room, nick);"
    "CREATE INDEX message_passing ON message (room) WHERE number = 0;"
    "CREATE TABLE doomed (room INTEGER PRIMARY KEY);"
    "INSERT INTO room VALUES (1, 'r', 5, 0, 1, 'Title', 'a@b', x'00', x'', 0, 0);"
    "INSERT INTO session VALUES (1, 1, 'a@b/c', 'n', 3, x'');"
    "INSERT INTO message VALUES (65536, 7, 1, 1, 0, 'a@b', 'c', 'n', 4, 3, 13,"
    " '<message to=''''><body>old words</body></message>');"
    "PRAGMA application_id = 0x636F7665; PRAGMA user_version = 1;";

static void take_name(void *user, const struct store_room *room)
{
    buf_add_span(user, room->name);
    buf_add_span(user, room->title);
}

static int number_in(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* Expects the copy of the file from before the upgrade: a complete store of the old version. */
static void delete_copy(const struct disk *disk, int version)
{
    char path[128];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s-schema-%d", disk->path, version);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(number_in(db, "PRAGMA user_version"), version);
    assert_int_equal(number_in(db, "SELECT count(*) FROM room"), 1);
    sqlite3_close(db);
    assert_int_equal(unlink(path), 0);
}

static void an_old_store_is_brought_up_to_date(void **state)
{
    (void)state;
    struct disk disk;
    struct buf name = BUF_INIT;
    disk_make(&disk);
    execute(disk.path, first_version);
    disk_open(&disk);
    delete_copy(&disk, 1);
    assert_int_equal(store_room_get(disk.store, span_of("r"), take_name, &name), STORE_OK);
    assert_string_equal(name.data, "rTitle");
    expect_found(&disk, author("a@b"), "1 ");
    expect_found(&disk, words("words"), "1 ");
    buf_free(&name);
    disk_close(&disk);
    disk_open(&disk);
    disk_close(&disk);
    disk_delete(&disk);
}

/* The upgrade does not rebuild the search file. */
static void a_store_of_schema_2_learns_of_eras(void **state)
{
    (void)state;
    struct disk disk;
    struct eras eras = eras_begin(0);
    const struct era era = {65537, 1000};
    disk_make(&disk);
    disk_open(&disk);
    make_room(&disk, 0, 0);
    add(&disk, "romeo@v", "Romeo", STANZA("soft"));
    expect_found(&disk, words("soft"), "1 ");
    disk_close(&disk);
    execute(disk.path, "DROP TABLE era; ALTER TABLE message DROP COLUMN said;"
                       "DROP TABLE tombstone; DROP TABLE tombstone_owner; DROP TABLE applicant;"
                       "ALTER TABLE room DROP COLUMN used; DROP INDEX affiliation_jid; DROP INDEX "
                       "affiliation_high;"
                       "DROP TABLE denied; DROP INDEX message_alias; ALTER TABLE message DROP "
                       "COLUMN alias; DROP TABLE staged; DROP TABLE late; PRAGMA user_version = 2");
    struct listener listener = listen_to_log();
    disk_open(&disk);
    char *log = end_listening(&listener);
    assert_non_null(strstr(log, "from schema 2 to 7"));
    assert_null(strstr(log, "rebuilding"));
    free(log);
    delete_copy(&disk, 2);
    expect_found(&disk, words("soft"), "1 ");
    assert_int_equal(store_eras(disk.store, &eras), STORE_NOTHING);
    assert_int_equal(store_era_put(disk.store, &era), STORE_OK);
    assert_int_equal(store_commit(disk.store), STORE_OK);
    disk_close(&disk);
    disk_open(&disk);
    assert_int_equal(store_eras(disk.store, &eras), STORE_OK);
    assert_int_equal(eras.count, 2);
    assert_memory_equal(&eras.list[1], &era, sizeof era);
    assert_int_equal(store_era_delete(disk.store, era.from), STORE_OK);
    assert_int_equal(store_eras(disk.store, &eras), STORE_NOTHING);
    store_rollback(disk.store);
    eras = eras_begin(0);
    assert_int_equal(store_eras(disk.store, &eras), STORE_OK);
    disk_close(&disk);
    disk_delete(&disk);
}

static void take_venue(void *user, const struct store_tombstone *tombstone)
{
    buf_add_span(user, tombstone->venue);
}

static void a_store_of_schema_4_learns_of_tombstones(void **state)
{
    (void)state;
    struct disk disk;
    struct buf venue = BUF_INIT;
    const struct span name = span_of("old");
    const struct store_tombstone tombstone = {name, span_of("a@b"), 5, span_of("new@c"),
                                              span_of("Moved")};
    disk_make(&disk);
    disk_open(&disk);
    make_room(&disk, 0, 0);
    disk_close(&disk);
    execute(disk.path, "DROP TABLE tombstone; DROP TABLE tombstone_owner; DROP TABLE applicant; "
                       "ALTER TABLE room DROP COLUMN used; DROP INDEX affiliation_jid; DROP INDEX "
                       "affiliation_high;"
                       "DROP TABLE denied; DROP INDEX message_alias; ALTER TABLE message DROP "
                       "COLUMN alias; DROP TABLE staged; DROP TABLE late; PRAGMA user_version = 4");
    disk_open(&disk);
    delete_copy(&disk, 4);
    assert_int_equal(store_tombstone_get(disk.store, name, take_venue, &venue), STORE_NOTHING);
    assert_int_equal(store_tombstone_put(disk.store, &tombstone), STORE_OK);
    assert_int_equal(store_commit(disk.store), STORE_OK);
    disk_close(&disk);
    disk_open(&disk);
    assert_int_equal(store_tombstone_get(disk.store, name, take_venue, &venue), STORE_OK);
    assert_string_equal(venue.data, "new@c");
    buf_free(&venue);
    disk_close(&disk);
    disk_delete(&disk);
}

static void a_store_of_schema_5_learns_of_denied_users(void **state)
{
    (void)state;
    struct disk disk;
    sqlite3 *db = NULL;
    disk_make(&disk);
    disk_open(&disk);
    make_room(&disk, 0, 0);
    disk_close(&disk);
    execute(disk.path,
            "ALTER TABLE room DROP COLUMN used; DROP INDEX affiliation_jid; DROP INDEX "
            "affiliation_high;"
            "DROP INDEX applicant_jid; DROP INDEX tombstone_owner_jid; DROP TABLE denied; "
            "DROP INDEX message_alias; ALTER TABLE message DROP COLUMN alias; DROP TABLE staged; "
            "DROP TABLE late; PRAGMA user_version = 5");
    disk_open(&disk);
    delete_copy(&disk, 5);
    disk_close(&disk);
    assert_int_equal(sqlite3_open_v2(disk.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(number_in(db, "SELECT count(*) FROM denied"), 0);
    assert_int_equal(number_in(db, "SELECT count(*) FROM affiliation INDEXED BY affiliation_jid"
                                   " WHERE jid = 'a@b'"),
                     0);
    assert_int_equal(number_in(db, "SELECT count(*) FROM affiliation INDEXED BY affiliation_high"
                                   " WHERE affiliation NOT BETWEEN 0 AND 2"),
                     0);
    sqlite3_close(db);
    disk_delete(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_old_store_is_brought_up_to_date),
        cmocka_unit_test(a_store_of_schema_2_learns_of_eras),
        cmocka_unit_test(a_store_of_schema_4_learns_of_tombstones),
        cmocka_unit_test(a_store_of_schema_5_learns_of_denied_users),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
