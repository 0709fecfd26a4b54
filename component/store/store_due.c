
/* One step of the sweep for expired messages. */

#include "coven/bug.h"
#include "search.h"
#include "store_message.h"

#define ROOMS_A_STEP 100
#define DAY_MS       INT64_C(86400000)
#define NO_NUMBER    (-1) /* below the number of every message */

struct sweep {
    struct store *store;
    struct store_due *due;
    const struct store_keeping *keeping;
    int64_t room;        /* the only one, for store_due_of() */
    int64_t before_ms;   /* messages from before this time are due; milliseconds since 1970 */
    int64_t last_number; /* messages up to this number are due */
    int64_t last_key;    /* no later message is */
    bool failed;
};

static bool is_due(const struct sweep *sweep, const struct store_message *message)
{
    const struct eras *eras = &sweep->keeping->eras;
    return message->number <= sweep->last_number ||
           (message->key <= eras->last_key &&
            eras_guess(eras, message->key, sweep->keeping->now) < sweep->before_ms);
}

/* Rows come in order, so none is due after the first one that is not. */
static bool take(void *user, const struct store_message *message)
{
    struct sweep *sweep = user;
    struct store_due *due = sweep->due;
    if (message->key > sweep->last_key || !is_due(sweep, message))
        return false;
    sweep->failed = search_forget(sweep->store, message) == STORE_FAILED;
    due->keys[due->count++] = message->key;
    return !sweep->failed && due->count < STORE_DUE_MAX;
}

static enum store_result take_rows(struct sweep *sweep, struct binding *b)
{
    store_message_each *each = take;
    bind_int(b, STORE_DUE_MAX - sweep->due->count);
    enum store_result result = statement_rows(sweep->store, b, store_message_read, &each, sweep);
    return sweep->failed ? STORE_FAILED : result;
}

/* The time that was `days` days ago; 0: `days` is 0, no limit. */
static int64_t days_ago(int64_t now, int64_t days)
{
    int64_t ms = now - days * DAY_MS;
    return days > 0 && ms > 0 ? ms : 0;
}

/* The stricter of two limits, of which 0 means none. */
static int64_t stricter(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return a + b;
    return a < b ? a : b;
}

/* ---- Messages of deleted rooms ---- */

static enum store_result find_doomed(struct sweep *sweep)
{
    struct store *store = sweep->store;
    int64_t room = 0;
    struct binding b = statement_bind(store, SQL_DOOMED);
    enum store_result result = statement_rows(store, &b, statement_number, &room, NULL);
    if (result != STORE_OK)
        return result;
    sweep->last_number = INT64_MAX;
    b = statement_bind(store, SQL_DUE_DOOMED);
    bind_int(&b, room);
    result = take_rows(sweep, &b);
    if (result == STORE_FAILED || sweep->due->count > 0)
        return result;
    sweep->due->room = room;
    return search_forget_room(store, room);
}

/* ---- Messages past the age limit of the service ---- */

/* No key from here on is due. With a single era, the index alone finds the last row that is. */
static int64_t end_of_old(const struct sweep *sweep)
{
    const struct eras *eras = &sweep->keeping->eras;
    return eras->count == 1 ? key_at(sweep->before_ms) : eras->last_key + 1;
}

static enum store_result find_old(struct sweep *sweep)
{
    sweep->before_ms = days_ago(sweep->keeping->now, sweep->keeping->days);
    sweep->last_number = NO_NUMBER;
    if (sweep->before_ms == 0)
        return STORE_NOTHING;
    struct binding b = statement_bind(sweep->store, SQL_DUE_OLD);
    bind_int(&b, end_of_old(sweep));
    return take_rows(sweep, &b);
}

/* ---- Messages past the limits of their rooms ---- */

struct room_limits {
    int64_t id, days, messages;
};

static bool read_limits(sqlite3_stmt *row, void *room_r, void *user)
{
    (void)user;
    *(struct room_limits *)room_r = (struct room_limits){
        sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2)};
    return true;
}

