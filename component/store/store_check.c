/*
 * Looks for damage: what SQLite finds in each table, and what belongs to nothing. Nothing here may
 * hold up a turn or the end of the process for long, so messages, of which there may be very many,
 * are read in steps, and each statement can be ended from another thread. (SQLite's own check of a
 * table cannot in older versions, so it is for the small tables alone.)
 */

#include <stdarg.h>
#include <stdio.h>

#include "coven/clock.h"
#include "coven/store_care.h"
#include "wal.h"

#define STEP_US    20000
#define STEP_ROWS  500
#define LOOK_STEPS 2000   /* instructions of SQLite's between two looks at the limits */
#define HOLD_US    100000 /* a statement that takes longer holds the log */
#define SHOWN_MAX  20     /* faults that one part shows */
#define FAULT_SIZE 600

struct part {
    enum { PART_TABLE, PART_COUNT, PART_MESSAGES, PART_NUMBERS, PART_SEARCH } kind;
    const char *text; /* of a table: its name; of a count: what it counts */
    const char *sql;  /* of a count: the number of what must not be, and an example */
};

#define TEXT_OF(macro)  TEXT_OF_(macro)
#define TEXT_OF_(value) #value

#define TABLE(name)                                                                                \
    {                                                                                              \
        PART_TABLE, name, NULL                                                                     \
    }
#define OF_NO_ROOM(table, more)                                                                    \
    {                                                                                              \
        PART_COUNT, table " of a room that does not exist",                                        \
            "SELECT count(*), min(room) FROM " table                                               \
            " WHERE room NOT IN (SELECT id FROM room)" more                                        \
    }

/* Deleted rooms lose their affiliations and messages later, and those that are being imported have
 * them before all else. */
#define NOT_DOOMED                                                                                 \
    " AND room NOT IN (SELECT abs(room) FROM doomed UNION ALL SELECT room FROM staged)"

/* Goes from room to room in the index. */
#define ROOMS_OF_MESSAGES                                                                          \
    "WITH RECURSIVE used (room) AS (SELECT min(room) FROM message UNION ALL"                       \
    " SELECT (SELECT min(room) FROM message WHERE room > used.room) FROM used"                     \
    " WHERE used.room IS NOT NULL) "

static const struct part parts[STORE_CHECK_PARTS] = {
    TABLE("sqlite_schema"),
    TABLE("room"),
    TABLE("room_option"),
    TABLE("affiliation"),
    TABLE("denied"),
    TABLE("applicant"),
    TABLE("tombstone"),
    TABLE("tombstone_owner"),
    TABLE("session"),
    TABLE("departure"),
    TABLE("era"),
    TABLE("staged"),
    TABLE("late"),
    {PART_COUNT, "wrong identity of the file",
     "SELECT count(*) <> 1 OR min(length(id)) <> 16, 0 FROM identity"},
    {PART_COUNT, "wrong version of the file",
     "SELECT a.application_id <> " TEXT_OF(SCHEMA_APPLICATION_ID) " OR u.user_version <> " TEXT_OF(
         SCHEMA_VERSION) ", u.user_version FROM pragma_application_id AS a,"
                         " pragma_user_version AS u"},
    OF_NO_ROOM("room_option", ""),
    OF_NO_ROOM("affiliation", NOT_DOOMED),
    OF_NO_ROOM("applicant", ""),
    OF_NO_ROOM("session", ""),
    {PART_MESSAGES, "message", NULL},
    {PART_COUNT, "entry of the index of messages that has no message",
     "SELECT count(*), min(i.key) FROM message AS i INDEXED BY message_room WHERE NOT EXISTS"
     " (SELECT 1 FROM message AS m NOT INDEXED WHERE m.key = i.key)"},
    {PART_COUNT, "room that does not exist and has messages",
     ROOMS_OF_MESSAGES "SELECT count(*), min(room) FROM used WHERE room IS NOT NULL"
                       " AND room NOT IN (SELECT id FROM room)" NOT_DOOMED},
    {PART_NUMBERS, "room", NULL},
    {PART_SEARCH, "search file", NULL},
};

/* ---- Statements ---- */

struct checker {
    struct store *store;
    struct store_check *check;
    store_fault_each *each;
    void *user;
    int64_t begun_us;
    bool holds;
    unsigned shown;
};

