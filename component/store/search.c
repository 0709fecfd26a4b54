#include "search.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coven/buf.h"
#include "coven/bug.h"
#include "coven/clock.h"
#include "coven/log.h"
#include "file.h"
#include "search_index.h"
#include "store_message.h"

#define ONLY_MS 10 /* time limit of a search when there is no second thread */

/* Instructions of SQLite's virtual machine between two checks of the time limit. Few, because each
 * may read a page: while FTS5 looks for words that never occur together, most of them do. */
#define LOOK_STEPS 100

/* ---- The file ---- */

static int64_t number_of(struct store *store, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* The version of the tables and of the words in them. */
static int version(void)
{
    return SEARCH_VERSION * 1000 + words_version();
}

static int attach(struct store *store, const char *path)
{
    char *sql = sqlite3_mprintf("ATTACH %Q AS search; PRAGMA search.journal_mode = WAL;"
                                "PRAGMA search.synchronous = NORMAL;",
                                path ? path : ":memory:");
    int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return rc;
}

/* Did another version of covend, or of ICU, make the file? */
static bool is_other_version(struct store *store)
{
    int64_t found = number_of(store, "PRAGMA search.user_version");
    return found > 0 && found != version();
}

/* Is the file writable, of this version and this store, and intact as far as a small query tells?
 */
static bool is_good(struct store *store)
{
    return !sqlite3_db_readonly(store->db, "search") &&
           number_of(store, "PRAGMA search.user_version") == version() &&
           number_of(store, "SELECT count(*) FROM search.progress, main.identity"
                            " WHERE progress.store = identity.id") == 1 &&
           number_of(store, "SELECT count(*) FROM search.words WHERE words MATCH 'r0'") == 0;
}

static int create(struct store *store)
{
    char *sql = sqlite3_mprintf("BEGIN; %s %s PRAGMA search.application_id = %d;"
                                "PRAGMA search.user_version = %d; COMMIT;",
                                search_tables, search_late_table, SCHEMA_APPLICATION_ID, version());
    int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return rc;
}

static void delete_file(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *name = sqlite3_mprintf("%s%s", path, ends[i]);
        unlink(name);
        sqlite3_free(name);
    }
}

static int rebuild(struct store *store, const char *path)
{
    sqlite3_exec(store->db, "DETACH search", NULL, NULL, NULL);
    if (path) {
        delete_file(path);
        file_make(path); /* if this fails, so does ATTACH, which says why */
    }
    int rc = attach(store, path);
    return rc == SQLITE_OK ? create(store) : rc;
}

const char *search_open(struct store *store)
{
    char *path = store->path ? sqlite3_mprintf("%s-search", store->path) : NULL;
    bool was_there = path && access(path, F_OK) == 0;
    if (path && !was_there)
        file_make(path);
    int rc = attach(store, path);
    if (rc != SQLITE_OK || !is_good(store)) {
        if (was_there)
            log_info("store: %s is %s; rebuilding it", path,
                     is_other_version(store) ? "of another version" : "unusable");
        rc = rebuild(store, path);
    }
    sqlite3_free(path);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(store->db, search_late_table, NULL, NULL, NULL);
    return rc == SQLITE_OK ? NULL : sqlite3_errmsg(store->db);
}

/* SQLite does not tell which file is damaged. Rebuilding the search file costs only time, and does
 * not help if it is the other one. */
