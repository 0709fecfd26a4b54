/* SQLite's query plans show that no statement of the store reads more rows than it needs. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "coven/buf.h"
#include "store/schema.h"

/* Statements that read all rooms or sessions run when the service starts or its link is up again,
 * or after a dropped turn. The tables of progress have one row, those of eras and of rooms that are
 * being imported have few. */
static bool may_scan(enum statement which)
{
    return which == SQL_SUMMARY || which == SQL_OCCUPIED_ROOMS || which == SQL_CHANGES ||
           which == SQL_ERAS || which == SQL_DENIED_ALL || which == SQL_SEARCH_PROGRESS ||
           which == SQL_SEARCH_PROGRESS_SET || which == SQL_STAGED_ALL ||
           which == SQL_ROOM_DELETE_WEAVING || which == SQL_SEARCH_LATE_NEXT ||
           which == SQL_SEARCH_LATE_SET || which == SQL_NEXT_ROOM;
}

/* All sessions of a room are wanted, or all their nicks, so sorting reads no more rows. */
static bool may_sort(enum statement which)
{
    return which == SQL_SESSION_IDS || which == SQL_FACTS || which == SQL_FACTS_OF ||
           which == SQL_FACTS_LISTED || which == SQL_WEAVE_NEXT;
}

/* A scan of constant rows, of a subquery (whose own plan is among the steps) or of a virtual table
 * (which has its own index) is not the scan of a table. */
static bool is_bad(const char *step, enum statement which)
{
    bool constant = strstr(step, "CONSTANT ROW") || strstr(step, "VALUES CLAUSE");
    bool inner = strstr(step, "(subquery");
    bool table = !constant && !inner && !strstr(step, "VIRTUAL TABLE INDEX");
    bool scans = strstr(step, "SCAN ") && table;
    bool sorts = strstr(step, "TEMP B-TREE");
    return (scans && !may_scan(which)) || (sorts && !may_sort(which));
}

static void check_plan(sqlite3 *db, enum statement which)
{
    struct buf sql = BUF_INIT;
    sqlite3_stmt *plan = NULL;
    buf_printf(&sql, "EXPLAIN QUERY PLAN %s", schema_statements[which]);
    if (sqlite3_prepare_v2(db, sql.data, -1, &plan, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql.data, sqlite3_errmsg(db));
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(plan, 3);
        if (is_bad(step, which))
            fail_msg("%s\n%s", step, schema_statements[which]);
    }
    sqlite3_finalize(plan);
    buf_free(&sql);
}

static void no_statement_scans(void **state)
{
    (void)state;
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, schema_tables, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "ATTACH ':memory:' AS search", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, search_tables, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, search_late_table, NULL, NULL, NULL), SQLITE_OK);
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        assert_non_null(schema_statements[i]);
        check_plan(db, (enum statement)i);
    }
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_statement_scans)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
