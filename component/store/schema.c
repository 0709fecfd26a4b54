#include "schema.h"

const char schema_tables[] =
    "CREATE TABLE room ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,"
    " locked INTEGER NOT NULL, listed INTEGER NOT NULL, title TEXT NOT NULL, creator TEXT NOT NULL,"
    " salt BLOB NOT NULL, subject BLOB NOT NULL, subject_to INTEGER NOT NULL,"
    " subject_time INTEGER NOT NULL, keep_days INTEGER NOT NULL, keep_messages INTEGER NOT NULL,"
    " used INTEGER NOT NULL);"
    "CREATE INDEX room_creator ON room (creator);"
    "CREATE INDEX room_listed ON room (name) WHERE listed;"
    "CREATE TABLE room_option ("
    " room INTEGER NOT NULL, var TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (room, var)) WITHOUT ROWID;"
    "CREATE TABLE affiliation ("
    " room INTEGER NOT NULL, jid TEXT NOT NULL, affiliation INTEGER NOT NULL, nick TEXT NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY (room, jid)) WITHOUT ROWID;"
    "CREATE INDEX affiliation_jid ON affiliation (jid);"
    /* Of owners and admins alone: they are few, so others do not pay for it. */
    "CREATE INDEX affiliation_high ON affiliation (room, affiliation, jid)"
    " WHERE affiliation NOT BETWEEN 0 AND 2;"
    /* Users and domains who may not use the service; `until` 0: for good. */
    "CREATE TABLE denied ("
    " address TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL,"
    " reason TEXT NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;"
    /* Users who wait for an answer to their request for registration; rows in order of asking. */
    "CREATE TABLE applicant ("
    " id INTEGER PRIMARY KEY, room INTEGER NOT NULL, jid TEXT NOT NULL, nick TEXT NOT NULL,"
    " asked INTEGER NOT NULL, UNIQUE (room, jid));"
    "CREATE INDEX applicant_room ON applicant (room);"
    "CREATE INDEX applicant_asked ON applicant (asked);"
    "CREATE INDEX applicant_jid ON applicant (jid);"
    /* What is left of destroyed rooms, and who owned them. */
    "CREATE TABLE tombstone ("
    " name TEXT PRIMARY KEY, creator TEXT NOT NULL, destroyed INTEGER NOT NULL,"
    " venue TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX tombstone_destroyed ON tombstone (destroyed);"
    "CREATE INDEX tombstone_creator ON tombstone (creator, destroyed);"
    "CREATE TABLE tombstone_owner ("
    " name TEXT NOT NULL, jid TEXT NOT NULL, PRIMARY KEY (name, jid)) WITHOUT ROWID;"
    "CREATE INDEX tombstone_owner_jid ON tombstone_owner (jid);"
    "CREATE TABLE session ("
    " id INTEGER PRIMARY KEY, room INTEGER NOT NULL, jid TEXT NOT NULL, nick TEXT NOT NULL,"
    " role INTEGER NOT NULL, joined INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " presence BLOB NOT NULL, UNIQUE (room, jid));"
    "CREATE INDEX session_jid ON session (jid);"
    /* What to send again after a crash or a lost connection. `confirmed` has one row: the number of
       the last change of presence that the server is known to have received. Later changes are in
       `session` or, if the session has left, in `departure`. */
    "CREATE TABLE confirmed (id INTEGER PRIMARY KEY, change INTEGER NOT NULL);"
    "CREATE TABLE departure ("
    " change INTEGER PRIMARY KEY, room TEXT NOT NULL, jid TEXT NOT NULL,"
    " audience INTEGER NOT NULL, to_at INTEGER NOT NULL, real BLOB NOT NULL, stanza BLOB NOT NULL);"
    /* Append-only. The key is time and sequence number, and every index ends with it, so an index
       on the room gives its messages in order. Other indexes are in the search file. */
    "CREATE TABLE message ("
    " key INTEGER PRIMARY KEY, noise INTEGER NOT NULL, room INTEGER NOT NULL,"
    " number INTEGER NOT NULL, kind INTEGER NOT NULL, author TEXT NOT NULL, resource TEXT NOT NULL,"
    " nick TEXT NOT NULL, affiliation INTEGER NOT NULL, role INTEGER NOT NULL,"
    " said INTEGER NOT NULL, to_at INTEGER NOT NULL, stanza BLOB NOT NULL, alias TEXT);"
    "CREATE INDEX message_room ON message (room);"
    "CREATE INDEX message_passing ON message (room) WHERE number = 0;"
    "CREATE INDEX message_alias ON message (room, alias) WHERE alias IS NOT NULL;"
    /* Ranges of keys with an offset in their time (eras.h): few rows, in most stores none. */
    "CREATE TABLE era (from_key INTEGER PRIMARY KEY, offset_ms INTEGER NOT NULL);"
    /* Deleted rooms whose messages and affiliations are not all deleted yet. */
    "CREATE TABLE doomed (room INTEGER PRIMARY KEY);"
    /* Rooms that are being imported. A target is an existing room that the messages go to; the
       others count how far that is (struct store_staged). */
    "CREATE TABLE staged (room INTEGER PRIMARY KEY, target INTEGER NOT NULL,"
    " number INTEGER NOT NULL, before INTEGER NOT NULL);"
    /* Rooms with messages that came into the store after newer ones, so that an index which follows
       the keys misses them. */
    "CREATE TABLE late (id INTEGER PRIMARY KEY, room INTEGER NOT NULL);"
    /* A random id, which the search file must have too. */
    "CREATE TABLE identity (id BLOB NOT NULL);"
    "INSERT INTO identity VALUES (randomblob(16));";

