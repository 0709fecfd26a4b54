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
    " role INTEGER NOT NULL, presence BLOB NOT NULL, UNIQUE (room, jid));"
    /* Append-only. The key is time and sequence, so one index on the room gives a room's messages
       in order. */
    "CREATE TABLE message ("
    " key INTEGER PRIMARY KEY, noise INTEGER NOT NULL, room INTEGER NOT NULL, author TEXT NOT NULL,"
    " nick TEXT NOT NULL, to_at INTEGER NOT NULL, stanza BLOB NOT NULL);"
    "CREATE INDEX message_room ON message (room);"
    /* Rooms that are gone and whose messages are still to be deleted. */
    "CREATE TABLE doomed (room INTEGER PRIMARY KEY);";

#define ROOM_COLUMNS                                                                               \
    "id, name, created, locked, listed, title, creator, salt, subject, subject_to, subject_time"

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
    [SQL_SESSION_PUT] = "INSERT INTO session (room, jid, nick, role, presence) VALUES (?,?,?,?,?)"
                        " ON CONFLICT (room, jid) DO UPDATE SET nick = excluded.nick,"
                        " role = excluded.role, presence = excluded.presence",
    [SQL_SESSION_DELETE] = "DELETE FROM session WHERE room = ? AND jid = ?",
    [SQL_SESSIONS] = "SELECT jid, nick, role, presence FROM session WHERE room = ? ORDER BY id",
    [SQL_MESSAGE_ADD] = "INSERT INTO message VALUES (?,?,?,?,?,?,?)",
    [SQL_MESSAGES_LAST] = "SELECT key, noise, room, author, nick, to_at, stanza FROM message"
                          " WHERE room = ? AND key > ? ORDER BY key DESC LIMIT ?",
    [SQL_TIDY_MESSAGES] = "DELETE FROM message WHERE key IN"
                          " (SELECT key FROM message WHERE room = ? LIMIT ?)",
    [SQL_TIDY_DONE] = "DELETE FROM doomed WHERE room = ?",
    [SQL_DOOMED] = "SELECT room FROM doomed LIMIT 1",
};
