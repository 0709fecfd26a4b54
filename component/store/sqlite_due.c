#include "sqlite_due.h"

#include "coven/bug.h"
#include "sqlite_message.h"
#include "sqlite_search.h"

#define ROOMS_A_STEP 100
#define DAY_MS       INT64_C(86400000)
#define KEY_BITS     16 /* below the milliseconds of a key */

struct search {
    struct sqlite_store *self;
    struct store_due *due;
    int64_t before;      /* keys below it are due */
    int64_t last_number; /* and numbers up to it */
    bool failed;
};

/* Rows come from the oldest on: the first that is to be kept ends it. */
static bool take(void *user, const struct store_message *message)
{
    struct search *search = user;
    struct store_due *due = search->due;
    if (message->key >= search->before && message->number > search->last_number)
        return false;
    search->failed = search_forget(search->self, message) == STORE_FAILED;
    due->keys[due->count++] = message->key;
    return !search->failed && due->count < STORE_DUE_MAX;
}

static enum store_result take_rows(struct search *search, struct binding *b)
{
    store_message_each *each = take;
    bind_int(b, STORE_DUE_MAX - search->due->count);
    enum store_result result = statement_rows(search->self, b, sqlite_message_read, &each, search);
    return search->failed ? STORE_FAILED : result;
}

static int64_t key_days_ago(int64_t now, int64_t days)
{
    int64_t ms = now - days * DAY_MS;
    return days > 0 && ms > 0 ? ms << KEY_BITS : 0;
}

/* Of the service's limit and the room's own: the lower one; 0: none. */
static int64_t stricter(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return a + b;
    return a < b ? a : b;
}

/* ---- Rooms that are gone ---- */

static enum store_result find_doomed(struct search *search, const struct store_keeping *keeping)
{
    struct sqlite_store *self = search->self;
    int64_t room = 0;
    (void)keeping;
    struct binding b = statement_bind(self, SQL_DOOMED);
    enum store_result result = statement_rows(self, &b, statement_number, &room, NULL);
    if (result != STORE_OK)
        return result;
    search->before = INT64_MAX;
    b = statement_bind(self, SQL_DUE_DOOMED);
    bind_int(&b, room);
    result = take_rows(search, &b);
    if (result == STORE_FAILED || search->due->count > 0)
        return result;
    search->due->room = room;
    return search_forget_room(self, room);
}

/* ---- Messages that are too old for the service ---- */

static enum store_result find_old(struct search *search, const struct store_keeping *keeping)
{
    search->before = key_days_ago(keeping->now, keeping->days);
    if (search->before == 0)
        return STORE_NOTHING;
    struct binding b = statement_bind(search->self, SQL_DUE_OLD);
    bind_int(&b, search->before);
    return take_rows(search, &b);
}

/* ---- Messages that are too many, or too old for their room ---- */

struct room {
    int64_t id, days, messages;
};

static bool read_room(sqlite3_stmt *row, void *room_r, void *user)
{
    (void)user;
    *(struct room *)room_r = (struct room){
        sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2)};
    return true;
}

static enum store_result find_in_room(struct search *search, const struct room *room,
                                      const struct store_keeping *keeping)
{
    struct bounds bounds = {0, 0};
    int64_t messages = stricter(keeping->messages, room->messages);
    search->before = key_days_ago(keeping->now, room->days);
    if (messages == 0 && search->before == 0)
        return STORE_NOTHING;
    if (sqlite_message_bounds(search->self, room->id, &bounds) == STORE_FAILED)
        return STORE_FAILED;
    search->last_number = messages > 0 ? bounds.last - messages : 0;
    struct binding b = statement_bind(search->self, SQL_DUE_FIRST);
    bind_int(&b, room->id);
    return take_rows(search, &b);
}

/* Goes around through all rooms, some in each step, and stays with one as long as it has any. */
static enum store_result find_in_rooms(struct search *search, const struct store_keeping *keeping)
{
    struct sqlite_store *self = search->self;
    for (int i = 0; i < ROOMS_A_STEP; i++) {
        struct room room = {0, 0, 0};
        struct binding b = statement_bind(self, SQL_NEXT_ROOM);
        bind_int(&b, self->visited);
        enum store_result result = statement_rows(self, &b, read_room, &room, NULL);
        if (result == STORE_OK)
            result = find_in_room(search, &room, keeping);
        if (result == STORE_FAILED || search->due->count > 0)
            return result;
        self->visited = room.id; /* 0 behind the last one: it begins anew */
        if (room.id == 0)
            break;
    }
    return STORE_NOTHING;
}

/* ---- The three of them ---- */

static enum store_result find(struct search *search, const struct store_keeping *keeping)
{
    static enum store_result (*const kinds[])(struct search *, const struct store_keeping *) = {
        find_doomed, find_old, find_in_rooms};
    const struct store_due *due = search->due;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i](search, keeping) == STORE_FAILED)
            return STORE_FAILED;
        if (due->count > 0 || due->room > 0)
            return STORE_OK;
    }
    return STORE_NOTHING;
}

enum store_result sqlite_due(struct store *store, const struct store_keeping *keeping,
                             struct store_due *due_r)
{
    struct sqlite_store *self = sqlite_of(store);
    struct search search = {.self = self, .due = due_r};
    *due_r = (struct store_due){.count = 0};
    coven_assert(!self->writing && self->batch.count == 0);
    if (statement_run(self, self->statements[SQL_SEARCH_BEGIN]) != STORE_OK)
        return STORE_FAILED;
    enum store_result result = find(&search, keeping);
    if (result != STORE_FAILED && statement_run(self, self->statements[SQL_COMMIT]) == STORE_OK)
        return result;
    if (!sqlite3_get_autocommit(self->db))
        statement_run(self, self->statements[SQL_ROLLBACK]);
    return STORE_FAILED;
}

enum store_result sqlite_due_delete(struct store *store, const struct store_due *due)
{
    struct sqlite_store *self = sqlite_of(store);
    for (unsigned i = 0; i < due->count; i++) {
        struct binding b = statement_bind(self, SQL_MESSAGE_DELETE);
        bind_int(&b, due->keys[i]);
        if (statement_write(self, &b) != STORE_OK)
            return STORE_FAILED;
    }
    if (due->room == 0)
        return STORE_OK;
    struct binding b = statement_bind(self, SQL_DOOMED_DONE);
    bind_int(&b, due->room);
    return statement_write(self, &b);
}
