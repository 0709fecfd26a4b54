#include "sqlite_message.h"

#include "sqlite_statement.h"

enum store_result sqlite_message_add(struct store *store, const struct store_message *message)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_MESSAGE_ADD);
    bind_int(&b, message->room);
    bind_int(&b, message->key);
    bind_int(&b, (int64_t)message->noise);
    bind_int(&b, message->archived);
    bind_int(&b, message->kind);
    bind_text(&b, message->author);
    bind_text(&b, message->resource);
    bind_text(&b, message->nick);
    bind_int(&b, message->affiliation);
    bind_int(&b, message->role);
    bind_int(&b, message->to_at);
    bind_blob(&b, message->stanza);
    return statement_write(sqlite_of(store), &b);
}

static bool read_message(sqlite3_stmt *row, void *each, void *user)
{
    struct store_message message = {
        .key = sqlite3_column_int64(row, 0),
        .noise = (uint64_t)sqlite3_column_int64(row, 1),
        .room = sqlite3_column_int64(row, 2),
        .archived = sqlite3_column_int64(row, 3) > 0,
        .number = sqlite3_column_int64(row, 3),
        .kind = (enum store_kind)sqlite3_column_int(row, 4),
        .author = statement_column(row, 5),
        .resource = statement_column(row, 6),
        .nick = statement_column(row, 7),
        .affiliation = sqlite3_column_int(row, 8),
        .role = sqlite3_column_int(row, 9),
        .to_at = (uint32_t)sqlite3_column_int64(row, 10),
        .stanza = statement_column(row, 11),
    };
    return (*(store_message_each **)each)(user, &message);
}

enum store_result sqlite_messages_last(struct store *store, int64_t room, int64_t after_key,
                                       unsigned limit, store_message_each *each, void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_MESSAGES_LAST);
    bind_int(&b, room);
    bind_int(&b, after_key);
    bind_int(&b, STORE_SUBJECT);
    bind_int(&b, limit);
    return statement_rows(sqlite_of(store), &b, read_message, &each, user);
}

enum store_result sqlite_message_get(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                     store_message_each *each, void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_MESSAGE_GET);
    bind_int(&b, key);
    bind_int(&b, (int64_t)noise);
    bind_int(&b, room);
    return statement_rows(sqlite_of(store), &b, read_message, &each, user);
}

enum store_result sqlite_message_replace(struct store *store, const struct store_message *message)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_MESSAGE_REPLACE);
    bind_int(&b, message->kind);
    bind_int(&b, message->to_at);
    bind_blob(&b, message->stanza);
    bind_int(&b, message->key);
    return statement_write(sqlite_of(store), &b);
}

/* ---- The archive ---- */

/*
 * A resource is no part of an index, so looking for one could read all that its user ever wrote.
 * This many steps of SQLite's machine take a few hundredths of a second at worst, and the largest
 * page needs a fraction of them.
 */
#define STEPS_MAX 100000

static int stop(void *user)
{
    (void)user;
    return 1;
}

/* The handler counts on from where the statement's own counter stands, so that begins anew. */
static void limit_steps(struct sqlite_store *self, sqlite3_stmt *statement)
{
    sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    sqlite3_progress_handler(self->db, STEPS_MAX, stop, NULL);
}

enum store_result sqlite_messages(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user)
{
    enum statement which = SQL_MESSAGES;
    if (range->author.len > 0)
        which = SQL_MESSAGES_AUTHOR;
    else if (range->nick.len > 0)
        which = SQL_MESSAGES_NICK;
    struct binding b = statement_bind(sqlite_of(store), which + range->backwards);
    bind_int(&b, range->room);
    bind_int(&b, range->after);
    bind_int(&b, range->before);
    bind_int(&b, range->limit);
    if (which == SQL_MESSAGES_AUTHOR) {
        bind_text(&b, range->author);
        bind_text(&b, range->resource);
    } else if (which == SQL_MESSAGES_NICK) {
        bind_text(&b, range->nick);
    }
    limit_steps(sqlite_of(store), b.statement);
    enum store_result result = statement_rows(sqlite_of(store), &b, read_message, &each, user);
    sqlite3_progress_handler(sqlite_of(store)->db, 0, NULL, NULL);
    return result;
}

struct pair {
    int64_t first, second;
};

static bool read_pair(sqlite3_stmt *row, void *pair_r, void *user)
{
    (void)user;
    *(struct pair *)pair_r =
        (struct pair){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)};
    return true;
}

/* The numbers of the room's oldest and newest archived messages; 0 when there are none. */
static enum store_result read_bounds(struct sqlite_store *self, int64_t room, struct pair *bounds_r)
{
    struct binding b = statement_bind(self, SQL_MESSAGE_BOUNDS);
    bind_int(&b, room);
    return statement_rows(self, &b, read_pair, bounds_r, NULL);
}

/* Key and number rise together, so the key is found by halving: no index on the number is needed,
 * which every message would have to pay for. */
