/* The SQLite backend: a thin layer of bound statements. It decides nothing about rooms. */

#include <stdlib.h>

#include "coven/log.h"
#include "coven/store.h"
#include "sqlite_store.h"

static struct sqlite_store *sqlite_of(struct store *store)
{
    return (struct sqlite_store *)store;
}

/* ---- Statements: prepared once, bound in order ---- */

struct binding {
    sqlite3_stmt *statement;
    int next;
};

static struct binding bind(struct sqlite_store *self, enum statement which)
{
    return (struct binding){self->statements[which], 1};
}

static void bind_int(struct binding *b, int64_t value)
{
    sqlite3_bind_int64(b->statement, b->next++, value);
}

static void bind_text(struct binding *b, struct span text)
{
    sqlite3_bind_text(b->statement, b->next++, text.at ? text.at : "", (int)text.len,
                      SQLITE_STATIC);
}

static void bind_blob(struct binding *b, struct span bytes)
{
    sqlite3_bind_blob(b->statement, b->next++, bytes.at ? bytes.at : "", (int)bytes.len,
                      SQLITE_STATIC);
}

static enum store_result failed(struct sqlite_store *self)
{
    log_error("store: %s", sqlite3_errmsg(self->db));
    return STORE_FAILED;
}

static void release(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

static enum store_result run(struct sqlite_store *self, sqlite3_stmt *statement)
{
    int rc = sqlite3_step(statement);
    enum store_result result = rc == SQLITE_DONE || rc == SQLITE_ROW ? STORE_OK : failed(self);
    release(statement);
    return result;
}

/* Opens the turn's transaction with its first write. */
static enum store_result writing(struct sqlite_store *self)
{
    if (self->writing)
        return STORE_OK;
    enum store_result result = run(self, self->statements[SQL_BEGIN]);
    self->writing = result == STORE_OK;
    return result;
}

static enum store_result write_bound(struct sqlite_store *self, struct binding *b)
{
    enum store_result result = writing(self);
    if (result == STORE_OK)
        return run(self, b->statement);
    release(b->statement);
    return result;
}

static struct span column(sqlite3_stmt *row, int i)
{
    const void *bytes = sqlite3_column_blob(row, i);
    return (struct span){bytes, (size_t)sqlite3_column_bytes(row, i)};
}

typedef void row_reader(sqlite3_stmt *row, void *each, void *user);

/* Hands every row to `read`, which builds the record and gives it to the caller's `each`. */
static enum store_result read_rows(struct sqlite_store *self, struct binding *b, row_reader *read,
                                   void *each, void *user)
{
    int rc, rows = 0;
    while ((rc = sqlite3_step(b->statement)) == SQLITE_ROW) {
        read(b->statement, each, user);
        rows++;
    }
    enum store_result result = rc != SQLITE_DONE ? failed(self) : rows ? STORE_OK : STORE_NOTHING;
    release(b->statement);
    return result;
}

/* ---- The turn ---- */

static enum store_result commit(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    if (!self->writing)
        return STORE_OK;
    enum store_result result = run(self, self->statements[SQL_COMMIT]);
    if (result == STORE_OK)
        self->writing = false;
    return result;
}

static void rollback(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    if (self->writing && !sqlite3_get_autocommit(self->db))
        run(self, self->statements[SQL_ROLLBACK]);
    self->writing = false;
}

static void close_store(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    rollback(store);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(self->statements[i]);
    sqlite3_close(self->db);
    free(self);
}

static void read_last_ids(sqlite3_stmt *row, void *room_r, void *message_r)
{
    *(int64_t *)room_r = sqlite3_column_int64(row, 0);
    *(int64_t *)message_r = sqlite3_column_int64(row, 1);
}

static enum store_result last_ids(struct store *store, int64_t *room_r, int64_t *message_r)
{
    struct binding b = bind(sqlite_of(store), SQL_LAST_IDS);
    return read_rows(sqlite_of(store), &b, read_last_ids, room_r, message_r);
}

/* ---- Rooms ---- */

static enum store_result room_put(struct store *store, const struct store_room *room)
{
    struct binding b = bind(sqlite_of(store), SQL_ROOM_PUT);
    bind_int(&b, room->id);
    bind_text(&b, room->name);
    bind_int(&b, room->created);
    bind_int(&b, room->locked);
    bind_int(&b, room->listed);
    bind_text(&b, room->title);
    bind_text(&b, room->creator);
    bind_blob(&b, room->salt);
    bind_blob(&b, room->subject);
    bind_int(&b, room->subject_to);
    bind_int(&b, room->subject_time);
    return write_bound(sqlite_of(store), &b);
}

static enum store_result room_delete(struct store *store, int64_t room)
{
    static const enum statement steps[] = {SQL_ROOM_DELETE, SQL_ROOM_DELETE_OPTIONS,
                                           SQL_ROOM_DELETE_AFFILIATIONS, SQL_ROOM_DELETE_SESSIONS,
                                           SQL_ROOM_DOOM};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct binding b = bind(sqlite_of(store), steps[i]);
        bind_int(&b, room);
        if (write_bound(sqlite_of(store), &b) != STORE_OK)
            return STORE_FAILED;
    }
    return STORE_OK;
}

