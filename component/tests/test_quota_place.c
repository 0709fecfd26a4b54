/* Places for those who were busy lately: made, found again, given back, and never too many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "muc/limit/quota_place.h"

struct counted {
    struct quota_place place;
    unsigned count;
};

static struct counted *count(struct quota_places *places, uint64_t key)
{
    struct counted *counted = (struct counted *)quota_place(places, key);
    counted->count++;
    return counted;
}

static void a_place_is_found_again(void **state)
{
    (void)state;
    struct quota_places places = {.size = sizeof(struct counted)};
    for (uint64_t key = 0; key < 1000; key++)
        assert_int_equal(count(&places, key << 32 | 7)->count, 1); /* all in one bucket */
    for (uint64_t key = 0; key < 1000; key++)
        assert_int_equal(count(&places, key << 32 | 7)->count, 2);
    quota_places_free(&places);
}

static bool is_even(struct quota_place *place, void *user)
{
    (void)user;
    return place->key % 2 == 0;
}

static void a_sweep_gives_back(void **state)
{
    (void)state;
    struct quota_places places = {.size = sizeof(struct counted)};
    for (uint64_t key = 0; key < 5000; key++)
        count(&places, key);
    quota_places_sweep(&places, is_even, NULL);
    assert_int_equal(places.by_key.count, 2500);
    assert_int_equal(count(&places, 1)->count, 2);
    assert_int_equal(count(&places, 2)->count, 1);
    quota_places_free(&places);
}

static void there_is_an_end_to_them(void **state)
{
    (void)state;
    struct quota_places places = {.size = sizeof(struct counted)};
    count(&places, 1);
    for (uint64_t key = 1000; key < 301000; key++) {
        if (key % 100 == 0)
            count(&places, 1); /* whoever stays busy stays */
        count(&places, key);
    }
    assert_in_range(places.by_key.count, 100000, 200000);
    assert_int_equal(count(&places, 1)->count, 3002);
    assert_int_equal(count(&places, 1000)->count, 1); /* given up meanwhile */
    quota_places_free(&places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_found_again),
        cmocka_unit_test(a_sweep_gives_back),
        cmocka_unit_test(there_is_an_end_to_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
