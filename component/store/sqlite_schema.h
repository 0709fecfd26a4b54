/* The tables of the SQLite store, and every statement that is ever sent to it. */
#ifndef STORE_SQLITE_SCHEMA_H
#define STORE_SQLITE_SCHEMA_H

#define SCHEMA_APPLICATION_ID 0x636F7665 /* "cove" */
#define SCHEMA_VERSION        1

extern const char schema_tables[];

enum statement {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_LAST_IDS,
    SQL_ROOM_PUT,
    SQL_ROOM_DELETE,
    SQL_ROOM_DELETE_OPTIONS,
    SQL_ROOM_DELETE_AFFILIATIONS,
    SQL_ROOM_DELETE_SESSIONS,
    SQL_ROOM_DOOM,
    SQL_ROOM_GET,
    SQL_ROOMS_LISTED,
    SQL_ROOM_COUNT,
    SQL_OPTION_PUT,
    SQL_OPTIONS,
    SQL_AFFILIATION_PUT,
    SQL_AFFILIATION_DELETE,
    SQL_AFFILIATIONS,
    SQL_SESSION_PUT,
    SQL_SESSION_DELETE,
    SQL_SESSIONS,
    SQL_MESSAGE_ADD,
    SQL_MESSAGES_LAST,
    SQL_TIDY_MESSAGES,
    SQL_TIDY_DONE,
    SQL_DOOMED,
    STATEMENT_COUNT,
};

extern const char *const schema_statements[STATEMENT_COUNT];

#endif
