#include "store_message.h"

#include "coven/clock.h"
#include "coven/log.h"
#include "coven/stored_xml.h"
#include "search.h"

enum store_result store_message_add(struct store *store, const struct store_message *message)
{
    return batch_add(store, message);
}

static bool is_sound(const struct store_message *message)
{
    struct stored_xml stanza;
    return stored_xml_read(message->stanza, "message", &stanza) && stanza.inner.len > 0 &&
           stored_xml_has_address(&stanza, message->to_at);
}

/* A stanza that a disk damaged would end the stream to the server. */
static void drop_damaged(struct store_message *message)
{
    if (is_sound(message))
        return;
    log_warn("store: message %lld of room %lld is damaged", (long long)message->key,
             (long long)message->room);
    message->stanza = span_of("");
}

bool store_message_read(sqlite3_stmt *row, void *each, void *user)
{
    struct store_message message = {
        .key = sqlite3_column_int64(row, 0),
        .noise = (uint64_t)sqlite3_column_int64(row, 1),
        .room = sqlite3_column_int64(row, 2),
        .number = sqlite3_column_int64(row, 3),
        .kind = (enum store_kind)sqlite3_column_int(row, 4),
        .author = statement_column(row, 5),
        .resource = statement_column(row, 6),
        .nick = statement_column(row, 7),
        .affiliation = sqlite3_column_int(row, 8),
        .role = sqlite3_column_int(row, 9),
        .said = sqlite3_column_int64(row, 10),
        .to_at = (uint32_t)sqlite3_column_int64(row, 11),
        .stanza = statement_column(row, 12),
        .alias = statement_column(row, 13),
    };
    drop_damaged(&message);
    return (*(store_message_each **)each)(user, &message);
}

/* ---- History ---- */

/* A walk back through the talk of a room. */
struct walk {
    store_message_each *each;
    void *user;
    int64_t before; /* where it goes on */
    unsigned left;  /* rows that may still be read */
    bool jumps;     /* it leaves out rows */
};

static bool walk_row(void *user, const struct store_message *message)
{
    struct walk *walk = user;
    walk->left--;
    if (message->kind == STORE_SAID)
        return walk->each(walk->user, message);
    if (message->said == STORE_SAID_UNKNOWN)
        return true;
    walk->before = message->said + 1;
    walk->jumps = true;
    return false;
}

enum store_result store_messages_kept(struct store *store, int64_t room,
                                      const struct key_range *keys, unsigned limit,
                                      store_message_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_MESSAGES_LAST);
    bind_int(&b, room);
    bind_int(&b, keys->after);
    bind_int(&b, keys->before);
    bind_int(&b, limit);
    return statement_rows(store, &b, store_message_read, &each, user);
}

enum store_result store_messages_last(struct store *store, int64_t room,
                                      const struct key_range *keys, unsigned rows,
                                      store_message_each *each, void *user)
{
    struct walk walk = {each, user, keys->before, rows, true};
    store_message_each *step = walk_row;
    enum store_result result = STORE_OK;
    while (walk.jumps && walk.left > 0 && result == STORE_OK) {
        struct binding b = statement_bind(store, SQL_MESSAGES_LAST);
        walk.jumps = false;
        bind_int(&b, room);
        bind_int(&b, keys->after);
        bind_int(&b, walk.before);
        bind_int(&b, walk.left);
        result = statement_rows(store, &b, store_message_read, &step, &walk);
    }
    return result;
}

/* Takes the key of a message that history shows, or whose predecessors are unknown. */
static bool read_said(sqlite3_stmt *row, void *said_r, void *user)
{
    (void)user;
    int64_t key = sqlite3_column_int64(row, 0), said = sqlite3_column_int64(row, 1);
    bool is_talk = sqlite3_column_int(row, 2) == STORE_SAID;
    *(int64_t *)said_r = is_talk || said == STORE_SAID_UNKNOWN ? key : said;
    return true;
}

enum store_result store_message_said(struct store *store, int64_t room, int64_t *said_r)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_SAID);
    bind_int(&b, room);
    *said_r = 0;
    return statement_rows(store, &b, read_said, said_r, NULL);
}

/* Instructions of SQLite's virtual machine between two looks at the clock: those for some rows,
 * each of which may be a read from disk. */
#define CLOCK_STEPS 100

static int is_over(void *end_us)
{
    return clock_mono_us() >= *(int64_t *)end_us;
}

enum store_result store_messages_recent(struct store *store, const struct store_range *range,
                                        store_message_each *each, void *user)
{
    int64_t end_us = clock_mono_us() + (int64_t)range->search_ms * 1000;
    struct binding b = statement_bind(store, SQL_MESSAGES_RECENT);
    bind_int(&b, range->room);
    bind_text(&b, range->author);
    bind_blob(&b, range->bytes);
    bind_int(&b, range->limit);
    sqlite3_stmt_status(b.statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    sqlite3_progress_handler(store->db, CLOCK_STEPS, is_over, &end_us);
    enum store_result result = statement_rows(store, &b, store_message_read, &each, user);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    return result;
}

/* ---- One message ---- */

enum store_result store_message_get(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                    store_message_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_GET);
    bind_int(&b, key);
    bind_int(&b, (int64_t)noise);
    bind_int(&b, room);
    return statement_rows(store, &b, store_message_read, &each, user);
}

