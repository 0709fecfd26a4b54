#include "sqlite_search.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coven/body.h"
#include "coven/buf.h"
#include "coven/bug.h"
#include "coven/clock.h"
#include "coven/log.h"
#include "sqlite_file.h"
#include "sqlite_message.h"

#define STEP_ROWS 200 /* entered at once: a few milliseconds */

#define ONLY_MS   10 /* that a search may take in the only thread */

/* Steps of SQLite's own machine between two looks at the clock. They need not be many rows: of
 * words that are never together, it reads hundreds of pages in as many steps. */
#define LOOK_STEPS 100

enum who { WHO_AUTHOR, WHO_NICK };

/* ---- The file ---- */

static int64_t number_of(struct sqlite_store *self, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(self->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static int attach(struct sqlite_store *self, const char *path)
{
    char *sql = sqlite3_mprintf("ATTACH %Q AS search; PRAGMA search.journal_mode = WAL;"
                                "PRAGMA search.synchronous = NORMAL;",
                                path ? path : ":memory:");
    int rc = sqlite3_exec(self->db, sql, NULL, NULL, NULL);
    sqlite3_free(sql);
    return rc;
}

/* Made by this version, for this store, to be written, and whole as far as can be seen. */
static bool is_good(struct sqlite_store *self)
{
    return !sqlite3_db_readonly(self->db, "search") &&
           number_of(self, "PRAGMA search.user_version") == SEARCH_VERSION &&
           number_of(self, "SELECT count(*) FROM search.progress, main.identity"
                           " WHERE progress.store = identity.id") == 1 &&
           number_of(self, "SELECT count(*) FROM search.words WHERE words MATCH 'r0'") == 0;
}

static int create(struct sqlite_store *self)
{
    char *sql = sqlite3_mprintf("BEGIN; %s PRAGMA search.application_id = %d;"
                                "PRAGMA search.user_version = %d; COMMIT;",
                                search_tables, SCHEMA_APPLICATION_ID, SEARCH_VERSION);
    int rc = sqlite3_exec(self->db, sql, NULL, NULL, NULL);
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

static int make_anew(struct sqlite_store *self, const char *path)
{
    sqlite3_exec(self->db, "DETACH search", NULL, NULL, NULL);
    if (path) {
        delete_file(path);
        file_make(path); /* if not, SQLite says why */
    }
    int rc = attach(self, path);
    return rc == SQLITE_OK ? create(self) : rc;
}

/* The only file of coven's that is thrown away when there is something wrong with it. */
const char *search_open(struct sqlite_store *self)
{
    char *path = self->path ? sqlite3_mprintf("%s-search", self->path) : NULL;
    bool was_there = path && access(path, F_OK) == 0;
    if (path && !was_there)
        file_make(path);
    int rc = attach(self, path);
    if (rc != SQLITE_OK || !is_good(self)) {
        if (was_there)
            log_info("store: %s is unusable; rebuilding it", path);
        rc = make_anew(self, path);
    }
    sqlite3_free(path);
    return rc == SQLITE_OK ? NULL : sqlite3_errmsg(self->db);
}

/* If it is the store itself that is damaged, this was no help; but it is not known which, and the
 * file can be made anew at the price of some time. */
static void mend(struct sqlite_store *self)
{
    self->mended = true;
    for (int i = SQL_SEARCH_BEGIN; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(self->statements[i]);
        self->statements[i] = NULL;
    }
    char *path = sqlite3_mprintf("%s-search", self->path);
    log_warn("store: %s may be damaged; rebuilding it", path);
    if (make_anew(self, path) != SQLITE_OK ||
        statement_prepare(self, SQL_SEARCH_BEGIN, STATEMENT_COUNT) != SQLITE_OK)
        log_error("store: %s: %s; archives cannot be searched", path, sqlite3_errmsg(self->db));
    sqlite3_free(path);
}

/* ---- Entering messages ---- */

static enum store_result run(struct sqlite_store *self, enum statement which)
{
    return statement_run(self, self->statements[which]);
}

/* The number of an author or a nick in a room; 0: not known (yet). */
static enum store_result find_who(struct sqlite_store *self, int64_t room, enum who kind,
                                  struct span name, int64_t *who_r)
{
    struct binding b = statement_bind(self, SQL_SEARCH_WHO);
    bind_int(&b, room);
    bind_int(&b, kind);
    bind_text(&b, name);
    return statement_rows(self, &b, statement_number, who_r, NULL);
}

static enum store_result make_who(struct sqlite_store *self, int64_t room, enum who kind,
                                  struct span name, int64_t *who_r)
{
    enum store_result result = find_who(self, room, kind, name, who_r);
    if (result != STORE_NOTHING)
        return result;
    struct binding b = statement_bind(self, SQL_SEARCH_WHO_ADD);
    bind_int(&b, room);
    bind_int(&b, kind);
    bind_text(&b, name);
    result = statement_run(self, b.statement);
    *who_r = sqlite3_last_insert_rowid(self->db);
    return result;
}

static enum store_result enter_who(struct sqlite_store *self, const struct store_message *message,
                                   enum who kind, struct span name)
{
    int64_t who = 0;
    if (name.len == 0)
        return STORE_OK;
    enum store_result result = make_who(self, message->room, kind, name, &who);
    if (result != STORE_OK)
        return result;
    struct binding b = statement_bind(self, SQL_SEARCH_SAID_ADD);
    bind_int(&b, who);
    bind_int(&b, message->key);
    return statement_run(self, b.statement);
}

/* The room is one of the words: so those of other rooms are not even looked at. */
static void room_word(int64_t room, char out[32])
{
    snprintf(out, 32, "r%lld", (long long)room);
}

static enum store_result change_words(struct sqlite_store *self, enum statement which,
                                      const struct store_message *message)
{
    struct buf text = BUF_INIT;
    char room[32];
    body_text(message->stanza, &text);
    if (message->kind != STORE_SAID || text.len == 0) {
        buf_free(&text);
        return STORE_OK;
    }
    room_word(message->room, room);
    struct binding b = statement_bind(self, which);
    bind_int(&b, message->key);
    bind_text(&b, span_of(room));
    bind_text(&b, buf_span(&text));
    enum store_result result = statement_run(self, b.statement);
    buf_free(&text);
    return result;
}

struct entering {
    struct sqlite_store *self;
    enum store_result result;
    int64_t key;
};

static bool enter(void *user, const struct store_message *message)
{
    struct entering *entering = user;
    struct sqlite_store *self = entering->self;
    entering->key = message->key;
    if (message->number == 0)
        return true;
    entering->result = enter_who(self, message, WHO_AUTHOR, message->author);
    if (entering->result == STORE_OK)
        entering->result = enter_who(self, message, WHO_NICK, message->nick);
    if (entering->result == STORE_OK)
        entering->result = change_words(self, SQL_SEARCH_WORDS_ADD, message);
    return entering->result == STORE_OK;
}

static enum store_result enter_some(struct sqlite_store *self)
{
    struct entering entering = {self, STORE_OK, 0};
    store_message_each *each = enter;
    int64_t progress = 0;
    if (run(self, SQL_SEARCH_BEGIN) != STORE_OK)
        return STORE_FAILED;
    struct binding b = statement_bind(self, SQL_SEARCH_PROGRESS);
    if (statement_rows(self, &b, statement_number, &progress, NULL) != STORE_OK)
        return STORE_FAILED;
    b = statement_bind(self, SQL_SEARCH_NEW);
    bind_int(&b, progress);
    bind_int(&b, STEP_ROWS);
    enum store_result result = statement_rows(self, &b, sqlite_message_read, &each, &entering);
    if (result != STORE_OK)
        return result;
    if (entering.result != STORE_OK)
        return entering.result;
    b = statement_bind(self, SQL_SEARCH_PROGRESS_SET);
    bind_int(&b, entering.key);
    return statement_run(self, b.statement);
}

enum store_result search_step(struct sqlite_store *self)
{
    coven_assert(!self->writing && self->batch.count == 0); /* never within a turn */
    if (self->damaged && !self->mended && self->second)
        mend(self);
    enum store_result result = enter_some(self);
    if (result == STORE_OK && run(self, SQL_COMMIT) == STORE_OK) {
        statement_works(self);
        return STORE_OK;
    }
    if (!sqlite3_get_autocommit(self->db))
        run(self, SQL_ROLLBACK);
    return result == STORE_NOTHING ? STORE_NOTHING : STORE_FAILED;
}

/* Of a thread of its own, who searches after it waits for the disk, too; the only thread has none,
 * and what it did while it had no processor was nothing. */
static int64_t clock_of(const struct sqlite_store *self)
{
    return self->second ? clock_mono_us() : clock_thread_us();
}

static bool is_late(const struct sqlite_store *self)
{
    return clock_of(self) >= self->late_us;
}

/* There is more than a step to be done only when a file is made anew. */
static enum store_result catch_up(struct sqlite_store *self)
{
    enum store_result result = STORE_OK;
    while (result == STORE_OK && !is_late(self))
        result = search_step(self);
    return result == STORE_OK ? STORE_LATE : result;
}

/* ---- Looking for messages ---- */

/* Every word as a phrase of its own: whatever else FTS5's language has does not mean anything. */
static void write_match(const struct store_range *range, struct buf *out)
{
    static const char space[] = " \t\r\n";
    char room[32];
    room_word(range->room, room);
    buf_printf(out, "room : %s AND body : (", room);
    const char *at = range->words.at, *end = at + range->words.len;
    while (at < end) {
        if (memchr(space, *at, sizeof space)) {
            at++;
            continue;
        }
        buf_add_char(out, '"');
        for (; at < end && !memchr(space, *at, sizeof space); at++) {
            if (*at == '"')
                buf_add_char(out, '"');
            buf_add_char(out, *at);
        }
        buf_add_text(out, "\" ");
    }
    buf_add_char(out, ')');
}

static void bind_range(struct binding *b, const struct store_range *range)
{
    bind_int(b, range->keys.after);
    bind_int(b, range->keys.before);
    bind_int(b, range->limit);
}

static int stop(void *self)
{
    return is_late(self);
}

/* The handler counts on from where the statement's own counter stands, so that begins anew. */
static enum store_result read_rows(struct sqlite_store *self, struct binding *b,
                                   store_message_each *each, void *user)
{
    sqlite3_stmt_status(b->statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    sqlite3_progress_handler(self->db, LOOK_STEPS, stop, self);
    enum store_result result = statement_rows(self, b, sqlite_message_read, &each, user);
    sqlite3_progress_handler(self->db, 0, NULL, NULL);
    return result;
}

static enum store_result find_words(struct sqlite_store *self, const struct store_range *range,
                                    store_message_each *each, void *user)
{
    struct buf match = BUF_INIT;
    struct binding b =
        statement_bind(self, range->backwards ? SQL_MESSAGES_WORDS_BACK : SQL_MESSAGES_WORDS);
    write_match(range, &match);
    bind_text(&b, buf_span(&match));
    bind_range(&b, range);
    bind_int(&b, range->room);
    bind_int(&b, STORE_TOMBSTONE);
    bind_text(&b, range->author);
    bind_text(&b, range->resource);
    bind_text(&b, range->nick);
    enum store_result result = read_rows(self, &b, each, user);
    buf_free(&match);
    return result;
}

static enum store_result find_said(struct sqlite_store *self, const struct store_range *range,
                                   store_message_each *each, void *user)
{
    int64_t who = 0;
    bool author = range->author.len > 0;
    enum store_result result = find_who(self, range->room, author ? WHO_AUTHOR : WHO_NICK,
                                        author ? range->author : range->nick, &who);
    if (result != STORE_OK)
        return result;
    struct binding b =
        statement_bind(self, range->backwards ? SQL_MESSAGES_SAID_BACK : SQL_MESSAGES_SAID);
    bind_int(&b, who);
    bind_range(&b, range);
    bind_text(&b, range->resource);
    return read_rows(self, &b, each, user);
}

enum store_result search_messages(struct sqlite_store *self, const struct store_range *range,
                                  store_message_each *each, void *user)
{
    unsigned ms = self->second || range->search_ms < ONLY_MS ? range->search_ms : ONLY_MS;
    self->late_us = clock_of(self) + (int64_t)ms * 1000;
    enum store_result result = catch_up(self);
    if (result != STORE_NOTHING)
        return result;
    return range->words.len > 0 ? find_words(self, range, each, user)
                                : find_said(self, range, each, user);
}

/* ---- Forgetting ---- */

static enum store_result forget_who(struct sqlite_store *self, const struct store_message *message,
                                    enum who kind, struct span name)
{
    int64_t who = 0;
    enum store_result result = find_who(self, message->room, kind, name, &who);
    if (result != STORE_OK)
        return result;
    struct binding b = statement_bind(self, SQL_SEARCH_SAID_DELETE);
    bind_int(&b, who);
    bind_int(&b, message->key);
    result = statement_run(self, b.statement);
    return result == STORE_OK && sqlite3_changes(self->db) == 0 ? STORE_NOTHING : result;
}

/*
 * Words may be taken out once only, and only those that were entered: not those of a message that
 * is not entered yet, was forgotten before, or was taken back since. What stays leads to nothing.
 */
enum store_result search_forget(struct sqlite_store *self, const struct store_message *message)
{
    enum store_result author = forget_who(self, message, WHO_AUTHOR, message->author);
    enum store_result nick = forget_who(self, message, WHO_NICK, message->nick);
    if (author == STORE_FAILED || nick == STORE_FAILED)
        return STORE_FAILED;
    if (author == STORE_NOTHING && nick == STORE_NOTHING)
        return STORE_OK;
    return change_words(self, SQL_SEARCH_WORDS_DELETE, message);
}

enum store_result search_forget_room(struct sqlite_store *self, int64_t room)
{
    struct binding b = statement_bind(self, SQL_SEARCH_WHO_DELETE);
    bind_int(&b, room);
    return statement_run(self, b.statement);
}
