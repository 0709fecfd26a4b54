/* The table of quotas: entries are made, found again and freed, and their number is bounded. */

#include "muc/limit/quota_table.h"
#include "unit.h"

struct counted {
    struct quota_entry entry;
    unsigned count;
};

static struct counted *count(struct quota_table *table, uint64_t key)
{
    struct counted *counted = (struct counted *)quota_table_entry(table, key);
    counted->count++;
    return counted;
}

static void an_entry_is_found_again(void **state)
{
    (void)state;
    struct quota_table table = {.size = sizeof(struct counted)};
    for (uint64_t key = 0; key < 1000; key++)
        assert_int_equal(count(&table, key << 32 | 7)->count, 1); /* all in one bucket */
    for (uint64_t key = 0; key < 1000; key++)
        assert_int_equal(count(&table, key << 32 | 7)->count, 2);
    quota_table_free(&table);
}

static bool is_even(struct quota_entry *entry, void *user)
{
    (void)user;
    return entry->key % 2 == 0;
}

static void a_sweep_gives_back(void **state)
{
    (void)state;
    struct quota_table table = {.size = sizeof(struct counted)};
    for (uint64_t key = 0; key < 5000; key++)
        count(&table, key);
    quota_table_sweep(&table, is_even, NULL);
    assert_int_equal(table.by_key.count, 2500);
    assert_int_equal(count(&table, 1)->count, 2);
    assert_int_equal(count(&table, 2)->count, 1);
    quota_table_free(&table);
}

static void there_is_an_end_to_them(void **state)
{
    (void)state;
    struct quota_table table = {.size = sizeof(struct counted)};
    count(&table, 1);
    for (uint64_t key = 1000; key < 301000; key++) {
        if (key % 100 == 0)
            count(&table, 1); /* an active user stays */
        count(&table, key);
    }
    assert_in_range(table.by_key.count, 100000, 200000);
    assert_int_equal(count(&table, 1)->count, 3002);
    assert_int_equal(count(&table, 1000)->count, 1); /* it gave way meanwhile */
    quota_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_is_found_again),
        cmocka_unit_test(a_sweep_gives_back),
        cmocka_unit_test(there_is_an_end_to_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
