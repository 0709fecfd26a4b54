/* The SQLite backend: a thin layer of bound statements. It decides nothing about rooms. */

#include <stdlib.h>

#include "coven/store.h"
#include "sqlite_change.h"
#include "sqlite_due.h"
#include "sqlite_file.h"
#include "sqlite_message.h"
#include "sqlite_open.h"
#include "sqlite_search.h"
#include "sqlite_statement.h"
#include "sqlite_wal.h"

/* ---- The turn ---- */

static enum store_result commit(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    if (batch_enter(self) != STORE_OK)
        return STORE_FAILED;
    if (!self->writing)
        return STORE_OK;
    if (file_is_lost(self))
        return STORE_FAILED; /* the second thread has told why */
    enum store_result result = statement_run(self, self->statements[SQL_COMMIT]);
    if (result != STORE_OK)
        return result;
    self->writing = false;
    statement_works(self);
    if (self->wal)
        wal_end_turn(self);
    return STORE_OK;
}

static void rollback(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    batch_drop(&self->batch);
    if (self->writing && !sqlite3_get_autocommit(self->db))
        statement_run(self, self->statements[SQL_ROLLBACK]);
    self->writing = false;
}

/* The log comes first: it grows with every turn, and what is entered late is only found late. */
static enum store_result upkeep(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    if (self->wal)
        file_watch(self);
    enum store_result copied = self->wal ? wal_copy(self) : STORE_NOTHING;
    return copied == STORE_NOTHING ? search_step(self) : copied;
}

static bool upkeep_is_due(struct store *store)
{
    struct sqlite_store *self = sqlite_of(store);
    return self->wal && wal_is_due(self->wal);
}

static bool read_last_ids(sqlite3_stmt *row, void *room_r, void *message_r)
{
    *(int64_t *)room_r = sqlite3_column_int64(row, 0);
    *(int64_t *)message_r = sqlite3_column_int64(row, 1);
    return true;
}

static enum store_result last_ids(struct store *store, int64_t *room_r, int64_t *message_r)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_LAST_IDS);
    return statement_rows(sqlite_of(store), &b, read_last_ids, room_r, message_r);
}

/* ---- Rooms ---- */

static enum store_result room_put(struct store *store, const struct store_room *room)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ROOM_PUT);
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
    bind_int(&b, room->keep_days);
    bind_int(&b, room->keep_messages);
    return statement_write(sqlite_of(store), &b);
}

static enum store_result room_delete(struct store *store, int64_t room)
{
    static const enum statement steps[] = {SQL_ROOM_DELETE, SQL_ROOM_DELETE_OPTIONS,
                                           SQL_ROOM_DELETE_AFFILIATIONS, SQL_ROOM_DELETE_SESSIONS,
                                           SQL_ROOM_DOOM};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct binding b = statement_bind(sqlite_of(store), steps[i]);
        bind_int(&b, room);
        if (statement_write(sqlite_of(store), &b) != STORE_OK)
            return STORE_FAILED;
    }
    return STORE_OK;
}

static bool read_room(sqlite3_stmt *row, void *each, void *user)
{
    struct store_room room = {
        .id = sqlite3_column_int64(row, 0),
        .name = statement_column(row, 1),
        .created = sqlite3_column_int64(row, 2),
        .locked = sqlite3_column_int(row, 3) != 0,
        .listed = sqlite3_column_int(row, 4) != 0,
        .title = statement_column(row, 5),
        .creator = statement_column(row, 6),
        .salt = statement_column(row, 7),
        .subject = statement_column(row, 8),
        .subject_to = (uint32_t)sqlite3_column_int64(row, 9),
        .subject_time = sqlite3_column_int64(row, 10),
        .keep_days = sqlite3_column_int64(row, 11),
        .keep_messages = sqlite3_column_int64(row, 12),
    };
    (*(store_room_each **)each)(user, &room);
    return true;
}

static enum store_result room_get(struct store *store, struct span name, store_room_each *each,
                                  void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ROOM_GET);
    bind_text(&b, name);
    return statement_rows(sqlite_of(store), &b, read_room, &each, user);
}

static bool read_listed(sqlite3_stmt *row, void *each, void *user)
{
    (*(store_listed_each **)each)(user, statement_column(row, 0), statement_column(row, 1));
    return true;
}

static enum store_result rooms_listed(struct store *store, struct span after, unsigned skip,
                                      unsigned limit, store_listed_each *each, void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ROOMS_LISTED);
    bind_text(&b, after);
    bind_int(&b, limit);
    bind_int(&b, skip);
    return statement_rows(sqlite_of(store), &b, read_listed, &each, user);
}

