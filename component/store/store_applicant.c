#include "statement.h"

enum store_result store_applicant_put(struct store *store, const struct store_applicant *applicant)
{
    struct binding b = statement_bind(store, SQL_APPLICANT_PUT);
    bind_int(&b, applicant->room);
    bind_text(&b, applicant->jid);
    bind_text(&b, applicant->nick);
    bind_int(&b, applicant->asked);
    return statement_write(store, &b);
}

enum store_result store_applicant_delete(struct store *store, int64_t room, struct span jid)
{
    struct binding b = statement_bind(store, SQL_APPLICANT_DELETE);
    bind_int(&b, room);
    bind_text(&b, jid);
    return statement_write(store, &b);
}

static bool read_applicant(sqlite3_stmt *row, void *each, void *user)
{
    struct store_applicant applicant = {
        .room = sqlite3_column_int64(row, 0),
        .jid = statement_column(row, 1),
        .nick = statement_column(row, 2),
        .asked = sqlite3_column_int64(row, 3),
    };
    (*(store_applicant_each **)each)(user, &applicant);
    return true;
}

enum store_result store_applicant_get(struct store *store, int64_t room, struct span jid,
                                      store_applicant_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_APPLICANT_GET);
    bind_int(&b, room);
    bind_text(&b, jid);
    return statement_rows(store, &b, read_applicant, &each, user);
}

enum store_result store_applicants(struct store *store, int64_t room, unsigned limit,
                                   store_applicant_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_APPLICANTS);
    bind_int(&b, room);
    bind_int(&b, limit);
    return statement_rows(store, &b, read_applicant, &each, user);
}

enum store_result store_applicants_old(struct store *store, int64_t time, unsigned limit,
                                       store_applicant_each *each, void *user)
{
    struct binding b = statement_bind(store, SQL_APPLICANTS_OLD);
    bind_int(&b, time);
    bind_int(&b, limit);
    return statement_rows(store, &b, read_applicant, &each, user);
}

enum store_result store_applicants_count(struct store *store, int64_t room, unsigned limit,
                                         int64_t *count_r)
{
    struct binding b = statement_bind(store, SQL_APPLICANTS_COUNT);
    bind_int(&b, room);
    bind_int(&b, limit);
    return statement_rows(store, &b, statement_number, count_r, NULL);
}
