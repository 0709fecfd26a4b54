/* Every cell of the tables of roles and affiliations (XEP-0045, 5.1, 5.2, 8.2 to 8.4, 9.1 to 9.7,
 * 10.3 to 10.8), written here a second time, as the tables in the XEP read. */

#include "muc/state/privilege.h"
#include "unit.h"

#define AFFILIATIONS                                                                               \
    5 /* outcast, none, member, admin, owner: rows for who asks, columns for whom it concerns */
#define ROLES 4

/* G granted, N not-allowed, F forbidden, C conflict */
static const char letters[] = {
    [VERDICT_GRANTED] = 'G',
    [VERDICT_NOT_ALLOWED] = 'N',
    [VERDICT_FORBIDDEN] = 'F',
    [VERDICT_CONFLICT] = 'C',
};

struct role_table {
    const char *what;
    enum role from, to;
    const char *cells[AFFILIATIONS]; /* a moderator asks */
};

static const struct role_table role_tables[] = {
    {"kick a visitor", ROLE_VISITOR, ROLE_NONE, {"GNNNN", "GGNNN", "GGGNN", "GGGGN", "GGGGG"}},
    {"kick a participant",
     ROLE_PARTICIPANT,
     ROLE_NONE,
     {"GNNNN", "GGNNN", "GGGNN", "GGGGN", "GGGGG"}},
    {"kick a moderator", ROLE_MODERATOR, ROLE_NONE, {"FNNNN", "FFNNN", "FFFNN", "GGGGN", "GGGGG"}},
    {"grant voice", ROLE_VISITOR, ROLE_PARTICIPANT, {"GGGGG", "GGGGG", "GGGGG", "GGGGG", "GGGGG"}},
    {"revoke voice", ROLE_PARTICIPANT, ROLE_VISITOR, {"NNNNN", "GNNNN", "GGNNN", "GGGNN", "GGGNN"}},
    {"make a visitor moderator",
     ROLE_VISITOR,
     ROLE_MODERATOR,
     {"FNNNN", "FFNNN", "FFFNN", "GGGGN", "GGGGG"}},
    {"make a participant moderator",
     ROLE_PARTICIPANT,
     ROLE_MODERATOR,
     {"FNNNN", "FFNNN", "FFFNN", "GGGGN", "GGGGG"}},
    {"unmake a moderator",
     ROLE_MODERATOR,
     ROLE_PARTICIPANT,
     {"FNNNN", "FFNNN", "FFFNN", "GGGNN", "GGGNN"}},
    {"silence a moderator",
     ROLE_MODERATOR,
     ROLE_VISITOR,
     {"FNNNN", "FFNNN", "FFFNN", "GGGNN", "GGGNN"}},
};

static void every_role_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(role_tables); i++) {
        const struct role_table *table = &role_tables[i];
        for (int actor = 0; actor < AFFILIATIONS; actor++) {
            for (int target = 0; target < AFFILIATIONS; target++) {
                struct rank asks = {(enum affiliation)actor, ROLE_MODERATOR};
                struct rank concerned = {(enum affiliation)target, table->from};
                char got = letters[privilege_role_change(asks, concerned, table->to)];
                if (got != table->cells[actor][target])
                    fail_msg("%s: %s of %s: %c", table->what, affiliation_name(asks.affiliation),
                             affiliation_name(concerned.affiliation), got);
            }
        }
    }
}

/* Without the moderator's role nothing may be changed, nor any role of a higher affiliation; but
 * every moderator may give voice. */
static void no_role_change_without_moderator(void **state)
{
    (void)state;
    for (int actor = 0; actor < AFFILIATIONS; actor++) {
        for (int target = 0; target < AFFILIATIONS; target++) {
            for (int own = ROLE_NONE; own < ROLE_MODERATOR; own++) {
                for (int from = ROLE_VISITOR; from < ROLES; from++) {
                    for (int to = ROLE_NONE; to < ROLES; to++) {
                        struct rank asks = {(enum affiliation)actor, (enum role)own};
                        struct rank concerned = {(enum affiliation)target, (enum role)from};
                        enum verdict verdict =
                            privilege_role_change(asks, concerned, (enum role)to);
                        bool voice = to == ROLE_PARTICIPANT && from < ROLE_MODERATOR;
                        assert_int_equal(verdict, target > actor && !voice ? VERDICT_NOT_ALLOWED
                                                                           : VERDICT_FORBIDDEN);
                    }
                }
            }
        }
    }
}

static const char *const affiliation_tables[AFFILIATIONS][AFFILIATIONS] = {
    [AFFILIATION_OUTCAST] = {"FNNNN", "FFNNN", "FFFNN", "GGGNN", "GGGGG"},
    [AFFILIATION_NONE] = {"FFFFF", "FFFFF", "FFFFF", "GGGFF", "GGGGG"},
    [AFFILIATION_MEMBER] = {"FFFFF", "FFFFF", "FFFFF", "GGGFF", "GGGGG"},
    [AFFILIATION_ADMIN] = {"FFFFF", "FFFFF", "FFFFF", "FFFFF", "GGGGG"},
    [AFFILIATION_OWNER] = {"FFFFF", "FFFFF", "FFFFF", "FFFFF", "GGGGG"},
};

