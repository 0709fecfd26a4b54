/* A page of a list ends before its bytes do. */
#include "muc/say/disco_page.h"
#include "xml_fixture.h"

#define BYTES 1000

/* Adds an item with a name of `len` bytes. */
static bool add(struct disco_page *page, size_t len)
{
    char name[BYTES];
    memset(name, 'n', len);
    return disco_page_add(page, span_of("jid"), (struct span){name, len});
}

/* There has to be room for the keys of the first and the last item too, each as long as an item. */
static void a_page_leaves_room_for_two_keys(void **state)
{
    (void)state;
    struct disco_page page = {.bytes_max = BYTES, .wanted.max = 100};
    assert_true(add(&page, 100));
    size_t item = page.items.len;
    while (add(&page, 100))
        continue;
    assert_true(page.more);
    assert_int_equal(page.count, BYTES / item - 2);
    assert_int_equal(page.items.len, page.count * item);
    disco_page_close(&page);
}

/* The longest item counts, wherever it is. */
static void the_longest_item_counts(void **state)
{
    (void)state;
    struct disco_page page = {.bytes_max = BYTES, .wanted.max = 100};
    assert_true(add(&page, 250));
    size_t widest = page.items.len;
    while (add(&page, 10))
        continue;
    assert_in_range(page.items.len, BYTES - 2 * widest - 50, BYTES - 2 * widest);
    disco_page_close(&page);
}

/* Even one that is longer than the page, or nobody would ever see it. */
static void the_first_item_always_fits(void **state)
{
    (void)state;
    struct disco_page page = {.bytes_max = 100, .wanted.max = 100};
    assert_true(add(&page, 200));
    assert_false(add(&page, 1));
    assert_int_equal(page.count, 1);
    disco_page_close(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_leaves_room_for_two_keys),
        cmocka_unit_test(the_longest_item_counts),
        cmocka_unit_test(the_first_item_always_fits),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
