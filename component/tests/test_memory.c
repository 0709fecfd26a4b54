/* The limits of memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "memory.h"

static bool is_tight(uint64_t most)
{
    struct memory memory;
    memory_open(&memory, most);
    bool tight = memory_is_tight(&memory);
    memory_close(&memory);
    return tight;
}

static void a_limit_of_ones_own(void **state)
{
    (void)state;
    assert_true(is_tight(1 << 12));
    assert_false(is_tight(UINT64_C(1) << 40));
}

static void what_the_machine_allows(void **state)
{
    struct memory memory;
    (void)state;
    memory_open(&memory, 0);
    assert_in_range(memory.most, 10 << 20, UINT64_C(1) << 50);
    assert_false(memory_is_tight(&memory));
    memory_close(&memory);
}

static void what_the_process_may(void **state)
{
    struct rlimit limit, before;
    struct memory memory;
    (void)state;
    getrlimit(RLIMIT_AS, &before);
    limit = before;
    limit.rlim_cur = UINT64_C(1) << 46;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    memory_open(&memory, 0);
    assert_int_equal(memory.most_size, limit.rlim_cur / 4 * 3);
    memory_close(&memory);
    setrlimit(RLIMIT_AS, &before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_of_ones_own),
        cmocka_unit_test(what_the_machine_allows),
        cmocka_unit_test(what_the_process_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
