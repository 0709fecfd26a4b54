#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "coven/hash.h"
#include "coven/table.h"

#define COUNT 5000

struct thing {
    bool is_in;
    char name[16];
    struct table_link link; /* not the first member */
};

static const struct hash_seed seed = {1, 2};

static bool has_name(const struct table_link *link, struct span name)
{
    return span_is(name, TABLE_ITEM(link, const struct thing, link)->name);
}

static void add(struct table *table, struct thing *thing)
{
    table_add(table, &thing->link, hash_span(&seed, span_of(thing->name)));
    thing->is_in = true;
}

static void take_out(struct table *table, struct thing *thing)
{
    table_remove(table, &thing->link);
    thing->is_in = false;
}

static const struct thing *find(const struct table *table, const char *name)
{
    struct table_link *link =
        table_find(table, hash_span(&seed, span_of(name)), has_name, span_of(name));
    return link ? TABLE_ITEM(link, struct thing, link) : NULL;
}

static struct thing *things_new(void)
{
    struct thing *things = calloc(COUNT, sizeof *things);
    for (unsigned i = 0; i < COUNT; i++)
        snprintf(things[i].name, sizeof things[i].name, "thing%u", i);
    return things;
}

static void expect_all(const struct table *table, const struct thing *things)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < COUNT; i++) {
        assert_ptr_equal(find(table, things[i].name), things[i].is_in ? &things[i] : NULL);
        count += things[i].is_in;
    }
    assert_int_equal(table->count, count);
}

/* An empty table can be searched, and holds no memory. */
static void test_empty(void **state)
{
    (void)state;
    struct table table = {.count = 0};
    assert_null(find(&table, "x"));
    assert_null(table_any(&table));
    struct thing thing = {.name = "x"};
    add(&table, &thing);
    take_out(&table, &thing);
    assert_null(table.buckets);
}

/* All items are found at every size, while the table grows and shrinks. */
static void test_sizes(void **state)
{
    (void)state;
    struct table table = {.count = 0};
    struct thing *things = things_new();
    for (unsigned i = 0; i < COUNT; i++) {
        add(&table, &things[i]);
        for (unsigned j = i < 70 ? 0 : i - 3; j <= i; j++)
            assert_ptr_equal(find(&table, things[j].name), &things[j]);
        if (i % 500 == 0)
            expect_all(&table, things);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        take_out(&table, &things[i]);
        if (i % 500 == 0 || i > COUNT - 20)
            expect_all(&table, things);
    }
    assert_null(table.buckets);
    free(things);
}

static void test_chance(void **state)
{
    (void)state;
    struct table table = {.count = 0};
    struct thing *things = things_new();
    unsigned dice = 1;
    for (unsigned i = 0; i < 20 * COUNT; i++) {
        dice = dice * 1103515245 + 12345;
        struct thing *thing = &things[(dice >> 8) % COUNT];
        if (thing->is_in)
            take_out(&table, thing);
        else
            add(&table, thing);
    }
    expect_all(&table, things);
    while (table.count > 0)
        take_out(&table, TABLE_ITEM(table_any(&table), struct thing, link));
    expect_all(&table, things);
    assert_null(table.buckets);
    free(things);
}

/* Items with the same hash are all found. */
static void test_collisions(void **state)
{
    (void)state;
    struct table table = {.count = 0};
    struct thing *things = things_new();
    for (unsigned i = 0; i < 100; i++)
        table_add(&table, &things[i].link, 7);
    for (unsigned i = 0; i < 100; i++)
        assert_ptr_equal(table_find(&table, 7, has_name, span_of(things[i].name)), &things[i].link);
    for (unsigned i = 0; i < 100; i++)
        table_remove(&table, &things[i].link);
    assert_int_equal(table.count, 0);
    free(things);
}

/* Each item adds one bucket at most, and the load stays within its bounds. */
static void test_steps(void **state)
{
    (void)state;
    struct table table = {.count = 0};
    struct thing *things = things_new();
    for (unsigned i = 0; i < COUNT; i++) {
        uint32_t before = table.size;
        add(&table, &things[i]);
        assert_in_range(table.size, before, before + 1);
        assert_in_range(table.count, table.size, 2 * table.size);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        uint32_t before = table.size;
        take_out(&table, &things[i]);
        assert_in_range(before, table.size, table.size + 1);
        assert_in_range(table.count, table.size, 2 * table.size);
    }
    free(things);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),  cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_chance), cmocka_unit_test(test_collisions),
        cmocka_unit_test(test_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