static void tell(struct checker *checker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void tell(struct checker *checker, const char *format, ...)
{
    char text[FAULT_SIZE];
    va_list args;
    if (checker->shown++ >= SHOWN_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    checker->each(checker->user, text);
}

static void hold(struct checker *checker)
{
    if (!checker->holds)
        wal_hold(checker->store->wal);
    checker->holds = true;
}

static bool is_at_limit(const struct checker *checker)
{
    const struct store_check *check = checker->check;
    return (check->gone && atomic_load(check->gone)) ||
           wal_exceeds(checker->store->wal, check->log_mib);
}

static int on_look(void *user)
{
    struct checker *checker = user;
    if (clock_mono_us() - checker->begun_us > HOLD_US)
        hold(checker);
    return is_at_limit(checker);
}

/* Returns the statement, to be stepped and finalized; NULL: the failure is told. */
static sqlite3_stmt *prepare(struct checker *checker, const char *what, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(checker->store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        tell(checker, "%s: %s", what, sqlite3_errmsg(checker->store->db));
    return statement;
}

/* Ends a statement; a failure is a fault of the store, except for the limits. */
static enum store_result end(struct checker *checker, const char *what, sqlite3_stmt *statement)
{
    int rc = sqlite3_finalize(statement);
    if (rc == SQLITE_INTERRUPT)
        return STORE_LATE;
    if (rc != SQLITE_OK)
        tell(checker, "%s: %s", what, sqlite3_errmsg(checker->store->db));
    return STORE_NOTHING;
}

/* ---- Parts. STORE_NOTHING: the part is done. ---- */

/* Each row of SQLite's check is a fault, but for "ok". */
static enum store_result check_pragma(struct checker *checker, const char *what, const char *sql)
{
    hold(checker);
    sqlite3_stmt *statement = prepare(checker, what, sql);
    while (statement && sqlite3_step(statement) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        if (text && sqlite3_stricmp(text, "ok") != 0)
            tell(checker, "%s: %s", what, text);
    }
    return end(checker, what, statement);
}

static enum store_result check_table(struct checker *checker, const struct part *part)
{
    char sql[FAULT_SIZE];
    snprintf(sql, sizeof sql, "PRAGMA main.integrity_check(%s)", part->text);
    return check_pragma(checker, part->text, sql);
}

static enum store_result check_count(struct checker *checker, const struct part *part)
{
    sqlite3_stmt *statement = prepare(checker, part->text, part->sql);
    if (statement && sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_int64(statement, 0) > 0)
        tell(checker, "%s: %lld, for example %lld", part->text,
             (long long)sqlite3_column_int64(statement, 0),
             (long long)sqlite3_column_int64(statement, 1));
    return end(checker, part->text, statement);
}

/* instr() reads the whole stanza. */
#define MESSAGE_SQL                                                                                \
    "SELECT key, instr(stanza, x'00') > 0 OR typeof(stanza) <> 'blob'"                             \
    " OR to_at NOT BETWEEN 0 AND length(stanza) OR typeof(author) <> 'text'"                       \
    " OR typeof(resource) <> 'text' OR typeof(nick) <> 'text',"                                    \
    " EXISTS (SELECT 1 FROM message AS i INDEXED BY message_room"                                  \
    "  WHERE i.room = m.room AND i.key = m.key)"                                                   \
    " FROM message AS m NOT INDEXED WHERE key > ? ORDER BY key LIMIT ?"

static enum store_result read_messages(struct checker *checker, const char *what, unsigned *count_r)
{
    sqlite3_stmt *row = prepare(checker, what, MESSAGE_SQL);
    *count_r = 0;
    sqlite3_bind_int64(row, 1, checker->check->after);
    sqlite3_bind_int64(row, 2, STEP_ROWS);
    for (; row && sqlite3_step(row) == SQLITE_ROW; ++*count_r) {
        int64_t key = sqlite3_column_int64(row, 0);
        if (sqlite3_column_int(row, 1))
            tell(checker, "message %lld is damaged", (long long)key);
        if (!sqlite3_column_int(row, 2))
            tell(checker, "message %lld is not in the index of its room", (long long)key);
        if (key <= checker->check->after)
            tell(checker, "message %lld is not in its place", (long long)key);
        else
            checker->check->after = key;
    }
    return end(checker, what, row);
}

/* An archive counts on numbers without gaps. */
#define NUMBERS_SQL                                                                                \
    "SELECT id, name, (SELECT count(*) = coalesce(max(number) - min(number) + 1, 0)"               \
    "  FROM message INDEXED BY message_room WHERE message.room = room.id AND number > 0)"          \
    " FROM room WHERE id > ? ORDER BY id LIMIT 1"

static enum store_result read_numbers(struct checker *checker, const char *what, unsigned *count_r)
{
    sqlite3_stmt *row = prepare(checker, what, NUMBERS_SQL);
    *count_r = 0;
    sqlite3_bind_int64(row, 1, checker->check->after);
    if (row && sqlite3_step(row) == SQLITE_ROW) {
        checker->check->after = sqlite3_column_int64(row, 0);
        *count_r = 1;
        if (!sqlite3_column_int(row, 2))
            tell(checker, "%s %s: messages are missing from its archive, or numbers double", what,
                 (const char *)sqlite3_column_text(row, 1));
    }
    return end(checker, what, row);
}

typedef enum store_result rows_reader(struct checker *checker, const char *what, unsigned *count_r);

/* Reads until the time of the step is over, or everything is read. Nothing is said twice of what
 * cannot be read: a failure ends the part. */
static enum store_result check_rows(struct checker *checker, const struct part *part,
                                    rows_reader *reader, unsigned full)
{
    enum store_result result = STORE_NOTHING;
    unsigned count = full;
    int64_t end_us = clock_mono_us() + STEP_US;
    while (result == STORE_NOTHING && count == full) {
        if (clock_mono_us() >= end_us)
            return STORE_OK;
        result = reader(checker, part->text, &count);
    }
    return result;
}

/* Is it the one of this store? A search file that does not exist is made anew. */
static enum store_result check_search(struct checker *checker, const struct part *part)
{
    static const struct part owner = {
        PART_COUNT, "search file of another store",
        "SELECT count(*) <> 1, 0 FROM search.progress JOIN main.identity"
        " ON progress.store = identity.id"};
    enum store_result result = STORE_NOTHING;
    sqlite3 *db = checker->store->db;
    bool attached = checker->store->searches;
    char *path = sqlite3_mprintf("%s-search", checker->store->path);
    char *sql = sqlite3_mprintf("ATTACH %Q AS search", path);
    struct stat status;
    if (attached ||
        (stat(path, &status) == 0 && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)) {
        result = check_count(checker, &owner);
        if (result == STORE_NOTHING)
            result = check_pragma(checker, part->text, "PRAGMA search.quick_check");
        if (!attached)
            sqlite3_exec(db, "DETACH search", NULL, NULL, NULL);
    }
    sqlite3_free(sql);
    sqlite3_free(path);
    return result;
}

static enum store_result check_part(struct checker *checker, const struct part *part)
{
    switch (part->kind) {
    case PART_TABLE:
        return check_table(checker, part);
    case PART_COUNT:
        return check_count(checker, part);
    case PART_MESSAGES:
        return check_rows(checker, part, read_messages, STEP_ROWS);
    case PART_NUMBERS:
        return check_rows(checker, part, read_numbers, 1);
    case PART_SEARCH:
        return check_search(checker, part);
    }
    return STORE_NOTHING;
}

enum store_result store_check_step(struct store *store, struct store_check *check,
                                   store_fault_each *each, void *user)
{
    if (!store->path || check->part >= STORE_CHECK_PARTS)
        return STORE_NOTHING;
    struct checker checker = {store, check, each, user, clock_mono_us(), false, 0};
    sqlite3_progress_handler(store->db, LOOK_STEPS, on_look, &checker);
    enum store_result result = check_part(&checker, &parts[check->part]);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    if (checker.holds)
        wal_release(store->wal);
    if (is_at_limit(&checker))
        return STORE_LATE;
    if (result != STORE_NOTHING)
        return result;
    check->part++;
    check->after = 0;
    return check->part < STORE_CHECK_PARTS ? STORE_OK : STORE_NOTHING;
}
