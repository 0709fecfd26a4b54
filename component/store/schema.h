/* The tables of the SQLite store, and every statement that is ever sent to it. */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#define SCHEMA_APPLICATION_ID 0x636F7665 /* "cove" */
#define SCHEMA_VERSION        3
#define SEARCH_VERSION        2 /* of the search file */

extern const char schema_tables[];

/* What makes a store of version i one of version i + 1. */
extern const char *const schema_migrations[SCHEMA_VERSION];

/* The search file has the same application id. */
extern const char search_tables[];

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
    SQL_ROOMS_LISTED_BEFORE,
    SQL_ROOMS_LISTED_COUNT,
    SQL_SUMMARY,
    SQL_ROOMS_CREATED,
    SQL_OPTION_PUT,
    SQL_OPTIONS,
    SQL_AFFILIATION_PUT,
    SQL_AFFILIATION_DELETE,
    SQL_AFFILIATIONS,
    SQL_SESSION_PUT,
    SQL_SESSION_DELETE,
    SQL_SESSION_IDS,
    SQL_SESSION_GET,
    SQL_SESSION_JIDS,
    SQL_SESSION_ROOMS,
    SQL_OCCUPIED_ROOMS,
    SQL_CHANGES,
    SQL_CHANGES_CONFIRM,
    SQL_SESSION_CHANGE,
    SQL_STANDINGS,
    SQL_DEPARTURE_ADD,
    SQL_DEPARTURES_TRIM,
    SQL_DEPARTURES,
    SQL_ERA_PUT,
    SQL_ERA_DELETE,
    SQL_ERAS,
    SQL_MESSAGE_ADD,
    SQL_MESSAGES_ADD_8,
    SQL_MESSAGES_ADD_32,
    SQL_MESSAGES_LAST,
    SQL_MESSAGE_GET,
    SQL_MESSAGE_REPLACE,
    SQL_MESSAGE_DELETE,
    SQL_MESSAGES, /* in pairs: forwards, backwards */
    SQL_MESSAGES_BACK,
    SQL_MESSAGE_BOUNDS,
    SQL_MESSAGE_SEEK,
    SQL_MESSAGES_TRIM,
    SQL_DUE_DOOMED,
    SQL_DUE_OLD,
    SQL_DUE_FIRST,
    SQL_DOOMED,
    SQL_DOOMED_DONE,
    SQL_NEXT_ROOM,
    /* From here on: only where the search file is attached. */
    SQL_SEARCH_BEGIN,
    SQL_SEARCH_PROGRESS,
    SQL_SEARCH_PROGRESS_SET,
    SQL_SEARCH_NEW,
    SQL_SEARCH_WHO,
    SQL_SEARCH_WHO_ADD,
    SQL_SEARCH_WHO_DELETE,
    SQL_SEARCH_SAID_ADD,
    SQL_SEARCH_SAID_DELETE,
    SQL_SEARCH_WORDS_ADD,
    SQL_SEARCH_WORDS_DELETE,
    SQL_MESSAGES_SAID,
    SQL_MESSAGES_SAID_BACK,
    SQL_MESSAGES_WORDS,
    SQL_MESSAGES_WORDS_BACK,
    STATEMENT_COUNT,
};

extern const char *const schema_statements[STATEMENT_COUNT];

#endif
