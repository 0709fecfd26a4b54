/* The limits of memory. */
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "memory.h"
#include "unit.h"

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

/* The system can drop pages of files and read them again. */
static void files_do_not_count(void **state)
{
    (void)state;
    uint64_t most = 1 << 20;
    while (is_tight(most))
        most *= 2;
    FILE *file = tmpfile();
    assert_int_equal(ftruncate(fileno(file), (off_t)(4 * most)), 0);
    void *bytes = mmap(NULL, 4 * most, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    assert_ptr_not_equal(bytes, MAP_FAILED);
    memset(bytes, 1, 4 * most);
    assert_false(is_tight(2 * most));
    munmap(bytes, 4 * most);
    fclose(file);
}

static void what_the_machine_allows(void **state)
{
    struct memory memory;
    (void)state;
    memory_open(&memory, 0);
    assert_in_range(memory.limit, 10 << 20, UINT64_C(1) << 50);
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
    assert_int_equal(memory.address_limit, limit.rlim_cur / 4 * 3);
    memory_close(&memory);
    setrlimit(RLIMIT_AS, &before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_of_ones_own),
        cmocka_unit_test(files_do_not_count),
        cmocka_unit_test(what_the_machine_allows),
        cmocka_unit_test(what_the_process_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