static void read_room(sqlite3_stmt *row, void *each, void *user)
{
    struct store_room room = {
        .id = sqlite3_column_int64(row, 0),
        .name = column(row, 1),
        .created = sqlite3_column_int64(row, 2),
        .locked = sqlite3_column_int(row, 3) != 0,
        .listed = sqlite3_column_int(row, 4) != 0,
        .title = column(row, 5),
        .creator = column(row, 6),
        .salt = column(row, 7),
        .subject = column(row, 8),
        .subject_to = (uint32_t)sqlite3_column_int64(row, 9),
        .subject_time = sqlite3_column_int64(row, 10),
    };
    (*(store_room_each **)each)(user, &room);
}

static enum store_result room_get(struct store *store, struct span name, store_room_each *each,
                                  void *user)
{
    struct binding b = bind(sqlite_of(store), SQL_ROOM_GET);
    bind_text(&b, name);
    return read_rows(sqlite_of(store), &b, read_room, &each, user);
}

static void read_count(sqlite3_stmt *row, void *count_r, void *user)
{
    (void)user;
    *(int64_t *)count_r = sqlite3_column_int64(row, 0);
}

static void read_listed(sqlite3_stmt *row, void *each, void *user)
{
    (*(store_listed_each **)each)(user, column(row, 0), column(row, 1));
}

static enum store_result rooms_listed(struct store *store, struct span after, unsigned skip,
                                      unsigned limit, store_listed_each *each, void *user)
{
    struct binding b = bind(sqlite_of(store), SQL_ROOMS_LISTED);
    bind_text(&b, after);
    bind_int(&b, limit);
    bind_int(&b, skip);
    return read_rows(sqlite_of(store), &b, read_listed, &each, user);
}

/* No room has a name behind this one: it is no character, and the last code point there is. */
#define BEHIND_ALL "\xF4\x8F\xBF\xBF"

static void bind_end(struct binding *b, struct span before)
{
    bind_text(b, before.len > 0 ? before : span_of(BEHIND_ALL));
}

static enum store_result rooms_listed_before(struct store *store, struct span before,
                                             unsigned limit, store_listed_each *each, void *user)
{
    struct binding b = bind(sqlite_of(store), SQL_ROOMS_LISTED_BEFORE);
    bind_end(&b, before);
    bind_int(&b, limit);
    return read_rows(sqlite_of(store), &b, read_listed, &each, user);
}

static enum store_result rooms_listed_count(struct store *store, struct span before,
                                            int64_t *count_r)
{
    struct binding b = bind(sqlite_of(store), SQL_ROOMS_LISTED_COUNT);
    bind_end(&b, before);
    return read_rows(sqlite_of(store), &b, read_count, count_r, NULL);
}

static enum store_result room_count(struct store *store, int64_t *count_r)
{
    struct binding b = bind(sqlite_of(store), SQL_ROOM_COUNT);
    return read_rows(sqlite_of(store), &b, read_count, count_r, NULL);
}

static enum store_result rooms_created(struct store *store, struct span creator, int64_t *count_r)
{
    struct binding b = bind(sqlite_of(store), SQL_ROOMS_CREATED);
    bind_text(&b, creator);
    return read_rows(sqlite_of(store), &b, read_count, count_r, NULL);
}

/* ---- Options ---- */

static enum store_result option_put(struct store *store, int64_t room,
                                    const struct store_option *option)
{
    struct binding b = bind(sqlite_of(store), SQL_OPTION_PUT);
    bind_int(&b, room);
    bind_text(&b, option->var);
    bind_text(&b, option->value);
    return write_bound(sqlite_of(store), &b);
}

static void read_option(sqlite3_stmt *row, void *each, void *user)
{
    struct store_option option = {column(row, 0), column(row, 1)};
    (*(store_option_each **)each)(user, &option);
}

static enum store_result options(struct store *store, int64_t room, store_option_each *each,
                                 void *user)
{
    struct binding b = bind(sqlite_of(store), SQL_OPTIONS);
    bind_int(&b, room);
    return read_rows(sqlite_of(store), &b, read_option, &each, user);
}

/* ---- Affiliations ---- */

static enum store_result affiliation_put(struct store *store, int64_t room,
                                         const struct store_affiliation *affiliation)
{
    struct binding b = bind(sqlite_of(store), SQL_AFFILIATION_PUT);
    bind_int(&b, room);
    bind_text(&b, affiliation->jid);
    bind_int(&b, affiliation->affiliation);
    bind_text(&b, affiliation->nick);
    bind_text(&b, affiliation->reason);
    return write_bound(sqlite_of(store), &b);
}

static enum store_result affiliation_delete(struct store *store, int64_t room, struct span jid)
{
    struct binding b = bind(sqlite_of(store), SQL_AFFILIATION_DELETE);
    bind_int(&b, room);
    bind_text(&b, jid);
    return write_bound(sqlite_of(store), &b);
}

