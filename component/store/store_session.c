#include "statement.h"

enum store_result store_session_put(struct store *store, int64_t room,
                                    const struct store_session *session)
{
    struct binding b = statement_bind(store, SQL_SESSION_PUT);
    bind_int(&b, room);
    bind_text(&b, session->jid);
    bind_text(&b, session->nick);
    bind_int(&b, session->role);
    bind_blob(&b, session->presence);
    bind_int(&b, session->change);
    return statement_write(store, &b);
}

enum store_result store_session_delete(struct store *store, int64_t room, struct span jid)
{
    struct binding b = statement_bind(store, SQL_SESSION_DELETE);
    bind_int(&b, room);
    bind_text(&b, jid);
    return statement_write(store, &b);
}

static bool read_session(sqlite3_stmt *row, void *each, void *user)
{
    struct store_session session = {
        .jid = statement_column(row, 0),
        .nick = statement_column(row, 1),
        .role = sqlite3_column_int(row, 2),
        .presence = statement_column(row, 3),
        .joined = sqlite3_column_int64(row, 4),
        .change = sqlite3_column_int64(row, 5),
    };
    (*(store_session_each **)each)(user, &session);
    return true;
}

static bool read_id(sqlite3_stmt *row, void *each, void *user)
{
    (*(store_id_each **)each)(user, sqlite3_column_int64(row, 0));
    return true;
}

enum store_result store_session_ids(struct store *store, int64_t room, store_id_each *each,
                                    void *user)
{
    struct binding b = statement_bind(store, SQL_SESSION_IDS);
    bind_int(&b, room);
    return statement_rows(store, &b, read_id, &each, user);
}

enum store_result store_session_get(struct store *store, int64_t id, store_session_each *each,
                                    void *user)
{
    struct binding b = statement_bind(store, SQL_SESSION_GET);
    bind_int(&b, id);
    return statement_rows(store, &b, read_session, &each, user);
}

enum store_result store_session_jids(struct store *store, struct span after, unsigned limit,
                                     store_text_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_SESSION_JIDS);
    bind_text(&b, after);
    bind_int(&b, limit);
    return statement_rows(store, &b, statement_text, &each, user);
}

enum store_result store_occupied_rooms(struct store *store, store_text_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_OCCUPIED_ROOMS);
    return statement_rows(store, &b, statement_text, &each, user);
}

enum store_result store_session_rooms(struct store *store, struct span jid, store_text_each *each,
                                      void *user)
{
    struct binding b = statement_bind(store, SQL_SESSION_ROOMS);
    bind_text(&b, jid);
    return statement_rows(store, &b, statement_text, &each, user);
}