const char *const schema_migrations[SCHEMA_VERSION] = {
    [1] = "DROP INDEX message_author; DROP INDEX message_nick;"
          "ALTER TABLE room ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 0;"
          "ALTER TABLE room ADD COLUMN keep_messages INTEGER NOT NULL DEFAULT 0;"
          "ALTER TABLE session ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;"
          "ALTER TABLE session ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;"
          "CREATE TABLE confirmed (id INTEGER PRIMARY KEY, change INTEGER NOT NULL);"
          "CREATE TABLE departure ("
          " change INTEGER PRIMARY KEY, room TEXT NOT NULL, jid TEXT NOT NULL,"
          " audience INTEGER NOT NULL, to_at INTEGER NOT NULL, real BLOB NOT NULL,"
          " stanza BLOB NOT NULL);"
          "CREATE TABLE identity (id BLOB NOT NULL);"
          "INSERT INTO identity VALUES (randomblob(16));",
    [2] = "CREATE TABLE era (from_key INTEGER PRIMARY KEY, offset_ms INTEGER NOT NULL);",
    [3] = "ALTER TABLE message ADD COLUMN said INTEGER NOT NULL DEFAULT -1;",
    [4] = "CREATE TABLE tombstone ("
          " name TEXT PRIMARY KEY, creator TEXT NOT NULL, destroyed INTEGER NOT NULL,"
          " venue TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;"
          "CREATE INDEX tombstone_destroyed ON tombstone (destroyed);"
          "CREATE INDEX tombstone_creator ON tombstone (creator, destroyed);"
          "CREATE TABLE tombstone_owner ("
          " name TEXT NOT NULL, jid TEXT NOT NULL, PRIMARY KEY (name, jid)) WITHOUT ROWID;"
          "CREATE TABLE applicant ("
          " id INTEGER PRIMARY KEY, room INTEGER NOT NULL, jid TEXT NOT NULL, nick TEXT NOT NULL,"
          " asked INTEGER NOT NULL, UNIQUE (room, jid));"
          "CREATE INDEX applicant_room ON applicant (room);"
          "CREATE INDEX applicant_asked ON applicant (asked);",
    /* When a room of before was last used is not known: perhaps now. */
    [5] = "ALTER TABLE room ADD COLUMN used INTEGER NOT NULL DEFAULT 0;"
          "UPDATE room SET used = CAST(strftime('%s', 'now') AS INTEGER) * 1000;"
          "CREATE INDEX affiliation_jid ON affiliation (jid);"
          "CREATE INDEX affiliation_high ON affiliation (room, affiliation, jid)"
          " WHERE affiliation NOT BETWEEN 0 AND 2;"
          "CREATE INDEX applicant_jid ON applicant (jid);"
          "CREATE INDEX tombstone_owner_jid ON tombstone_owner (jid);"
          "CREATE TABLE denied ("
          " address TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL,"
          " reason TEXT NOT NULL, by TEXT NOT NULL) WITHOUT ROWID;",
    [6] = "ALTER TABLE message ADD COLUMN alias TEXT;"
          "CREATE INDEX message_alias ON message (room, alias) WHERE alias IS NOT NULL;"
          "CREATE TABLE staged (room INTEGER PRIMARY KEY, target INTEGER NOT NULL,"
          " number INTEGER NOT NULL, before INTEGER NOT NULL);"
          "CREATE TABLE late (id INTEGER PRIMARY KEY, room INTEGER NOT NULL);",
};