static enum store_result find_in_room(struct sweep *sweep, const struct room_limits *room)
{
    const struct store_keeping *keeping = sweep->keeping;
    struct bounds bounds = {0, 0};
    int64_t messages = stricter(keeping->messages, room->messages);
    sweep->before_ms = days_ago(keeping->now, room->days);
    if (messages == 0 && sweep->before_ms == 0)
        return STORE_NOTHING;
    if (store_message_bounds(sweep->store, room->id, &bounds) == STORE_FAILED)
        return STORE_FAILED;
    sweep->last_number = messages > 0 ? bounds.last - messages : NO_NUMBER;
    struct binding b = statement_bind(sweep->store, SQL_DUE_FIRST);
    bind_int(&b, room->id);
    return take_rows(sweep, &b);
}

/* Visits all rooms in turn, some in each step; stays at one while it has messages to delete. */
static enum store_result find_in_rooms(struct sweep *sweep)
{
    struct store *store = sweep->store;
    for (int i = 0; i < ROOMS_A_STEP; i++) {
        struct room_limits room = {0, 0, 0};
        struct binding b = statement_bind(store, SQL_NEXT_ROOM);
        bind_int(&b, store->visited);
        enum store_result result = statement_rows(store, &b, read_limits, &room, NULL);
        if (result == STORE_OK)
            result = find_in_room(sweep, &room);
        if (result == STORE_FAILED || sweep->due->count > 0)
            return result;
        store->visited = room.id; /* 0 after the last room: the next round begins */
        if (room.id == 0)
            break;
    }
    return STORE_NOTHING;
}

static enum store_result find(struct sweep *sweep)
{
    static enum store_result (*const kinds[])(struct sweep *) = {find_doomed, find_old,
                                                                 find_in_rooms};
    const struct store_due *due = sweep->due;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i](sweep) == STORE_FAILED)
            return STORE_FAILED;
        if (due->count > 0 || due->room > 0)
            return STORE_OK;
    }
    return STORE_NOTHING;
}

/* Takes what is found out of the index for searches in the same transaction. */
static enum store_result search_and_forget(struct sweep *sweep,
                                           enum store_result (*finder)(struct sweep *))
{
    struct store *store = sweep->store;
    *sweep->due = (struct store_due){.count = 0};
    coven_assert(!store->writing && store->batch.count == 0);
    if (statement_run(store, store->statements[SQL_SEARCH_BEGIN]) != STORE_OK)
        return STORE_FAILED;
    enum store_result result = finder(sweep);
    if (result != STORE_FAILED && statement_run(store, store->statements[SQL_COMMIT]) == STORE_OK)
        return result;
    statement_roll_back(store);
    return STORE_FAILED;
}

enum store_result store_due(struct store *store, const struct store_keeping *keeping,
                            struct store_due *due_r)
{
    struct sweep sweep = {.store = store, .due = due_r, .keeping = keeping, .last_key = INT64_MAX};
    return search_and_forget(&sweep, find);
}

static enum store_result find_of_room(struct sweep *sweep)
{
    struct binding b = statement_bind(sweep->store, SQL_DUE_DOOMED);
    bind_int(&b, sweep->room);
    return take_rows(sweep, &b);
}

enum store_result store_due_of(struct store *store, const struct store_keeping *keeping,
                               int64_t room, int64_t last_key, struct store_due *due_r)
{
    int64_t before = days_ago(keeping->now, keeping->days);
    struct sweep sweep = {
        .store = store,
        .due = due_r,
        .keeping = keeping,
        .room = room,
        .before_ms = before,
        .last_number = keeping->days > 0 ? NO_NUMBER : INT64_MAX,
        .last_key = last_key,
    };
    return search_and_forget(&sweep, find_of_room);
}

/* Its messages are gone; deletes some of its affiliations. After the last of them the room is
 * forgotten. */
static enum store_result end_doomed(struct store *store, int64_t room)
{
    static const enum statement steps[] = {SQL_ROOM_DELETE_AFFILIATIONS, SQL_DOOMED_DONE};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct binding b = statement_bind(store, steps[i]);
        bind_int(&b, room);
        if (statement_write(store, &b) != STORE_OK)
            return STORE_FAILED;
    }
    return STORE_OK;
}

enum store_result store_due_delete(struct store *store, const struct store_due *due)
{
    for (unsigned i = 0; i < due->count; i++) {
        struct binding b = statement_bind(store, SQL_MESSAGE_DELETE);
        bind_int(&b, due->keys[i]);
        if (statement_write(store, &b) != STORE_OK)
            return STORE_FAILED;
    }
    return due->room > 0 ? end_doomed(store, due->room) : STORE_OK;
}