enum store_result store_message_is(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                   int64_t *is_r)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_IS);
    bind_int(&b, room);
    bind_int(&b, key);
    bind_int(&b, (int64_t)noise);
    return statement_rows(store, &b, statement_number, is_r, NULL);
}

enum store_result store_message_replace(struct store *store, const struct store_message *message)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_REPLACE);
    bind_int(&b, message->kind);
    bind_int(&b, message->to_at);
    bind_blob(&b, message->stanza);
    bind_int(&b, message->key);
    return statement_write(store, &b);
}

enum store_result store_message_set_kind(struct store *store, int64_t key, enum store_kind kind)
{
    struct binding b = statement_bind(store, SQL_MESSAGE_SET_KIND);
    bind_int(&b, kind);
    bind_int(&b, key);
    return statement_write(store, &b);
}

/* ---- The archive ---- */

enum store_result store_messages(struct store *store, const struct store_range *range,
                                 store_message_each *each, void *user)
{
    if (range->author.len > 0 || range->nick.len > 0 || range->words.len > 0)
        return search_messages(store, range, each, user);
    struct binding b = statement_bind(store, range->backwards ? SQL_MESSAGES_BACK : SQL_MESSAGES);
    bind_int(&b, range->room);
    bind_int(&b, range->keys.after);
    bind_int(&b, range->keys.before);
    bind_int(&b, range->limit);
    return statement_rows(store, &b, store_message_read, &each, user);
}

enum store_result store_messages_all(struct store *store, int64_t room, int64_t after,
                                     unsigned limit, store_message_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_MESSAGES_ALL);
    bind_int(&b, room);
    bind_int(&b, after);
    bind_int(&b, limit);
    return statement_rows(store, &b, store_message_read, &each, user);
}

static bool read_pair(sqlite3_stmt *row, void *pair_r, void *user)
{
    int64_t *pair = pair_r;
    (void)user;
    pair[0] = sqlite3_column_int64(row, 0);
    pair[1] = sqlite3_column_int64(row, 1);
    return true;
}

enum store_result store_message_known(struct store *store, int64_t room, struct span alias,
                                      int64_t *key_r, uint64_t *noise_r)
{
    int64_t pair[2] = {0, 0};
    struct binding b = statement_bind(store, SQL_MESSAGE_KNOWN);
    bind_int(&b, room);
    bind_text(&b, alias);
    enum store_result result = statement_rows(store, &b, read_pair, pair, NULL);
    *key_r = pair[0];
    *noise_r = (uint64_t)pair[1];
    return result;
}

enum store_result store_message_bounds(struct store *store, int64_t room, struct bounds *bounds_r)
{
    int64_t pair[2] = {0, 0};
    struct binding b = statement_bind(store, SQL_MESSAGE_BOUNDS);
    bind_int(&b, room);
    enum store_result result = statement_rows(store, &b, read_pair, pair, NULL);
    *bounds_r = (struct bounds){pair[0], pair[1]};
    return result;
}

enum store_result store_message_number(struct store *store, int64_t room, int64_t *number_r)
{
    struct bounds bounds;
    enum store_result result = store_message_bounds(store, room, &bounds);
    *number_r = bounds.last;
    return result;
}

/* Key and number rise together, so a binary search finds the key, without an index on the number,
 * which would make every message slower. */
enum store_result store_message_key(struct store *store, int64_t room, int64_t number,
                                    int64_t *key_r)
{
    int64_t low = 0, high = INT64_MAX;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int64_t found[2] = {0, 0}; /* key and number */
        struct binding b = statement_bind(store, SQL_MESSAGE_SEEK);
        bind_int(&b, room);
        bind_int(&b, middle);
        enum store_result result = statement_rows(store, &b, read_pair, found, NULL);
        if (result == STORE_FAILED)
            return result;
        if (result == STORE_OK && found[1] == number) {
            *key_r = found[0];
            return STORE_OK;
        }
        if (result == STORE_OK && found[1] < number)
            low = found[0] + 1;
        else
            high = middle;
    }
    return STORE_NOTHING;
}

#define TRIM_ROWS 100 /* in one call; more only wait after an owner has shortened the history */

enum store_result store_messages_trim(struct store *store, int64_t room, unsigned keep)
{
    struct binding b = statement_bind(store, SQL_MESSAGES_TRIM);
    bind_int(&b, room);
    bind_int(&b, keep);
    bind_int(&b, TRIM_ROWS);
    return statement_write(store, &b);
}
