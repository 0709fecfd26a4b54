/* What operators ask about rooms and people. */

#include "statement.h"

/* ---- Rooms ---- */

static bool read_facts(sqlite3_stmt *row, void *each, void *user)
{
    int64_t last = sqlite3_column_int64(row, 8), first = sqlite3_column_int64(row, 9);
    struct store_facts facts = {
        .id = sqlite3_column_int64(row, 0),
        .name = statement_column(row, 1),
        .title = statement_column(row, 2),
        .creator = statement_column(row, 3),
        .created = sqlite3_column_int64(row, 4),
        .locked = sqlite3_column_int(row, 5) != 0,
        .listed = sqlite3_column_int(row, 6) != 0,
        .occupants = sqlite3_column_int64(row, 7),
        .messages = last - first + 1,
        .last_key = sqlite3_column_int64(row, 10),
        .used = sqlite3_column_int64(row, 11),
    };
    (*(store_facts_each **)each)(user, &facts);
    return true;
}

static enum store_result page_of_facts(struct store *store, enum statement which, struct span after,
                                       unsigned limit, store_facts_each *each, void *user)
{
    struct binding b = statement_bind(store, which);
    bind_text(&b, after);
    bind_int(&b, limit);
    return statement_rows(store, &b, read_facts, &each, user);
}

enum store_result store_facts(struct store *store, struct span after, unsigned limit,
                              store_facts_each *each, void *user)
{
    return page_of_facts(store, SQL_FACTS, after, limit, each, user);
}

enum store_result store_facts_listed(struct store *store, struct span after, unsigned limit,
                                     store_facts_each *each, void *user)
{
    return page_of_facts(store, SQL_FACTS_LISTED, after, limit, each, user);
}

enum store_result store_facts_of(struct store *store, int64_t room, store_facts_each *each,
                                 void *user)
{
    struct binding b = statement_bind(store, SQL_FACTS_OF);
    bind_int(&b, room);
    return statement_rows(store, &b, read_facts, &each, user);
}

enum store_result store_affiliated(struct store *store, int64_t room, int affiliation,
                                   unsigned limit, store_text_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_AFFILIATED);
    bind_int(&b, room);
    bind_int(&b, affiliation);
    bind_int(&b, limit);
    return statement_rows(store, &b, statement_text, &each, user);
}

enum store_result store_affiliation_is(struct store *store, int64_t room, struct span jid,
                                       int affiliation)
{
    int64_t is;
    struct binding b = statement_bind(store, SQL_AFFILIATION_IS);
    bind_int(&b, room);
    bind_text(&b, jid);
    bind_int(&b, affiliation);
    return statement_rows(store, &b, statement_number, &is, NULL);
}

enum store_result store_room_rename(struct store *store, int64_t room, struct span name)
{
    struct binding b = statement_bind(store, SQL_ROOM_RENAME);
    bind_int(&b, room);
    bind_text(&b, name);
    if (statement_write(store, &b) != STORE_OK)
        return STORE_FAILED;
    b = statement_bind(store, SQL_ROOM_DELETE_SESSIONS);
    bind_int(&b, room);
    return statement_write(store, &b);
}

/* ---- People ---- */

static bool read_trace(sqlite3_stmt *row, void *each, void *user)
{
    struct store_trace trace = {
        .room = statement_column(row, 0),
        .jid = statement_column(row, 1),
        .nick = statement_column(row, 2),
        .reason = statement_column(row, 3),
        .affiliation = sqlite3_column_int(row, 4),
    };
    (*(store_trace_each **)each)(user, &trace);
    return true;
}

static enum store_result traces(struct store *store, enum statement which, struct span jid,
                                store_trace_each *each, void *user)
{
    struct binding b = statement_bind(store, which);
    bind_text(&b, jid);
    return statement_rows(store, &b, read_trace, &each, user);
}

enum store_result store_traces_inside(struct store *store, struct span bare, store_trace_each *each,
                                      void *user)
{
    return traces(store, SQL_TRACES_INSIDE, bare, each, user);
}

enum store_result store_traces_affiliated(struct store *store, struct span jid,
                                          store_trace_each *each, void *user)
{
    return traces(store, SQL_TRACES_AFFILIATED, jid, each, user);
}

enum store_result store_traces_applied(struct store *store, struct span bare,
                                       store_trace_each *each, void *user)
{
    return traces(store, SQL_TRACES_APPLIED, bare, each, user);
}

enum store_result store_traces_created(struct store *store, struct span bare,
                                       store_trace_each *each, void *user)
{
    return traces(store, SQL_TRACES_CREATED, bare, each, user);
}

/* ---- Who may not use the service ---- */

enum store_result store_denied_put(struct store *store, const struct store_denied *denied)
{
    struct binding b = statement_bind(store, SQL_DENIED_PUT);
    bind_text(&b, denied->address);
    bind_int(&b, denied->since);
    bind_int(&b, denied->until);
    bind_text(&b, denied->reason);
    bind_text(&b, denied->by);
    return statement_write(store, &b);
}

enum store_result store_denied_delete(struct store *store, struct span address)
{
    struct binding b = statement_bind(store, SQL_DENIED_DELETE);
    bind_text(&b, address);
    return statement_write(store, &b);
}

static bool read_denied(sqlite3_stmt *row, void *each, void *user)
{
    struct store_denied denied = {
        .address = statement_column(row, 0),
        .since = sqlite3_column_int64(row, 1),
        .until = sqlite3_column_int64(row, 2),
        .reason = statement_column(row, 3),
        .by = statement_column(row, 4),
    };
    (*(store_denied_each **)each)(user, &denied);
    return true;
}

enum store_result store_denied_all(struct store *store, store_denied_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_DENIED_ALL);
    return statement_rows(store, &b, read_denied, &each, user);
}