/* Also for search files of versions before it. */
const char search_late_table[] =
    "CREATE TABLE IF NOT EXISTS search.late (id INTEGER NOT NULL, key INTEGER NOT NULL);"
    "INSERT INTO search.late SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM search.late);";

/* The index for searches, by author (a bare JID or a nick in a room) and by words, of which the
 * room is one; words.c has made them words. Messages are indexed some time after they are stored.
 * The index is rebuilt from the store when its file is missing, damaged, or belongs to another
 * store. */
const char search_tables[] =
    "CREATE TABLE search.progress (key INTEGER NOT NULL, store BLOB NOT NULL);"
    "CREATE TABLE search.who ("
    " id INTEGER PRIMARY KEY, room INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,"
    " UNIQUE (room, kind, name));"
    "CREATE TABLE search.said ("
    " who INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (who, key)) WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE search.words USING fts5 ("
    " room, body, content = '', columnsize = 0, tokenize = 'ascii');"
    /* FTS5 merges later, because texts in which every character is a word have many; and always
       before it would have to merge much at once. */
    "INSERT INTO search.words (words, rank) VALUES ('automerge', 16), ('crisismerge', 64);"
    "INSERT INTO search.progress SELECT 0, id FROM main.identity;";

#define ROOM_COLUMNS                                                                               \
    "id, name, created, locked, listed, title, creator, salt, subject, subject_to, subject_time,"  \
    " keep_days, keep_messages, used"

#define MESSAGE_NEW                                                                                \
    "key, noise, room, number, kind, author, resource, nick, affiliation, role, said, to_at, "     \
    "stanza"
#define MESSAGE_COLUMNS MESSAGE_NEW ", alias"
#define MESSAGE_ROW     "(?,?,?,?,?,?,?,?,?,?,?,?,?)"
#define MESSAGE_ROWS_4  MESSAGE_ROW ", " MESSAGE_ROW ", " MESSAGE_ROW ", " MESSAGE_ROW
#define MESSAGE_ROWS_8  MESSAGE_ROWS_4 ", " MESSAGE_ROWS_4

/* OR ROLLBACK, because a message that cannot be inserted ends the turn anyway. To be able to undo
 * one statement, SQLite would copy each page before changing it. */
#define MESSAGE_INSERT "INSERT OR ROLLBACK INTO message (" MESSAGE_NEW ") VALUES "

#define MESSAGE_COLUMNS_OF                                                                         \
    "m.key, m.noise, m.room, m.number, m.kind, m.author, m.resource, m.nick, m.affiliation,"       \
    " m.role, m.said, m.to_at, m.stanza, m.alias"

#define APPLICANT_COLUMNS "room, jid, nick, asked"

#define DEPARTURE_COLUMNS "change, room, jid, audience, to_at, real, stanza"

/* False for messages that are for history alone, of which there are never many. */
#define ARCHIVED "number > 0"

#define RANGE(order)                                                                               \
    "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"                              \
    " WHERE room = ?1 AND key > ?2 AND key < ?3 AND " ARCHIVED " ORDER BY key " order " LIMIT ?4"

/* CROSS JOIN makes SQLite start with the search tables. */
#define SAID(order)                                                                                \
    "SELECT " MESSAGE_COLUMNS_OF " FROM search.said AS said CROSS JOIN message AS m"               \
    " ON m.key = said.key WHERE said.who = ?1 AND said.key > ?2 AND said.key < ?3"                 \
    " AND m." ARCHIVED " AND (?5 = '' OR m.resource = ?5) AND instr(m.stanza, ?6)"                 \
    " ORDER BY said.key " order " LIMIT ?4"
#define WORDS(order)                                                                               \
    "SELECT " MESSAGE_COLUMNS_OF " FROM search.words AS words CROSS JOIN message AS m"             \
    " ON m.key = words.rowid WHERE words MATCH ?1 AND words.rowid > ?2 AND words.rowid < ?3"       \
    " AND m.room = ?5 AND m." ARCHIVED " AND m.kind <> ?6"                                         \
    " AND (?7 = '' OR m.author = ?7) AND (?8 = '' OR m.resource = ?8)"                             \
    " AND (?9 = '' OR m.nick = ?9) ORDER BY words.rowid " order " LIMIT ?4"

