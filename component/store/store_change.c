
#include "statement.h"

static bool read_changes(sqlite3_stmt *row, void *last_r, void *confirmed_r)
{
    *(int64_t *)last_r = sqlite3_column_int64(row, 0);
    *(int64_t *)confirmed_r = sqlite3_column_int64(row, 1);
    return true;
}

enum store_result store_changes(struct store *store, int64_t *last_r, int64_t *confirmed_r)
{
    struct binding b = statement_bind(store, SQL_CHANGES);
    return statement_rows(store, &b, read_changes, last_r, confirmed_r);
}

enum store_result store_changes_confirm(struct store *store, int64_t change)
{
    struct binding b = statement_bind(store, SQL_CHANGES_CONFIRM);
    bind_int(&b, change);
    enum store_result result = statement_write(store, &b);
    return result == STORE_OK ? store_departures_trim(store, change) : result;
}

enum store_result store_session_change(struct store *store, int64_t room, struct span jid,
                                       int64_t change)
{
    struct binding b = statement_bind(store, SQL_SESSION_CHANGE);
    bind_int(&b, room);
    bind_text(&b, jid);
    bind_int(&b, change);
    return statement_write(store, &b);
}

static bool read_presence(sqlite3_stmt *row, void *each, void *user)
{
    struct store_presence presence = {
        .id = sqlite3_column_int64(row, 0),
        .room = statement_column(row, 1),
        .jid = statement_column(row, 2),
        .joined = sqlite3_column_int64(row, 3),
        .changed = sqlite3_column_int64(row, 4),
    };
    return (*(store_presence_each **)each)(user, &presence);
}

enum store_result store_presences(struct store *store, int64_t after, unsigned limit,
                                  store_presence_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_PRESENCES);
    bind_int(&b, after);
    bind_int(&b, limit);
    return statement_rows(store, &b, read_presence, &each, user);
}

enum store_result store_departure_add(struct store *store, const struct store_departure *departure)
{
    struct binding b = statement_bind(store, SQL_DEPARTURE_ADD);
    bind_int(&b, departure->change);
    bind_text(&b, departure->room);
    bind_text(&b, departure->jid);
    bind_int(&b, departure->audience);
    bind_int(&b, departure->to_at);
    bind_blob(&b, departure->real);
    bind_blob(&b, departure->stanza);
    return statement_write(store, &b);
}

enum store_result store_departures_trim(struct store *store, int64_t change)
{
    struct binding b = statement_bind(store, SQL_DEPARTURES_TRIM);
    bind_int(&b, change);
    return statement_write(store, &b);
}

static bool read_departure(sqlite3_stmt *row, void *each, void *user)
{
    struct store_departure departure = {
        .change = sqlite3_column_int64(row, 0),
        .room = statement_column(row, 1),
        .jid = statement_column(row, 2),
        .audience = sqlite3_column_int(row, 3),
        .to_at = (uint32_t)sqlite3_column_int64(row, 4),
        .real = statement_column(row, 5),
        .stanza = statement_column(row, 6),
    };
    (*(store_departure_each **)each)(user, &departure);
    return true;
}

enum store_result store_departures(struct store *store, int64_t after, int64_t until,
                                   unsigned limit, store_departure_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_DEPARTURES);
    bind_int(&b, after);
    bind_int(&b, until);
    bind_int(&b, limit);
    return statement_rows(store, &b, read_departure, &each, user);
}
