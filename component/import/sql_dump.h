/*
 * Reads the rows in a dump of a database, as written by pg_dump (with COPY and with --inserts),
 * mysqldump and mariadb-dump, the `.dump` of sqlite3, and `ejabberdctl export2sql`. Everything else
 * in a dump is passed over.
 */
#ifndef IMPORT_SQL_DUMP_H
#define IMPORT_SQL_DUMP_H

#include "coven/span.h"
#include "literal.h"
#include "source_file.h"

#define SQL_DUMP_COLUMNS_MAX 32

struct sql_dump;

/* A value; the bytes may be anything, and live until the next call. */
struct sql_value {
    struct span text; /* the text, or a number as it was written; at == NULL: NULL */
};

struct sql_row {
    const char *table; /* without schema and quotes */
    unsigned count;
    /* The names of the columns, from the statement or else from the table's CREATE TABLE; NULL:
     * unknown. */
    const char *columns[SQL_DUMP_COLUMNS_MAX];
    struct sql_value values[SQL_DUMP_COLUMNS_MAX];
};

/* Borrows the file. Only rows of these tables are told; the list ends with NULL, and lives as long.
 * Of `limits`, `bytes` limits each row. */
struct sql_dump *sql_dump_new(struct source_file *file, const char *const *tables,
                              const struct literal_limits *limits);
void sql_dump_free(struct sql_dump *dump);

/* Reads the next row, which lives until the next call. After READ_BAD the next call goes on with
 * the next row of the same statement if it can be found, else with the next statement. */
enum read_result sql_dump_next(struct sql_dump *dump, struct sql_row *row_r, struct buf *why);

/* The value of the column of that name, or, where the names are unknown, that at the place
 * `otherwise`. at == NULL: NULL, or there is none. */
struct span sql_row_value(const struct sql_row *row, const char *column, unsigned otherwise);

#endif