#define END_NUMBER(order)                                                                          \
    "coalesce((SELECT number FROM message WHERE room = ?1 AND " ARCHIVED " ORDER BY key " order    \
    " LIMIT 1), 0)"

/* A room may have many sessions and messages, but these come from the ends of indexes, except for
 * the sessions. */
#define FACTS                                                                                      \
    "SELECT id, name, title, creator, created, locked, listed,"                                    \
    " (SELECT count(DISTINCT nick) FROM session WHERE room = room.id),"                            \
    " coalesce((SELECT number FROM message INDEXED BY message_room WHERE room = room.id"           \
    "  AND " ARCHIVED " ORDER BY key DESC LIMIT 1), 0),"                                           \
    " coalesce((SELECT number FROM message INDEXED BY message_room WHERE room = room.id"           \
    "  AND " ARCHIVED " ORDER BY key LIMIT 1), 1),"                                                \
    " coalesce((SELECT key FROM message INDEXED BY message_room WHERE room = room.id"              \
    "  ORDER BY key DESC LIMIT 1), 0), used FROM room "

const char *const schema_statements[STATEMENT_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_LAST_IDS] = "SELECT max(coalesce((SELECT max(id) FROM room), 0),"
                     "           coalesce((SELECT max(room) FROM doomed), 0),"
                     "           coalesce((SELECT max(room) FROM staged), 0)),"
                     "       coalesce((SELECT max(key) FROM message), 0)",
    [SQL_ROOM_PUT] = "INSERT INTO room (" ROOM_COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                     " ON CONFLICT (id) DO UPDATE SET locked = excluded.locked,"
                     " listed = excluded.listed, title = excluded.title,"
                     " subject = excluded.subject, subject_to = excluded.subject_to,"
                     " subject_time = excluded.subject_time,"
                     " keep_days = excluded.keep_days,"
                     " keep_messages = excluded.keep_messages, used = excluded.used",
    [SQL_ROOM_DELETE] = "DELETE FROM room WHERE id = ?",
    [SQL_ROOM_DELETE_OPTIONS] = "DELETE FROM room_option WHERE room = ?",
    [SQL_ROOM_DELETE_AFFILIATIONS] = "DELETE FROM affiliation WHERE room = ?1 AND jid IN"
                                     " (SELECT jid FROM affiliation WHERE room = ?1 LIMIT 1000)",
    [SQL_ROOM_DELETE_SESSIONS] = "DELETE FROM session WHERE room = ?",
    [SQL_ROOM_DELETE_APPLICANTS] = "DELETE FROM applicant WHERE room = ?",
    [SQL_ROOM_DOOM] = "INSERT INTO doomed SELECT ?1 WHERE"
                      " EXISTS (SELECT 1 FROM message WHERE room = ?1)"
                      " OR EXISTS (SELECT 1 FROM affiliation WHERE room = ?1)",
    [SQL_ROOM_DELETE_WEAVING] = "UPDATE staged SET target = 0 WHERE target = ?",
    [SQL_ROOM_GET] = "SELECT " ROOM_COLUMNS " FROM room WHERE name = ?",
    [SQL_ROOMS_LISTED] = "SELECT name, title FROM room WHERE listed AND name > ?"
                         " ORDER BY name LIMIT ? OFFSET ?",
    [SQL_ROOMS_LISTED_BEFORE] = "SELECT name, title FROM room WHERE listed AND name < ?"
                                " ORDER BY name DESC LIMIT ?",
    [SQL_ROOMS_LISTED_COUNT] = "SELECT count(*) FROM"
                               " (SELECT 1 FROM room WHERE listed AND name < ? LIMIT ?)",
    [SQL_SUMMARY] = "SELECT (SELECT count(*) FROM room),"
                    " (SELECT count(*) FROM room WHERE listed), (SELECT count(*) FROM session),"
                    " (SELECT count(*) FROM tombstone)",
    [SQL_ROOMS_CREATED] = "SELECT count(*) FROM"
                          " (SELECT 1 FROM room WHERE creator = ? LIMIT ?)",
    [SQL_TOMBSTONE_PUT] = "INSERT OR REPLACE INTO tombstone VALUES (?,?,?,?,?)",
    [SQL_TOMBSTONE_PUT_OWNER] = "INSERT OR REPLACE INTO tombstone_owner VALUES (?,?)",
    [SQL_TOMBSTONE_DELETE] = "DELETE FROM tombstone WHERE name = ?",
    [SQL_TOMBSTONE_DELETE_OWNERS] = "DELETE FROM tombstone_owner WHERE name = ?",
    [SQL_TOMBSTONE_GET] = "SELECT destroyed, venue, reason FROM tombstone WHERE name = ?",
    [SQL_TOMBSTONE_OWNER] = "SELECT 1 FROM tombstone_owner WHERE name = ? AND jid = ?",
    [SQL_TOMBSTONE_OLDEST] = "SELECT name FROM tombstone WHERE destroyed < ?"
                             " ORDER BY destroyed LIMIT 1",
    [SQL_TOMBSTONE_OF] = "SELECT name FROM tombstone WHERE creator = ?"
                         " ORDER BY destroyed DESC LIMIT 1 OFFSET ?",
    [SQL_TOMBSTONES] = "SELECT name, creator, destroyed, venue, reason FROM tombstone"
                       " WHERE name > ? ORDER BY name LIMIT ?",
    [SQL_TOMBSTONE_OWNERS] = "SELECT jid FROM tombstone_owner WHERE name = ? ORDER BY jid",
    [SQL_APPLICANT_PUT] = "INSERT INTO applicant (room, jid, nick, asked) VALUES (?,?,?,?)"
                          " ON CONFLICT (room, jid) DO UPDATE SET nick = excluded.nick",
    [SQL_APPLICANT_DELETE] = "DELETE FROM applicant WHERE room = ? AND jid = ?",
    [SQL_APPLICANT_GET] = "SELECT " APPLICANT_COLUMNS " FROM applicant WHERE room = ? AND jid = ?",
    [SQL_APPLICANTS] = "SELECT " APPLICANT_COLUMNS " FROM applicant INDEXED BY applicant_room"
                       " WHERE room = ? ORDER BY id LIMIT ?",
    [SQL_APPLICANTS_OLD] = "SELECT " APPLICANT_COLUMNS " FROM applicant WHERE asked < ?"
                           " ORDER BY asked LIMIT ?",
    [SQL_APPLICANTS_COUNT] = "SELECT count(*) FROM"
                             " (SELECT 1 FROM applicant WHERE room = ? LIMIT ?)",
    [SQL_OPTION_PUT] = "INSERT OR REPLACE INTO room_option VALUES (?,?,?)",
    [SQL_OPTIONS] = "SELECT var, value FROM room_option WHERE room = ? ORDER BY var",
    [SQL_AFFILIATION_PUT] = "INSERT OR REPLACE INTO affiliation VALUES (?,?,?,?,?)",
    [SQL_AFFILIATION_DELETE] = "DELETE FROM affiliation WHERE room = ? AND jid = ?",
    [SQL_AFFILIATIONS] = "SELECT jid, affiliation, nick, reason FROM affiliation"
                         " WHERE room = ? AND jid > ? ORDER BY jid LIMIT ?",
    [SQL_SESSION_PUT] = "INSERT INTO session (room, jid, nick, role, presence, joined, changed)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)"
                        " ON CONFLICT (room, jid) DO UPDATE SET nick = excluded.nick,"
                        " role = excluded.role, presence = excluded.presence,"
                        " changed = excluded.changed",
    [SQL_SESSION_DELETE] = "DELETE FROM session WHERE room = ? AND jid = ?",
    [SQL_SESSION_IDS] = "SELECT id FROM session WHERE room = ? ORDER BY id",
    [SQL_SESSION_GET] =
        "SELECT jid, nick, role, presence, joined, changed FROM session WHERE id = ?",
    [SQL_SESSION_JIDS] = "SELECT DISTINCT jid FROM session WHERE jid > ? ORDER BY jid LIMIT ?",
    [SQL_OCCUPIED_ROOMS] = "SELECT name FROM room WHERE EXISTS"
                           " (SELECT 1 FROM session WHERE session.room = room.id)",
    [SQL_CHANGES] = "SELECT max(coalesce((SELECT max(changed) FROM session), 0),"
                    "           coalesce((SELECT max(change) FROM departure), 0), known), known"
                    " FROM (SELECT coalesce((SELECT change FROM confirmed WHERE id = 0), 0) known)",
    [SQL_CHANGES_CONFIRM] = "INSERT OR REPLACE INTO confirmed VALUES (0, ?)",
    [SQL_SESSION_CHANGE] = "UPDATE session SET changed = ?3 WHERE room = ?1 AND jid = ?2",
    [SQL_PRESENCES] = "SELECT session.id, room.name, session.jid, session.joined, session.changed"
                      " FROM session CROSS JOIN room ON room.id = session.room"
                      " WHERE session.id > ? ORDER BY session.id LIMIT ?",
    [SQL_DEPARTURE_ADD] = "INSERT INTO departure (" DEPARTURE_COLUMNS ") VALUES (?,?,?,?,?,?,?)",
    [SQL_DEPARTURES_TRIM] = "DELETE FROM departure WHERE change <= ?",
    [SQL_DEPARTURES] = "SELECT " DEPARTURE_COLUMNS " FROM departure"
                       " WHERE change > ? AND change <= ? ORDER BY change LIMIT ?",
    [SQL_SESSION_ROOMS] = "SELECT room.name FROM session JOIN room ON room.id = session.room"
                          " WHERE session.jid = ?",
    [SQL_ERA_PUT] = "INSERT INTO era VALUES (?,?)",
    [SQL_ERA_DELETE] = "DELETE FROM era WHERE from_key = ?",
    [SQL_ERAS] = "SELECT from_key, offset_ms FROM era ORDER BY from_key",
    [SQL_MESSAGE_ADD] = MESSAGE_INSERT MESSAGE_ROW,
    [SQL_MESSAGES_ADD_8] = MESSAGE_INSERT MESSAGE_ROWS_8,
    [SQL_MESSAGES_ADD_32] =
        MESSAGE_INSERT MESSAGE_ROWS_8 ", " MESSAGE_ROWS_8 ", " MESSAGE_ROWS_8 ", " MESSAGE_ROWS_8,
    [SQL_MESSAGES_LAST] = "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"
                          " WHERE room = ? AND key > ? AND key < ?"
                          " ORDER BY key DESC LIMIT ?",
    [SQL_MESSAGE_SAID] = "SELECT key, said, kind FROM message INDEXED BY message_room"
                         " WHERE room = ? ORDER BY key DESC LIMIT 1",
    [SQL_MESSAGES_RECENT] = "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"
                            " WHERE room = ?1 AND key > coalesce((SELECT key FROM message"
                            "  INDEXED BY message_room WHERE room = ?1"
                            "  ORDER BY key DESC LIMIT 1 OFFSET ?4), 0)"
                            " AND author = ?2 AND instr(stanza, ?3) ORDER BY key DESC",
    [SQL_MESSAGE_GET] = "SELECT " MESSAGE_COLUMNS " FROM message"
                        " WHERE key = ? AND noise = ? AND room = ?",
    [SQL_MESSAGE_IS] = "SELECT room = ?1 AND noise = ?3 FROM message"
                       " WHERE key = ?2 AND (room = ?1 OR noise = ?3)",
    [SQL_MESSAGE_REPLACE] = "UPDATE message SET kind = ?, to_at = ?, stanza = ? WHERE key = ?",
    [SQL_MESSAGE_SET_KIND] = "UPDATE message SET kind = ? WHERE key = ?",
    [SQL_MESSAGE_DELETE] = "DELETE FROM message WHERE key = ?",
    [SQL_MESSAGES] = RANGE("ASC"),
    [SQL_MESSAGES_BACK] = RANGE("DESC"),
    [SQL_MESSAGE_BOUNDS] = "SELECT " END_NUMBER("ASC") ", " END_NUMBER("DESC"),
    [SQL_MESSAGE_SEEK] = "SELECT key, number FROM message INDEXED BY message_room"
                         " WHERE room = ? AND key >= ? AND " ARCHIVED " ORDER BY key LIMIT 1",
    [SQL_MESSAGES_TRIM] = "DELETE FROM message WHERE key IN"
                          " (SELECT key FROM message WHERE room = ?1 AND number = 0 AND key <="
                          "  (SELECT key FROM message WHERE room = ?1 AND number = 0"
                          "   ORDER BY key DESC LIMIT 1 OFFSET ?2) ORDER BY key LIMIT ?3)",
    [SQL_DUE_DOOMED] = "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"
                       " WHERE room = ? LIMIT ?",
    [SQL_DUE_OLD] = "SELECT " MESSAGE_COLUMNS " FROM message WHERE key < ? ORDER BY key LIMIT ?",
    [SQL_DUE_FIRST] = "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"
                      " WHERE room = ? AND " ARCHIVED " ORDER BY key LIMIT ?",
    [SQL_DOOMED] = "SELECT room FROM doomed WHERE room > 0 ORDER BY room LIMIT 1",
    [SQL_DOOMED_DONE] = "DELETE FROM doomed WHERE room = ?1"
                        " AND NOT EXISTS (SELECT 1 FROM affiliation WHERE room = ?1)",
    /* Not while another room's messages come in, so that numbers do not rise with keys. */
    [SQL_NEXT_ROOM] = "SELECT id, keep_days, keep_messages FROM room WHERE id > ?"
                      " AND id NOT IN (SELECT target FROM staged)"
                      " ORDER BY id LIMIT 1",

    [SQL_FACTS] = FACTS "WHERE name > ? ORDER BY name LIMIT ?",
    [SQL_FACTS_OF] = FACTS "WHERE id = ?",
    [SQL_FACTS_LISTED] = FACTS "WHERE listed AND name > ? ORDER BY name LIMIT ?",
    [SQL_AFFILIATED] = "SELECT jid FROM affiliation INDEXED BY affiliation_high"
                       " WHERE room = ? AND affiliation = ? AND affiliation NOT BETWEEN 0 AND 2"
                       " ORDER BY jid LIMIT ?",
    [SQL_AFFILIATION_IS] = "SELECT 1 FROM affiliation"
                           " WHERE room = ? AND jid = ? AND affiliation = ?",
    [SQL_TRACES_INSIDE] = "SELECT room.name, session.jid, session.nick, '', 0"
                          " FROM session CROSS JOIN room ON room.id = session.room"
                          " WHERE session.jid >= ?1 || '/' AND session.jid < ?1 || '0'"
                          " ORDER BY session.jid",
    [SQL_TRACES_AFFILIATED] = "SELECT room.name, a.jid, a.nick, a.reason, a.affiliation"
                              " FROM affiliation AS a INDEXED BY affiliation_jid"
                              " CROSS JOIN room ON room.id = a.room WHERE a.jid = ?"
                              " ORDER BY a.room",
    [SQL_TRACES_APPLIED] = "SELECT room.name, a.jid, a.nick, '', 0"
                           " FROM applicant AS a INDEXED BY applicant_jid"
                           " CROSS JOIN room ON room.id = a.room WHERE a.jid = ?"
                           " ORDER BY a.id",
    [SQL_TRACES_CREATED] = "SELECT name, creator, '', '', 0 FROM room WHERE creator = ?"
                           " ORDER BY id",
    [SQL_ROOM_RENAME] = "UPDATE room SET name = ?2 WHERE id = ?1",
    [SQL_SCAN_END] = "SELECT coalesce(max(key), 0) FROM"
                     " (SELECT key FROM message WHERE key > ? ORDER BY key LIMIT ?)",
    [SQL_AUTHORED] = "SELECT " MESSAGE_COLUMNS " FROM message WHERE key > ? AND key <= ?"
                     " AND author = ? ORDER BY key",
    [SQL_MESSAGE_BLANK] = "UPDATE message SET kind = ?, author = '', resource = '', nick = '',"
                          " affiliation = ?, role = ?, to_at = ?, stanza = ? WHERE key = ?",
    [SQL_CREATOR_REPLACE] = "UPDATE room SET creator = ?2 WHERE creator = ?1",
    [SQL_TOMBSTONE_CREATOR_REPLACE] = "UPDATE tombstone SET creator = ?2 WHERE creator = ?1",
    [SQL_TOMBSTONE_OWNER_FORGET] = "DELETE FROM tombstone_owner WHERE jid = ?",
    [SQL_DENIED_PUT] = "INSERT OR REPLACE INTO denied (address, since, until, reason, by)"
                       " VALUES (?,?,?,?,?)",
    [SQL_DENIED_DELETE] = "DELETE FROM denied WHERE address = ?",
    [SQL_DENIED_ALL] = "SELECT address, since, until, reason, by FROM denied ORDER BY address",

    [SQL_STAGED_PUT] = "INSERT OR REPLACE INTO staged (room, target, number, before)"
                       " VALUES (?,?,?,?)",
    [SQL_STAGED_DELETE] = "DELETE FROM staged WHERE room = ?",
    [SQL_STAGED_DOOM] = "INSERT OR IGNORE INTO doomed SELECT room FROM staged WHERE room = ?",
    [SQL_STAGED_ALL] = "SELECT room, target, number, before FROM staged ORDER BY room",
    [SQL_STAGED_IS] = "SELECT 1 FROM staged WHERE room = ?",
    [SQL_MESSAGE_BRING] = "INSERT OR IGNORE INTO message (" MESSAGE_COLUMNS ") VALUES"
                          " (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_MESSAGE_KNOWN] = "SELECT key, noise FROM message WHERE room = ? AND alias = ?",
    [SQL_WEAVE_NEXT] =
        "SELECT key, room, number FROM (SELECT * FROM"
        " (SELECT key, room, number FROM message INDEXED BY message_room"
        "  WHERE room = ?1 AND key < ?3 AND " ARCHIVED " ORDER BY key DESC LIMIT ?4)"
        " UNION ALL SELECT * FROM"
        " (SELECT key, room, number FROM message INDEXED BY message_room"
        "  WHERE room = ?2 AND key < ?3 AND " ARCHIVED " ORDER BY key DESC LIMIT ?4))"
        " ORDER BY key DESC LIMIT ?4",
    [SQL_WEAVE_MOVE] = "UPDATE message SET room = ?2, number = ?3, said = -1 WHERE key = ?1",
    [SQL_WEAVE_PASSING] = "UPDATE message SET room = ?2, said = -1 WHERE room = ?1 AND number = 0",