/* No room has a name behind this one: it is no character, and the last code point there is. */
#define BEHIND_ALL "\xF4\x8F\xBF\xBF"

static enum store_result rooms_listed_before(struct store *store, struct span before,
                                             unsigned limit, store_listed_each *each, void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ROOMS_LISTED_BEFORE);
    bind_text(&b, before.len > 0 ? before : span_of(BEHIND_ALL));
    bind_int(&b, limit);
    return statement_rows(sqlite_of(store), &b, read_listed, &each, user);
}

static enum store_result rooms_listed_count(struct store *store, struct span before, unsigned limit,
                                            int64_t *count_r)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ROOMS_LISTED_COUNT);
    bind_text(&b, before);
    bind_int(&b, limit);
    return statement_rows(sqlite_of(store), &b, statement_number, count_r, NULL);
}

static bool read_summary(sqlite3_stmt *row, void *each, void *user)
{
    struct store_summary *summary = each;
    (void)user;
    summary->rooms = sqlite3_column_int64(row, 0);
    summary->listed = sqlite3_column_int64(row, 1);
    summary->sessions = sqlite3_column_int64(row, 2);
    return true;
}

static enum store_result summary(struct store *store, struct store_summary *summary_r)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_SUMMARY);
    summary_r->schema = SCHEMA_VERSION;
    return statement_rows(sqlite_of(store), &b, read_summary, summary_r, NULL);
}

static enum store_result rooms_created(struct store *store, struct span creator, unsigned limit,
                                       int64_t *count_r)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ROOMS_CREATED);
    bind_text(&b, creator);
    bind_int(&b, limit);
    return statement_rows(sqlite_of(store), &b, statement_number, count_r, NULL);
}

/* ---- Options ---- */

static enum store_result option_put(struct store *store, int64_t room,
                                    const struct store_option *option)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_OPTION_PUT);
    bind_int(&b, room);
    bind_text(&b, option->var);
    bind_text(&b, option->value);
    return statement_write(sqlite_of(store), &b);
}

static bool read_option(sqlite3_stmt *row, void *each, void *user)
{
    struct store_option option = {statement_column(row, 0), statement_column(row, 1)};
    (*(store_option_each **)each)(user, &option);
    return true;
}

static enum store_result options(struct store *store, int64_t room, store_option_each *each,
                                 void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_OPTIONS);
    bind_int(&b, room);
    return statement_rows(sqlite_of(store), &b, read_option, &each, user);
}

/* ---- Affiliations ---- */

static enum store_result affiliation_put(struct store *store, int64_t room,
                                         const struct store_affiliation *affiliation)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_AFFILIATION_PUT);
    bind_int(&b, room);
    bind_text(&b, affiliation->jid);
    bind_int(&b, affiliation->affiliation);
    bind_text(&b, affiliation->nick);
    bind_text(&b, affiliation->reason);
    return statement_write(sqlite_of(store), &b);
}

static enum store_result affiliation_delete(struct store *store, int64_t room, struct span jid)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_AFFILIATION_DELETE);
    bind_int(&b, room);
    bind_text(&b, jid);
    return statement_write(sqlite_of(store), &b);
}

static bool read_affiliation(sqlite3_stmt *row, void *each, void *user)
{
    struct store_affiliation affiliation = {
        .jid = statement_column(row, 0),
        .affiliation = sqlite3_column_int(row, 1),
        .nick = statement_column(row, 2),
        .reason = statement_column(row, 3),
    };
    (*(store_affiliation_each **)each)(user, &affiliation);
    return true;
}

static enum store_result affiliations(struct store *store, int64_t room, struct span after,
                                      unsigned limit, store_affiliation_each *each, void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_AFFILIATIONS);
    bind_int(&b, room);
    bind_text(&b, after);
    bind_int(&b, limit);
    return statement_rows(sqlite_of(store), &b, read_affiliation, &each, user);
}

/* ---- Sessions ---- */

static enum store_result session_put(struct store *store, int64_t room,
                                     const struct store_session *session)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_SESSION_PUT);
    bind_int(&b, room);
    bind_text(&b, session->jid);
    bind_text(&b, session->nick);
    bind_int(&b, session->role);
    bind_blob(&b, session->presence);
    bind_int(&b, session->change);
    return statement_write(sqlite_of(store), &b);
}

static enum store_result session_delete(struct store *store, int64_t room, struct span jid)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_SESSION_DELETE);
    bind_int(&b, room);
    bind_text(&b, jid);
    return statement_write(sqlite_of(store), &b);
}

