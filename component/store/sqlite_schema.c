#include "sqlite_schema.h"

const char schema_tables[] =
    "CREATE TABLE room ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,"
    " locked INTEGER NOT NULL, listed INTEGER NOT NULL, title TEXT NOT NULL, creator TEXT NOT NULL,"
    " salt BLOB NOT NULL, subject BLOB NOT NULL, subject_to INTEGER NOT NULL,"
    " subject_time INTEGER NOT NULL);"
    "CREATE INDEX room_creator ON room (creator);"
    "CREATE INDEX room_listed ON room (name) WHERE listed;"
    "CREATE TABLE room_option ("
    " room INTEGER NOT NULL, var TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (room, var)) WITHOUT ROWID;"
    "CREATE TABLE affiliation ("
    " room INTEGER NOT NULL, jid TEXT NOT NULL, affiliation INTEGER NOT NULL, nick TEXT NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY (room, jid)) WITHOUT ROWID;"
    "CREATE TABLE session ("
    " id INTEGER PRIMARY KEY, room INTEGER NOT NULL, jid TEXT NOT NULL, nick TEXT NOT NULL,"
    " role INTEGER NOT NULL, joined INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " presence BLOB NOT NULL, UNIQUE (room, jid));"
    "CREATE INDEX session_jid ON session (jid);"
    /* What the server may not have yet: the number of the last change of presence that it is known
       to have, in a single row, and what was told of those who are not in `session` to bear one. */
    "CREATE TABLE confirmed (id INTEGER PRIMARY KEY, change INTEGER NOT NULL);"
    "CREATE TABLE departure ("
    " change INTEGER PRIMARY KEY, room TEXT NOT NULL, jid TEXT NOT NULL,"
    " audience INTEGER NOT NULL, to_at INTEGER NOT NULL, real BLOB NOT NULL, stanza BLOB NOT NULL);"
    /* Append-only. The key is time and sequence, and every index ends with it, so each of them
       gives its part of a room's messages in order. */
    "CREATE TABLE message ("
    " key INTEGER PRIMARY KEY, noise INTEGER NOT NULL, room INTEGER NOT NULL,"
    " number INTEGER NOT NULL, kind INTEGER NOT NULL, author TEXT NOT NULL, resource TEXT NOT NULL,"
    " nick TEXT NOT NULL, affiliation INTEGER NOT NULL, role INTEGER NOT NULL,"
    " to_at INTEGER NOT NULL, stanza BLOB NOT NULL);"
    "CREATE INDEX message_room ON message (room);"
    "CREATE INDEX message_author ON message (room, author);"
    "CREATE INDEX message_nick ON message (room, nick);"
    "CREATE INDEX message_passing ON message (room) WHERE number = 0;"
    /* Rooms that are gone and whose messages are still to be deleted. */
    "CREATE TABLE doomed (room INTEGER PRIMARY KEY);";

#define ROOM_COLUMNS                                                                               \
    "id, name, created, locked, listed, title, creator, salt, subject, subject_to, subject_time"

#define MESSAGE_COLUMNS                                                                            \
    "key, noise, room, number, kind, author, resource, nick, affiliation, role, to_at, stanza"

#define DEPARTURE_COLUMNS "change, room, jid, audience, to_at, real, stanza"

/* Messages that are for history alone are among those of the archive, but never many. */
#define ARCHIVED "number > 0"

#define RANGE(index, who, order)                                                                   \
    "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY " index                                    \
    " WHERE room = ?1 AND key > ?2 AND key < ?3 AND " ARCHIVED who " ORDER BY key " order          \
    " LIMIT ?4"
#define BY_AUTHOR " AND author = ?5 AND (?6 = '' OR resource = ?6)"
#define BY_NICK   " AND nick = ?5"

#define END_NUMBER(order)                                                                          \
    "(SELECT number FROM message WHERE room = ?1 AND " ARCHIVED " ORDER BY key " order " LIMIT 1)"

