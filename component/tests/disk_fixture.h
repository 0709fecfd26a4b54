/* A store in a folder of its own, and messages in it. */
#ifndef COVEN_TEST_DISK_FIXTURE_H
#define COVEN_TEST_DISK_FIXTURE_H

#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "coven/buf.h"
#include "coven/store.h"
#include "unit.h"

#define ROOM 1
#define STANZA(text)                                                                               \
    "<message from='r@c/n' type='groupchat' to=''><body>" text "</body><x xmlns='y'><body>inner"   \
    "</body></x></message>"

struct disk {
    char folder[64];
    char path[96];
    struct store *store, *second;
    int64_t key;
};

static inline struct store *open_path(const char *path, char **why_r)
{
    struct store_settings settings = {.path = path, .full_sync = true};
    return store_open(&settings, why_r);
}

static inline void disk_make(struct disk *disk)
{
    *disk = (struct disk){.folder = "/tmp/coven-test.XXXXXX"};
    umask(077); /* as covend does */
    assert_non_null(mkdtemp(disk->folder));
    snprintf(disk->path, sizeof disk->path, "%s/coven.db", disk->folder);
}

static inline void disk_open(struct disk *disk)
{
    char *why = NULL;
    disk->store = open_path(disk->path, &why);
    if (!disk->store)
        fail_msg("%s", why);
    assert_int_equal(store_second(disk->store, &disk->second, &why), STORE_OK);
}

static inline void disk_close(struct disk *disk)
{
    store_close(disk->second);
    store_close(disk->store);
}

static inline void disk_delete(struct disk *disk)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-search", "-search-wal", "-search-shm"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", disk->path, ends[i]);
        unlink(name);
    }
    assert_int_equal(rmdir(disk->folder), 0);
}

/* The transaction stays open. */
static inline void add_open(struct disk *disk, const char *author, const char *nick,
                            const char *stanza)
{
    struct store_message row = {
        .key = ++disk->key << 16,
        .room = ROOM,
        .number = disk->key,
        .author = span_of(author),
        .nick = span_of(nick),
        .stanza = span_of(stanza),
        .to_at = (uint32_t)(strstr(stanza, " to='") + 5 - stanza),
    };
    assert_int_equal(store_message_add(disk->store, &row), STORE_OK);
}

static inline void add(struct disk *disk, const char *author, const char *nick, const char *stanza)
{
    add_open(disk, author, nick, stanza);
    assert_int_equal(store_commit(disk->store), STORE_OK);
}

/* Changes the file as another program would. */
static inline void execute(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static inline bool note(void *user, const struct store_message *message)
{
    buf_printf(user, "%lld ", (long long)message->number);
    return true;
}

/* Asserts that the search finds messages with these numbers. */
static inline void expect_found(struct disk *disk, struct store_range range, const char *numbers)
{
    struct buf found = BUF_INIT;
    range.room = ROOM;
    range.keys.before = INT64_MAX;
    range.limit = 100;
    range.search_ms = 60000;
    assert_true(store_messages(disk->second, &range, note, &found) != STORE_FAILED);
    assert_string_equal(found.data ? found.data : "", numbers);
    buf_free(&found);
}

static inline struct store_range words(const char *text)
{
    return (struct store_range){.words = span_of(text)};
}

static inline struct store_range author(const char *jid)
{
    return (struct store_range){.author = span_of(jid)};
}

static inline void make_room(struct disk *disk, int64_t days, int64_t messages)
{
    struct store_room room = {
        .id = ROOM, .name = span_of("r"), .keep_days = days, .keep_messages = messages};
    assert_int_equal(store_room_put(disk->store, &room), STORE_OK);
    assert_int_equal(store_commit(disk->store), STORE_OK);
}

#endif