static bool read_session(sqlite3_stmt *row, void *each, void *user)
{
    struct store_session session = {
        .jid = statement_column(row, 0),
        .nick = statement_column(row, 1),
        .role = sqlite3_column_int(row, 2),
        .presence = statement_column(row, 3),
        .joined = sqlite3_column_int64(row, 4),
    };
    (*(store_session_each **)each)(user, &session);
    return true;
}

static bool read_id(sqlite3_stmt *row, void *each, void *user)
{
    (*(store_id_each **)each)(user, sqlite3_column_int64(row, 0));
    return true;
}

static enum store_result session_ids(struct store *store, int64_t room, store_id_each *each,
                                     void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_SESSION_IDS);
    bind_int(&b, room);
    return statement_rows(sqlite_of(store), &b, read_id, &each, user);
}

static enum store_result session_get(struct store *store, int64_t id, store_session_each *each,
                                     void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_SESSION_GET);
    bind_int(&b, id);
    return statement_rows(sqlite_of(store), &b, read_session, &each, user);
}

static bool read_text(sqlite3_stmt *row, void *each, void *user)
{
    (*(store_text_each **)each)(user, statement_column(row, 0));
    return true;
}

static enum store_result session_jids(struct store *store, struct span after, unsigned limit,
                                      store_text_each *each, void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_SESSION_JIDS);
    bind_text(&b, after);
    bind_int(&b, limit);
    return statement_rows(sqlite_of(store), &b, read_text, &each, user);
}

static enum store_result occupied_rooms(struct store *store, store_text_each *each, void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_OCCUPIED_ROOMS);
    return statement_rows(sqlite_of(store), &b, read_text, &each, user);
}

static enum store_result session_rooms(struct store *store, struct span jid, store_text_each *each,
                                       void *user)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_SESSION_ROOMS);
    bind_text(&b, jid);
    return statement_rows(sqlite_of(store), &b, read_text, &each, user);
}

/* ---- Eras ---- */

static enum store_result era_put(struct store *store, const struct era *era)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ERA_PUT);
    bind_int(&b, era->from);
    bind_int(&b, era->offset_ms);
    return statement_write(sqlite_of(store), &b);
}

static enum store_result era_delete(struct store *store, int64_t from)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ERA_DELETE);
    bind_int(&b, from);
    return statement_write(sqlite_of(store), &b);
}

static bool read_era(sqlite3_stmt *row, void *all, void *user)
{
    (void)user;
    eras_add(all, (struct era){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)});
    return true;
}

static enum store_result eras(struct store *store, struct eras *all)
{
    struct binding b = statement_bind(sqlite_of(store), SQL_ERAS);
    return statement_rows(sqlite_of(store), &b, read_era, all, NULL);
}

const struct store_ops sqlite_ops = {
    .commit = commit,
    .rollback = rollback,
    .close = sqlite_close,
    .second = sqlite_second,
    .reader = sqlite_reader,
    .upkeep = upkeep,
    .upkeep_is_due = upkeep_is_due,
    .last_ids = last_ids,
    .room_put = room_put,
    .room_delete = room_delete,
    .room_get = room_get,
    .rooms_listed = rooms_listed,
    .rooms_listed_before = rooms_listed_before,
    .rooms_listed_count = rooms_listed_count,
    .summary = summary,
    .rooms_created = rooms_created,
    .option_put = option_put,
    .options = options,
    .affiliation_put = affiliation_put,
    .affiliation_delete = affiliation_delete,
    .affiliations = affiliations,
    .session_put = session_put,
    .session_delete = session_delete,
    .session_ids = session_ids,
    .session_get = session_get,
    .session_jids = session_jids,
    .session_rooms = session_rooms,
    .occupied_rooms = occupied_rooms,
    .changes = sqlite_changes,
    .changes_confirm = sqlite_changes_confirm,
    .session_change = sqlite_session_change,
    .standings = sqlite_standings,
    .departure_add = sqlite_departure_add,
    .departures_trim = sqlite_departures_trim,
    .departures = sqlite_departures,
    .era_put = era_put,
    .era_delete = era_delete,
    .eras = eras,
    .message_add = sqlite_message_add,
    .messages_last = sqlite_messages_last,
    .message_get = sqlite_message_get,
    .message_replace = sqlite_message_replace,
    .messages = sqlite_messages,
    .message_key = sqlite_message_key,
    .messages_trim = sqlite_messages_trim,
    .message_number = sqlite_message_number,
    .due = sqlite_due,
    .due_delete = sqlite_due_delete,
};
