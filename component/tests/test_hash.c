#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coven/hash.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Made with another implementation of SipHash-1-3 (CPython's, PYTHONHASHSEED=1). */
static void test_vectors(void **state)
{
    (void)state;
    static const struct hash_seed seed = {0xaed66ce184be2329, 0xebe9bbf1f1499052};
    static const struct {
        struct span key;
        unsigned hash;
    } vectors[] = {
        {{"a", 1}, 0x21fc05ba},
        {{"abcdefg", 7}, 0xdce70761},
        {{"abcdefgh", 8}, 0xc477f60b},
        {{"abcdefghi", 9}, 0x13a51cfc},
        {{"room@conference.example/nick", 28}, 0xcb030223},
        {{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16}, 0x2061f6b4},
        {{"\0", 1}, 0x221e4116},
        {{"\0\0", 2}, 0x82007057},
    };
    for (size_t i = 0; i < COUNT(vectors); i++)
        assert_int_equal(hash_span(&seed, vectors[i].key), vectors[i].hash);
}

static void test_empty_key(void **state)
{
    (void)state;
    static const struct hash_seed seed = {1, 2};
    assert_int_equal(hash_span(&seed, (struct span){NULL, 0}),
                     hash_span(&seed, (struct span){"x", 0}));
}

static void test_seeds_differ(void **state)
{
    (void)state;
    struct hash_seed one = hash_seed_new(), two = hash_seed_new();
    assert_memory_not_equal(&one, &two, sizeof one);
}

/* 64 buckets get about 1,000 keys each. */
static void test_spread(void **state)
{
    (void)state;
    struct hash_seed seed = hash_seed_new();
    int buckets[64] = {0};
    for (uint32_t key = 0; key < 64000; key++)
        buckets[hash_span(&seed, (struct span){(const char *)&key, sizeof key}) % 64]++;
    for (size_t i = 0; i < COUNT(buckets); i++)
        assert_in_range(buckets[i], 750, 1250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_empty_key),
        cmocka_unit_test(test_seeds_differ),
        cmocka_unit_test(test_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