static void every_affiliation_change(void **state)
{
    (void)state;
    for (int to = 0; to < AFFILIATIONS; to++) {
        for (int actor = 0; actor < AFFILIATIONS; actor++) {
            for (int target = 0; target < AFFILIATIONS; target++) {
                enum verdict verdict = privilege_affiliation_change(
                    (enum affiliation)actor, (enum affiliation)target, false, (enum affiliation)to);
                if (letters[verdict] != affiliation_tables[to][actor][target])
                    fail_msg("%s makes %s %s: %c", affiliation_name((enum affiliation)actor),
                             affiliation_name((enum affiliation)target),
                             affiliation_name((enum affiliation)to), letters[verdict]);
            }
        }
    }
}

/* Changes of oneself: those who may ban get a conflict; only owners may raise their affiliation. */
static void changes_of_oneself(void **state)
{
    (void)state;
    static const char *const cells[AFFILIATIONS] = {
        /* to outcast, none, member, admin, owner */
        [AFFILIATION_OUTCAST] = "FFFFF", [AFFILIATION_NONE] = "FFFFF",
        [AFFILIATION_MEMBER] = "FFFFF",  [AFFILIATION_ADMIN] = "CFFFF",
        [AFFILIATION_OWNER] = "CGGGG",
    };
    for (int own = 0; own < AFFILIATIONS; own++) {
        for (int to = 0; to < AFFILIATIONS; to++) {
            enum verdict verdict = privilege_affiliation_change(
                (enum affiliation)own, (enum affiliation)own, true, (enum affiliation)to);
            assert_int_equal(letters[verdict], cells[own][to]);
        }
    }
}

static void initial_roles(void **state)
{
    (void)state;
    static const enum role plain[] = {ROLE_NONE, ROLE_PARTICIPANT, ROLE_PARTICIPANT, ROLE_MODERATOR,
                                      ROLE_MODERATOR};
    static const enum role moderated[] = {ROLE_NONE, ROLE_VISITOR, ROLE_PARTICIPANT, ROLE_MODERATOR,
                                          ROLE_MODERATOR};
    for (int i = 0; i < AFFILIATIONS; i++) {
        assert_int_equal(role_on_entry((enum affiliation)i, false), plain[i]);
        assert_int_equal(role_on_entry((enum affiliation)i, true), moderated[i]);
    }
}

static void roles_after_changes(void **state)
{
    (void)state;
    static const struct {
        enum role role;
        enum affiliation from, to;
        bool moderated;
        enum role then;
    } rows[] = {
        {ROLE_VISITOR, AFFILIATION_NONE, AFFILIATION_MEMBER, true, ROLE_PARTICIPANT},
        {ROLE_PARTICIPANT, AFFILIATION_MEMBER, AFFILIATION_NONE, true, ROLE_VISITOR},
        {ROLE_PARTICIPANT, AFFILIATION_MEMBER, AFFILIATION_NONE, false, ROLE_PARTICIPANT},
        {ROLE_PARTICIPANT, AFFILIATION_NONE, AFFILIATION_ADMIN, false, ROLE_MODERATOR},
        {ROLE_MODERATOR, AFFILIATION_ADMIN, AFFILIATION_MEMBER, false, ROLE_PARTICIPANT},
        {ROLE_MODERATOR, AFFILIATION_OWNER, AFFILIATION_NONE, true, ROLE_VISITOR},
        {ROLE_MODERATOR, AFFILIATION_OWNER, AFFILIATION_ADMIN, false, ROLE_MODERATOR},
        {ROLE_MODERATOR, AFFILIATION_NONE, AFFILIATION_MEMBER, true, ROLE_MODERATOR},
        {ROLE_VISITOR, AFFILIATION_NONE, AFFILIATION_NONE, false, ROLE_VISITOR},
        {ROLE_VISITOR, AFFILIATION_MEMBER, AFFILIATION_NONE, false, ROLE_VISITOR},
        {ROLE_VISITOR, AFFILIATION_NONE, AFFILIATION_MEMBER, false, ROLE_PARTICIPANT},
        {ROLE_MODERATOR, AFFILIATION_NONE, AFFILIATION_OUTCAST, false, ROLE_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(
            role_after_change(rows[i].role, rows[i].from, rows[i].to, rows[i].moderated),
            rows[i].then);
}

static void names_both_ways(void **state)
{
    (void)state;
    enum affiliation affiliation;
    enum role role;
    for (int i = 0; i < AFFILIATIONS; i++) {
        assert_true(affiliation_named(affiliation_name((enum affiliation)i), &affiliation));
        assert_int_equal(affiliation, i);
    }
    for (int i = 0; i < ROLES; i++) {
        assert_true(role_named(role_name((enum role)i), &role));
        assert_int_equal(role, i);
    }
    assert_false(affiliation_named("Owner", &affiliation));
    assert_false(role_named("", &role));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_role_change),
        cmocka_unit_test(no_role_change_without_moderator),
        cmocka_unit_test(every_affiliation_change),
        cmocka_unit_test(changes_of_oneself),
        cmocka_unit_test(initial_roles),
        cmocka_unit_test(roles_after_changes),
        cmocka_unit_test(names_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