enum store_result sqlite_message_key(struct store *store, int64_t room, int64_t number,
                                     int64_t *key_r)
{
    struct sqlite_store *self = sqlite_of(store);
    int64_t low = 0, high = INT64_MAX;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        struct pair found = {0, 0}; /* key and number */
        struct binding b = statement_bind(self, SQL_MESSAGE_SEEK);
        bind_int(&b, room);
        bind_int(&b, middle);
        enum store_result result = statement_rows(self, &b, read_pair, &found, NULL);
        if (result == STORE_FAILED)
            return result;
        if (result == STORE_OK && found.second == number) {
            *key_r = found.first;
            return STORE_OK;
        }
        if (result == STORE_OK && found.second < number)
            low = found.first + 1;
        else
            high = middle;
    }
    return STORE_NOTHING;
}

/* ---- What is not to be kept ---- */

#define TRIM_ROWS 100 /* at once; there are more only after owners shortened the history */

enum store_result sqlite_messages_trim(struct store *store, int64_t room, unsigned keep)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_MESSAGES_TRIM);
    bind_int(&b, room);
    bind_int(&b, keep);
    bind_int(&b, TRIM_ROWS);
    return statement_write(sqlite_of(store), &b);
}

static enum store_result delete_some(struct sqlite_store *self, enum statement which, int64_t of,
                                     unsigned limit)
{
    struct binding b = statement_bind(self, which);
    bind_int(&b, of);
    bind_int(&b, limit);
    return statement_write(self, &b);
}

static enum store_result read_number(struct sqlite_store *self, enum statement which,
                                     int64_t *number_r)
{
    struct binding b = statement_bind(self, which);
    return statement_rows(self, &b, statement_number, number_r, NULL);
}

/* Rooms that are gone. */
static enum store_result tidy_doomed(struct sqlite_store *self, const struct store_keeping *keeping,
                                     unsigned limit)
{
    (void)keeping;
    int64_t room = 0;
    enum store_result result = read_number(self, SQL_DOOMED, &room);
    if (result != STORE_OK)
        return result;
    result = delete_some(self, SQL_TIDY_MESSAGES, room, limit);
    if (result != STORE_OK || sqlite3_changes(self->db) == (int)limit)
        return result;
    struct binding done = statement_bind(self, SQL_TIDY_DONE);
    bind_int(&done, room);
    return statement_write(self, &done);
}

/* Messages that are too old. */
static enum store_result tidy_old(struct sqlite_store *self, const struct store_keeping *keeping,
                                  unsigned limit)
{
    int64_t oldest = INT64_MAX;
    enum store_result result = read_number(self, SQL_OLDEST, &oldest);
    if (result != STORE_OK)
        return result;
    return oldest < keeping->since ? delete_some(self, SQL_TIDY_OLD, keeping->since, limit)
                                   : STORE_NOTHING;
}

/* Messages of one room that are too many. */
static enum store_result tidy_room(struct sqlite_store *self, int64_t room, int64_t keep,
                                   unsigned limit)
{
    struct pair bounds = {0, 0};
    enum store_result result = read_bounds(self, room, &bounds);
    if (result != STORE_OK)
        return result;
    int64_t surplus = bounds.second > 0 ? bounds.second - bounds.first + 1 - keep : 0;
    if (surplus <= 0)
        return STORE_NOTHING;
    return delete_some(self, SQL_TIDY_SURPLUS, room, surplus < limit ? (unsigned)surplus : limit);
}

#define ROOMS_A_STEP 100

/* Goes around through all rooms, some in each step. */
static enum store_result tidy_surplus(struct sqlite_store *self,
                                      const struct store_keeping *keeping, unsigned limit)
{
    bool found = false;
    for (int i = 0; keeping->messages > 0 && i < ROOMS_A_STEP && limit > 0; i++) {
        int64_t room = 0;
        struct binding b = statement_bind(self, SQL_NEXT_ROOM);
        bind_int(&b, self->tidied);
        enum store_result result = statement_rows(self, &b, statement_number, &room, NULL);
        self->tidied = room;
        if (result == STORE_OK)
            result = tidy_room(self, room, keeping->messages, limit);
        else
            limit = 0; /* that was the last one */
        if (result == STORE_FAILED)
            return result;
        if (result == STORE_OK) {
            found = true;
            limit -= (unsigned)sqlite3_changes(self->db);
        }
    }
    return found ? STORE_OK : STORE_NOTHING;
}

enum store_result sqlite_tidy(struct store *store, const struct store_keeping *keeping,
                              unsigned limit)
{
    enum store_result (*const kinds[])(struct sqlite_store *, const struct store_keeping *,
                                       unsigned) = {tidy_doomed, tidy_old, tidy_surplus};
    enum store_result result = STORE_NOTHING;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && result == STORE_NOTHING; i++)
        result = kinds[i](sqlite_of(store), keeping, limit);
    return result;
}
