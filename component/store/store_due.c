
#include "coven/bug.h"
#include "search.h"
#include "store_message.h"

#define ROOMS_A_STEP 100
#define DAY_MS       INT64_C(86400000)
#define NO_NUMBER    (-1) /* of those that are counted */

struct search {
    struct store *store;
    struct store_due *due;
    const struct store_keeping *keeping;
    int64_t before_ms;   /* what was sent before is due */
    int64_t last_number; /* and so are numbers up to it */
    bool failed;
};

static bool is_due(const struct search *search, const struct store_message *message)
{
    const struct eras *eras = &search->keeping->eras;
    return message->number <= search->last_number ||
           (message->key <= eras->last_key &&
            eras_guess(eras, message->key, search->keeping->now) < search->before_ms);
}

/* Rows come in their order, and are numbered without a gap: the first that is to be kept ends it.
 */
static bool take(void *user, const struct store_message *message)
{
    struct search *search = user;
    struct store_due *due = search->due;
    if (!is_due(search, message))
        return false;
    search->failed = search_forget(search->store, message) == STORE_FAILED;
    due->keys[due->count++] = message->key;
    return !search->failed && due->count < STORE_DUE_MAX;
}

static enum store_result take_rows(struct search *search, struct binding *b)
{
    store_message_each *each = take;
    bind_int(b, STORE_DUE_MAX - search->due->count);
    enum store_result result = statement_rows(search->store, b, store_message_read, &each, search);
    return search->failed ? STORE_FAILED : result;
}

/* The end of what was sent so long ago. */
static int64_t days_ago(int64_t now, int64_t days)
{
    int64_t ms = now - days * DAY_MS;
    return days > 0 && ms > 0 ? ms : 0;
}

/* Of the service's limit and the room's own: the lower one; 0: none. */
static int64_t stricter(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return a + b;
    return a < b ? a : b;
}

/* ---- Rooms that are gone ---- */

static enum store_result find_doomed(struct search *search)
{
    struct store *store = search->store;
    int64_t room = 0;
    struct binding b = statement_bind(store, SQL_DOOMED);
    enum store_result result = statement_rows(store, &b, statement_number, &room, NULL);
    if (result != STORE_OK)
        return result;
    search->last_number = INT64_MAX;
    b = statement_bind(store, SQL_DUE_DOOMED);
    bind_int(&b, room);
    result = take_rows(search, &b);
    if (result == STORE_FAILED || search->due->count > 0)
        return result;
    search->due->room = room;
    return search_forget_room(store, room);
}

/* ---- Messages that are too old for the service ---- */

/* No key from there on is due; of a single era, the row that is to be kept need not be read. */
static int64_t end_of_old(const struct search *search)
{
    const struct eras *eras = &search->keeping->eras;
    return eras->count == 1 ? key_at(search->before_ms) : eras->last_key + 1;
}

static enum store_result find_old(struct search *search)
{
    search->before_ms = days_ago(search->keeping->now, search->keeping->days);
    search->last_number = NO_NUMBER;
    if (search->before_ms == 0)
        return STORE_NOTHING;
    struct binding b = statement_bind(search->store, SQL_DUE_OLD);
    bind_int(&b, end_of_old(search));
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

static enum store_result find_in_room(struct search *search, const struct room *room)
{
    const struct store_keeping *keeping = search->keeping;
    struct bounds bounds = {0, 0};
    int64_t messages = stricter(keeping->messages, room->messages);
    search->before_ms = days_ago(keeping->now, room->days);
    if (messages == 0 && search->before_ms == 0)
        return STORE_NOTHING;
    if (store_message_bounds(search->store, room->id, &bounds) == STORE_FAILED)
        return STORE_FAILED;
    search->last_number = messages > 0 ? bounds.last - messages : NO_NUMBER;
    struct binding b = statement_bind(search->store, SQL_DUE_FIRST);
    bind_int(&b, room->id);
    return take_rows(search, &b);
}

/* Goes around through all rooms, some in each step, and stays with one as long as it has any. */
static enum store_result find_in_rooms(struct search *search)
{
    struct store *store = search->store;
    for (int i = 0; i < ROOMS_A_STEP; i++) {
        struct room room = {0, 0, 0};
        struct binding b = statement_bind(store, SQL_NEXT_ROOM);
        bind_int(&b, store->visited);
        enum store_result result = statement_rows(store, &b, read_room, &room, NULL);
        if (result == STORE_OK)
            result = find_in_room(search, &room);
        if (result == STORE_FAILED || search->due->count > 0)
            return result;
        store->visited = room.id; /* 0 behind the last one: it begins anew */
        if (room.id == 0)
            break;
    }
    return STORE_NOTHING;
}

/* ---- The three of them ---- */

static enum store_result find(struct search *search)
{
    static enum store_result (*const kinds[])(struct search *) = {find_doomed, find_old,
                                                                  find_in_rooms};
    const struct store_due *due = search->due;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i](search) == STORE_FAILED)
            return STORE_FAILED;
        if (due->count > 0 || due->room > 0)
            return STORE_OK;
    }
    return STORE_NOTHING;
}

enum store_result store_due(struct store *store, const struct store_keeping *keeping,
                            struct store_due *due_r)
{
    struct search search = {.store = store, .due = due_r, .keeping = keeping};
    *due_r = (struct store_due){.count = 0};
    coven_assert(!store->writing && store->batch.count == 0);
    if (statement_run(store, store->statements[SQL_SEARCH_BEGIN]) != STORE_OK)
        return STORE_FAILED;
    enum store_result result = find(&search);
    if (result != STORE_FAILED && statement_run(store, store->statements[SQL_COMMIT]) == STORE_OK)
        return result;
    statement_roll_back(store);
    return STORE_FAILED;
}

enum store_result store_due_delete(struct store *store, const struct store_due *due)
{
    for (unsigned i = 0; i < due->count; i++) {
        struct binding b = statement_bind(store, SQL_MESSAGE_DELETE);
        bind_int(&b, due->keys[i]);
        if (statement_write(store, &b) != STORE_OK)
            return STORE_FAILED;
    }
    if (due->room == 0)
        return STORE_OK;
    struct binding b = statement_bind(store, SQL_DOOMED_DONE);
    bind_int(&b, due->room);
    return statement_write(store, &b);
}