#define SOME_AFFILIATIONS "SELECT jid FROM affiliation WHERE room = ?1 ORDER BY jid LIMIT 500"
    [SQL_WEAVE_AFFILIATIONS] = "INSERT OR IGNORE INTO affiliation"
                               " SELECT ?2, jid, affiliation, nick, reason FROM affiliation"
                               " WHERE room = ?1 AND jid IN (" SOME_AFFILIATIONS ")",
    [SQL_WEAVE_AFFILIATIONS_DONE] =
        "DELETE FROM affiliation WHERE room = ?1 AND jid IN (" SOME_AFFILIATIONS ")",
    [SQL_LATE_ADD] = "INSERT INTO late (room) VALUES (?)",
    [SQL_MESSAGES_ALL] = "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"
                         " WHERE room = ? AND key > ? ORDER BY key LIMIT ?",

    [SQL_SEARCH_BEGIN] = "BEGIN",
    [SQL_SEARCH_PROGRESS] = "SELECT key FROM search.progress",
    [SQL_SEARCH_PROGRESS_SET] = "UPDATE search.progress SET key = ?",
    [SQL_SEARCH_NEW] = "SELECT " MESSAGE_COLUMNS " FROM message WHERE key > ?"
                       " ORDER BY key LIMIT ?",
    [SQL_SEARCH_LATE_NEXT] = "SELECT id, room, (SELECT key FROM search.progress),"
                             " (SELECT key FROM search.late) FROM main.late"
                             " WHERE id > (SELECT id FROM search.late) ORDER BY id LIMIT 1",
    [SQL_SEARCH_LATE_SET] = "UPDATE search.late SET id = ?, key = ?",
    [SQL_SEARCH_LATE_MESSAGES] = "SELECT " MESSAGE_COLUMNS " FROM message INDEXED BY message_room"
                                 " WHERE room = ? AND key > ? AND key <= ? ORDER BY key LIMIT ?",
    [SQL_SEARCH_WHO] = "SELECT id FROM search.who WHERE room = ? AND kind = ? AND name = ?",
    [SQL_SEARCH_WHO_ADD] = "INSERT INTO search.who (room, kind, name) VALUES (?, ?, ?)",
    [SQL_SEARCH_WHO_LAST] = "SELECT coalesce(max(id), 0) FROM search.who",
    [SQL_SEARCH_WHO_TIDY] = "DELETE FROM search.who WHERE id > ?1 AND id <= ?2"
                            " AND NOT EXISTS (SELECT 1 FROM search.said WHERE said.who = who.id)",
    [SQL_SEARCH_WHO_DELETE] = "DELETE FROM search.who WHERE room = ?",
    [SQL_SEARCH_SAID_ADD] = "INSERT OR IGNORE INTO search.said VALUES (?, ?)",
    [SQL_SEARCH_SAID_DELETE] = "DELETE FROM search.said WHERE who = ? AND key = ?",
    [SQL_SEARCH_WORDS_ADD] = "INSERT INTO search.words (rowid, room, body) VALUES (?, ?, ?)",
    [SQL_SEARCH_WORDS_DELETE] = "INSERT INTO search.words (words, rowid, room, body)"
                                " VALUES ('delete', ?, ?, ?)",
    [SQL_MESSAGES_SAID] = SAID("ASC"),
    [SQL_MESSAGES_SAID_BACK] = SAID("DESC"),
    [SQL_MESSAGES_WORDS] = WORDS("ASC"),
    [SQL_MESSAGES_WORDS_BACK] = WORDS("DESC"),
};