static void read_affiliation(sqlite3_stmt *row, void *each, void *user)
{
    struct store_affiliation affiliation = {
        .jid = column(row, 0),
        .affiliation = sqlite3_column_int(row, 1),
        .nick = column(row, 2),
        .reason = column(row, 3),
    };
    (*(store_affiliation_each **)each)(user, &affiliation);
}

static enum store_result affiliations(struct store *store, int64_t room,
                                      store_affiliation_each *each, void *user)
{
    struct binding b = bind(sqlite_of(store), SQL_AFFILIATIONS);
    bind_int(&b, room);
    return read_rows(sqlite_of(store), &b, read_affiliation, &each, user);
}

/* ---- Sessions ---- */

static enum store_result session_put(struct store *store, int64_t room,
                                     const struct store_session *session)
{
    struct binding b = bind(sqlite_of(store), SQL_SESSION_PUT);
    bind_int(&b, room);
    bind_text(&b, session->jid);
    bind_text(&b, session->nick);
    bind_int(&b, session->role);
    bind_blob(&b, session->presence);
    return write_bound(sqlite_of(store), &b);
}

static enum store_result session_delete(struct store *store, int64_t room, struct span jid)
{
    struct binding b = bind(sqlite_of(store), SQL_SESSION_DELETE);
    bind_int(&b, room);
    bind_text(&b, jid);
    return write_bound(sqlite_of(store), &b);
}

static void read_session(sqlite3_stmt *row, void *each, void *user)
{
    struct store_session session = {
        .jid = column(row, 0),
        .nick = column(row, 1),
        .role = sqlite3_column_int(row, 2),
        .presence = column(row, 3),
    };
    (*(store_session_each **)each)(user, &session);
}

static enum store_result sessions(struct store *store, int64_t room, store_session_each *each,
                                  void *user)
{
    struct binding b = bind(sqlite_of(store), SQL_SESSIONS);
    bind_int(&b, room);
    return read_rows(sqlite_of(store), &b, read_session, &each, user);
}

/* ---- Messages ---- */

static enum store_result message_add(struct store *store, const struct store_message *message)
{
    struct binding b = bind(sqlite_of(store), SQL_MESSAGE_ADD);
    bind_int(&b, message->key);
    bind_int(&b, (int64_t)message->noise);
    bind_int(&b, message->room);
    bind_text(&b, message->author);
    bind_text(&b, message->nick);
    bind_int(&b, message->to_at);
    bind_blob(&b, message->stanza);
    return write_bound(sqlite_of(store), &b);
}

static void read_message(sqlite3_stmt *row, void *each, void *user)
{
    struct store_message message = {
        .key = sqlite3_column_int64(row, 0),
        .noise = (uint64_t)sqlite3_column_int64(row, 1),
        .room = sqlite3_column_int64(row, 2),
        .author = column(row, 3),
        .nick = column(row, 4),
        .to_at = (uint32_t)sqlite3_column_int64(row, 5),
        .stanza = column(row, 6),
    };
    (*(store_message_each **)each)(user, &message);
}

static enum store_result messages_last(struct store *store, int64_t room, int64_t after_key,
                                       unsigned limit, store_message_each *each, void *user)
{
    struct binding b = bind(sqlite_of(store), SQL_MESSAGES_LAST);
    bind_int(&b, room);
    bind_int(&b, after_key);
    bind_int(&b, limit);
    return read_rows(sqlite_of(store), &b, read_message, &each, user);
}

static enum store_result tidy(struct store *store, unsigned limit)
{
    struct sqlite_store *self = sqlite_of(store);
    int64_t room = 0;
    struct binding doomed = bind(self, SQL_DOOMED);
    enum store_result result = read_rows(self, &doomed, read_count, &room, NULL);
    if (result != STORE_OK)
        return result;
    struct binding some = bind(self, SQL_TIDY_MESSAGES);
    bind_int(&some, room);
    bind_int(&some, limit);
    result = write_bound(self, &some);
    if (result != STORE_OK || sqlite3_changes(self->db) == (int)limit)
        return result;
    struct binding done = bind(self, SQL_TIDY_DONE);
    bind_int(&done, room);
    return write_bound(self, &done);
}

const struct store_ops sqlite_ops = {
    .commit = commit,
    .rollback = rollback,
    .close = close_store,
    .last_ids = last_ids,
    .room_put = room_put,
    .room_delete = room_delete,
    .room_get = room_get,
    .rooms_listed = rooms_listed,
    .rooms_listed_before = rooms_listed_before,
    .rooms_listed_count = rooms_listed_count,
    .room_count = room_count,
    .rooms_created = rooms_created,
    .option_put = option_put,
    .options = options,
    .affiliation_put = affiliation_put,
    .affiliation_delete = affiliation_delete,
    .affiliations = affiliations,
    .session_put = session_put,
    .session_delete = session_delete,
    .sessions = sessions,
    .message_add = message_add,
    .messages_last = messages_last,
    .tidy = tidy,
};