const char *const schema_statements[STATEMENT_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_LAST_IDS] = "SELECT max(coalesce((SELECT max(id) FROM room), 0),"
                     "           coalesce((SELECT max(room) FROM doomed), 0)),"
                     "       coalesce((SELECT max(key) FROM message), 0)",
    [SQL_ROOM_PUT] = "INSERT INTO room (" ROOM_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?)"
                     " ON CONFLICT (id) DO UPDATE SET locked = excluded.locked,"
                     " listed = excluded.listed, title = excluded.title,"
                     " subject = excluded.subject, subject_to = excluded.subject_to,"
                     " subject_time = excluded.subject_time",
    [SQL_ROOM_DELETE] = "DELETE FROM room WHERE id = ?",
    [SQL_ROOM_DELETE_OPTIONS] = "DELETE FROM room_option WHERE room = ?",
    [SQL_ROOM_DELETE_AFFILIATIONS] = "DELETE FROM affiliation WHERE room = ?",
    [SQL_ROOM_DELETE_SESSIONS] = "DELETE FROM session WHERE room = ?",
    [SQL_ROOM_DOOM] = "INSERT INTO doomed SELECT ?1 WHERE EXISTS"
                      " (SELECT 1 FROM message WHERE room = ?1)",
    [SQL_ROOM_GET] = "SELECT " ROOM_COLUMNS " FROM room WHERE name = ?",
    [SQL_ROOMS_LISTED] = "SELECT name, title FROM room WHERE listed AND name > ?"
                         " ORDER BY name LIMIT ? OFFSET ?",
    [SQL_ROOMS_LISTED_BEFORE] = "SELECT name, title FROM room WHERE listed AND name < ?"
                                " ORDER BY name DESC LIMIT ?",
    [SQL_ROOMS_LISTED_COUNT] = "SELECT count(*) FROM room WHERE listed AND name < ?",
    [SQL_ROOM_COUNT] = "SELECT count(*) FROM room",
    [SQL_ROOMS_CREATED] = "SELECT count(*) FROM room WHERE creator = ?",
    [SQL_OPTION_PUT] = "INSERT OR REPLACE INTO room_option VALUES (?,?,?)",
    [SQL_OPTIONS] = "SELECT var, value FROM room_option WHERE room = ?",
    [SQL_AFFILIATION_PUT] = "INSERT OR REPLACE INTO affiliation VALUES (?,?,?,?,?)",
    [SQL_AFFILIATION_DELETE] = "DELETE FROM affiliation WHERE room = ? AND jid = ?",
    [SQL_AFFILIATIONS] = "SELECT jid, affiliation, nick, reason FROM affiliation WHERE room = ?",
    [SQL_SESSION_PUT] = "INSERT INTO session (room, jid, nick, role, presence, joined, changed)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)"
                        " ON CONFLICT (room, jid) DO UPDATE SET nick = excluded.nick,"
                        " role = excluded.role, presence = excluded.presence,"
                        " changed = excluded.changed",
    [SQL_SESSION_DELETE] = "DELETE FROM session WHERE room = ? AND jid = ?",
    [SQL_SESSIONS] = "SELECT jid, nick, role, presence FROM session WHERE room = ? ORDER BY id",
    [SQL_SESSION_JIDS] = "SELECT DISTINCT jid FROM session WHERE jid > ? ORDER BY jid LIMIT ?",
    [SQL_OCCUPIED_ROOMS] = "SELECT name FROM room WHERE EXISTS"
                           " (SELECT 1 FROM session WHERE session.room = room.id)",
    [SQL_CHANGES] = "SELECT max(coalesce((SELECT max(changed) FROM session), 0),"
                    "           coalesce((SELECT max(change) FROM departure), 0), known), known"
                    " FROM (SELECT coalesce((SELECT change FROM confirmed WHERE id = 0), 0) known)",
    [SQL_CHANGES_CONFIRM] = "INSERT OR REPLACE INTO confirmed VALUES (0, ?)",
    [SQL_SESSION_CHANGE] = "UPDATE session SET changed = ?3 WHERE room = ?1 AND jid = ?2",
    [SQL_STANDINGS] = "SELECT session.id, room.name, session.jid, session.joined, session.changed"
                      " FROM session CROSS JOIN room ON room.id = session.room"
                      " WHERE session.id > ? ORDER BY session.id LIMIT ?",
    [SQL_DEPARTURE_ADD] = "INSERT INTO departure (" DEPARTURE_COLUMNS ") VALUES (?,?,?,?,?,?,?)",
    [SQL_DEPARTURES_TRIM] = "DELETE FROM departure WHERE change <= ?",
    [SQL_DEPARTURES] = "SELECT " DEPARTURE_COLUMNS " FROM departure"
                       " WHERE change > ? AND change <= ? ORDER BY change LIMIT ?",
    [SQL_SESSION_ROOMS] = "SELECT room.name FROM session JOIN room ON room.id = session.room"
                          " WHERE session.jid = ?",
    [SQL_MESSAGE_ADD] =
        "INSERT INTO message (" MESSAGE_COLUMNS ") VALUES (?2, ?3, ?1,"
        " iif(?4, 1 + coalesce(" END_NUMBER("DESC") ", 0), 0),"
                                                    " ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [SQL_MESSAGES_LAST] = "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"
                          " WHERE room = ? AND key > ? AND kind < ? ORDER BY key DESC LIMIT ?",
    [SQL_MESSAGE_GET] = "SELECT " MESSAGE_COLUMNS " FROM message"
                        " WHERE key = ? AND noise = ? AND room = ?",
    [SQL_MESSAGE_REPLACE] = "UPDATE message SET kind = ?, to_at = ?, stanza = ? WHERE key = ?",
    [SQL_MESSAGES] = RANGE("message_room", "", "ASC"),
    [SQL_MESSAGES_BACK] = RANGE("message_room", "", "DESC"),
    [SQL_MESSAGES_AUTHOR] = RANGE("message_author", BY_AUTHOR, "ASC"),
    [SQL_MESSAGES_AUTHOR_BACK] = RANGE("message_author", BY_AUTHOR, "DESC"),
    [SQL_MESSAGES_NICK] = RANGE("message_nick", BY_NICK, "ASC"),
    [SQL_MESSAGES_NICK_BACK] = RANGE("message_nick", BY_NICK, "DESC"),
    [SQL_MESSAGE_BOUNDS] = "SELECT " END_NUMBER("ASC") ", " END_NUMBER("DESC"),
    [SQL_MESSAGE_SEEK] = "SELECT key, number FROM message INDEXED BY message_room"
                         " WHERE room = ? AND key >= ? AND " ARCHIVED " ORDER BY key LIMIT 1",
    [SQL_MESSAGES_TRIM] = "DELETE FROM message WHERE key IN"
                          " (SELECT key FROM message WHERE room = ?1 AND number = 0 AND key <="
                          "  (SELECT key FROM message WHERE room = ?1 AND number = 0"
                          "   ORDER BY key DESC LIMIT 1 OFFSET ?2) ORDER BY key LIMIT ?3)",
    [SQL_TIDY_MESSAGES] = "DELETE FROM message WHERE key IN"
                          " (SELECT key FROM message WHERE room = ? LIMIT ?)",
    [SQL_TIDY_DONE] = "DELETE FROM doomed WHERE room = ?",
    [SQL_TIDY_OLD] = "DELETE FROM message WHERE key IN"
                     " (SELECT key FROM message WHERE key < ? ORDER BY key LIMIT ?)",
    [SQL_TIDY_SURPLUS] =
        "DELETE FROM message WHERE key IN"
        " (SELECT key FROM message WHERE room = ? AND " ARCHIVED "  ORDER BY key LIMIT ?)",
    [SQL_DOOMED] = "SELECT room FROM doomed WHERE room > 0 ORDER BY room LIMIT 1",
    [SQL_OLDEST] = "SELECT key FROM message WHERE key > 0 ORDER BY key LIMIT 1",
    [SQL_NEXT_ROOM] = "SELECT id FROM room WHERE id > ? ORDER BY id LIMIT 1",
};