void search_mend(struct store *store)
{
    if (!store->damaged || store->mended || !store->second)
        return;
    store->mended = true;
    for (int i = SQL_SEARCH_BEGIN; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    char *path = sqlite3_mprintf("%s-search", store->path);
    log_warn("store: %s may be damaged; rebuilding it", path);
    if (rebuild(store, path) != SQLITE_OK ||
        statement_prepare(store, SQL_SEARCH_BEGIN, STATEMENT_COUNT) != SQLITE_OK)
        log_error("store: %s: %s; archives cannot be searched", path, sqlite3_errmsg(store->db));
    sqlite3_free(path);
}

/* With a second thread the limit includes the waits for the disk. A store in memory has none, and
 * counts only the processor time of its thread. */
static int64_t clock_of(const struct store *store)
{
    return store->second ? clock_mono_us() : clock_thread_us();
}

static bool is_late(const struct store *store)
{
    return clock_of(store) >= store->late_us;
}

/* More than a step is left only while the file is rebuilt. */
static enum store_result catch_up(struct store *store)
{
    enum store_result result = STORE_OK;
    while (result == STORE_OK && !is_late(store))
        result = search_index_new(store);
    return result == STORE_OK ? STORE_LATE : result;
}

/* ---- Searching ---- */

/* Writes the expression that finds what is searched for; false: that has no words. What stands
 * between white space is a phrase, and quoted, so that nothing in it is an operator of FTS5. */
static bool write_match(struct store *store, const struct store_range *range, struct buf *out)
{
    struct buf words = BUF_INIT;
    char room[32];
    search_room_word(range->room, room);
    words_write(&store->words, range->words, &words);
    buf_printf(out, "room : %s AND body : (\"", room);
    for (size_t i = 0; i < words.len; i++) {
        if (words.data[i] == '\n')
            buf_add_text(out, "\" \"");
        else
            buf_add_char(out, words.data[i]);
    }
    buf_add_text(out, "\")");
    bool any = words.len > 0;
    buf_free(&words);
    return any;
}

static void bind_range(struct binding *b, const struct store_range *range)
{
    bind_int(b, range->keys.after);
    bind_int(b, range->keys.before);
    bind_int(b, range->limit);
}

static int stop(void *store)
{
    return is_late(store);
}

/* SQLite calls the handler by the statement's own step counter, which has to start at zero. */
static enum store_result read_rows(struct store *store, struct binding *b, store_message_each *each,
                                   void *user)
{
    sqlite3_stmt_status(b->statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    sqlite3_progress_handler(store->db, LOOK_STEPS, stop, store);
    enum store_result result = statement_rows(store, b, store_message_read, &each, user);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    return result;
}

static enum store_result find_words(struct store *store, const struct store_range *range,
                                    store_message_each *each, void *user)
{
    struct buf match = BUF_INIT;
    if (!write_match(store, range, &match)) {
        buf_free(&match);
        return STORE_NOTHING;
    }
    struct binding b =
        statement_bind(store, range->backwards ? SQL_MESSAGES_WORDS_BACK : SQL_MESSAGES_WORDS);
    bind_text(&b, buf_span(&match));
    bind_range(&b, range);
    bind_int(&b, range->room);
    bind_int(&b, STORE_TOMBSTONE);
    bind_text(&b, range->author);
    bind_text(&b, range->resource);
    bind_text(&b, range->nick);
    enum store_result result = read_rows(store, &b, each, user);
    buf_free(&match);
    return result;
}

static enum store_result find_said(struct store *store, const struct store_range *range,
                                   store_message_each *each, void *user)
{
    int64_t who = 0;
    bool author = range->author.len > 0;
    enum store_result result = search_who(store, range->room, author ? WHO_AUTHOR : WHO_NICK,
                                          author ? range->author : range->nick, &who);
    if (result != STORE_OK)
        return result;
    struct binding b =
        statement_bind(store, range->backwards ? SQL_MESSAGES_SAID_BACK : SQL_MESSAGES_SAID);
    bind_int(&b, who);
    bind_range(&b, range);
    bind_text(&b, range->resource);
    bind_blob(&b, range->bytes);
    return read_rows(store, &b, each, user);
}

enum store_result search_messages(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user)
{
    unsigned ms = store->second || range->search_ms < ONLY_MS ? range->search_ms : ONLY_MS;
    store->late_us = clock_of(store) + (int64_t)ms * 1000;
    enum store_result result = catch_up(store);
    if (result != STORE_NOTHING)
        return result;
    return range->words.len > 0 ? find_words(store, range, each, user)
                                : find_said(store, range, each, user);
}
