#include "statement.h"

/* ---- Rooms ---- */

enum store_result store_room_put(struct store *store, const struct store_room *room)
{
    struct binding b = statement_bind(store, SQL_ROOM_PUT);
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
    bind_int(&b, room->used);
    return statement_write(store, &b);
}

enum store_result store_room_delete(struct store *store, int64_t room)
{
    static const enum statement steps[] = {
        SQL_ROOM_DELETE,          SQL_ROOM_DELETE_OPTIONS,    SQL_ROOM_DELETE_AFFILIATIONS,
        SQL_ROOM_DELETE_SESSIONS, SQL_ROOM_DELETE_APPLICANTS, SQL_ROOM_DOOM,
        SQL_ROOM_DELETE_WEAVING};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct binding b = statement_bind(store, steps[i]);
        bind_int(&b, room);
        if (statement_write(store, &b) != STORE_OK)
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
        .used = sqlite3_column_int64(row, 13),
    };
    (*(store_room_each **)each)(user, &room);
    return true;
}

enum store_result store_room_get(struct store *store, struct span name, store_room_each *each,
                                 void *user)
{
    struct binding b = statement_bind(store, SQL_ROOM_GET);
    bind_text(&b, name);
    return statement_rows(store, &b, read_room, &each, user);
}

static bool read_listed(sqlite3_stmt *row, void *each, void *user)
{
    (*(store_listed_each **)each)(user, statement_column(row, 0), statement_column(row, 1));
    return true;
}

enum store_result store_rooms_listed(struct store *store, struct span after, unsigned skip,
                                     unsigned limit, store_listed_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_ROOMS_LISTED);
    bind_text(&b, after);
    bind_int(&b, limit);
    bind_int(&b, skip);
    return statement_rows(store, &b, read_listed, &each, user);
}

/* Sorts after every room name: the last code point of Unicode, which is not a character. */
#define AFTER_ALL "\xF4\x8F\xBF\xBF"

enum store_result store_rooms_listed_before(struct store *store, struct span before, unsigned limit,
                                            store_listed_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_ROOMS_LISTED_BEFORE);
    bind_text(&b, before.len > 0 ? before : span_of(AFTER_ALL));
    bind_int(&b, limit);
    return statement_rows(store, &b, read_listed, &each, user);
}

enum store_result store_rooms_listed_count(struct store *store, struct span before, unsigned limit,
                                           int64_t *count_r)
{
    struct binding b = statement_bind(store, SQL_ROOMS_LISTED_COUNT);
    bind_text(&b, before);
    bind_int(&b, limit);
    return statement_rows(store, &b, statement_number, count_r, NULL);
}

enum store_result store_rooms_created(struct store *store, struct span creator, unsigned limit,
                                      int64_t *count_r)
{
    struct binding b = statement_bind(store, SQL_ROOMS_CREATED);
    bind_text(&b, creator);
    bind_int(&b, limit);
    return statement_rows(store, &b, statement_number, count_r, NULL);
}

/* ---- Options ---- */

enum store_result store_option_put(struct store *store, int64_t room,
                                   const struct store_option *option)
{
    struct binding b = statement_bind(store, SQL_OPTION_PUT);
    bind_int(&b, room);
    bind_text(&b, option->var);
    bind_text(&b, option->value);
    return statement_write(store, &b);
}

static bool read_option(sqlite3_stmt *row, void *each, void *user)
{
    struct store_option option = {statement_column(row, 0), statement_column(row, 1)};
    (*(store_option_each **)each)(user, &option);
    return true;
}

enum store_result store_options(struct store *store, int64_t room, store_option_each *each,
                                void *user)
{
    struct binding b = statement_bind(store, SQL_OPTIONS);
    bind_int(&b, room);
    return statement_rows(store, &b, read_option, &each, user);
}

/* ---- Affiliations ---- */

enum store_result store_affiliation_put(struct store *store, int64_t room,
                                        const struct store_affiliation *affiliation)
{
    struct binding b = statement_bind(store, SQL_AFFILIATION_PUT);
    bind_int(&b, room);
    bind_text(&b, affiliation->jid);
    bind_int(&b, affiliation->affiliation);
    bind_text(&b, affiliation->nick);
    bind_text(&b, affiliation->reason);
    return statement_write(store, &b);
}

enum store_result store_affiliation_delete(struct store *store, int64_t room, struct span jid)
{
    struct binding b = statement_bind(store, SQL_AFFILIATION_DELETE);
    bind_int(&b, room);
    bind_text(&b, jid);
    return statement_write(store, &b);
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

enum store_result store_affiliations(struct store *store, int64_t room, struct span after,
                                     unsigned limit, store_affiliation_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_AFFILIATIONS);
    bind_int(&b, room);
    bind_text(&b, after);
    bind_int(&b, limit);
    return statement_rows(store, &b, read_affiliation, &each, user);
}
