/* Memory for libstrophe: pieces do not overlap, keep their content when resized, and are reused. */

#include "link/pool.h"
#include "unit.h"

#define PIECES 600

static void pieces_keep_what_is_in_them(void **state)
{
    (void)state;
    struct pool *pool = pool_new();
    const xmpp_mem_t *mem = pool_mem(pool);
    unsigned char *pieces[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = mem->alloc(i, mem->userdata);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)(i % 251), i);
    }
    for (size_t i = 0; i < PIECES; i++) {
        size_t larger = 2 * i + 1;
        pieces[i] = mem->realloc(pieces[i], larger, mem->userdata);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(pieces[i][k], i % 251);
        memset(pieces[i], (int)(i % 251), larger);
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t k = 0; k < 2 * i + 1; k++)
            assert_int_equal(pieces[i][k], i % 251);
        mem->free(pieces[i], mem->userdata);
    }
    mem->free(NULL, mem->userdata);
    pool_free(pool);
}

static void pieces_are_used_again(void **state)
{
    (void)state;
    struct pool *pool = pool_new();
    const xmpp_mem_t *mem = pool_mem(pool);
#ifndef __SANITIZE_ADDRESS__
    void *one = mem->alloc(100, mem->userdata), *other = mem->alloc(100, mem->userdata);
    mem->free(one, mem->userdata);
    assert_ptr_equal(mem->alloc(97, mem->userdata), one);
    mem->free(other, mem->userdata);
    assert_ptr_not_equal(mem->alloc(10, mem->userdata), other);
#endif
    char *none = mem->realloc(NULL, 10, mem->userdata);
    assert_non_null(none);
    mem->free(none, mem->userdata);
    pool_free(pool);
}

static void a_piece_is_watched_until_it_is_freed(void **state)
{
    (void)state;
    struct pool *pool = pool_new();
    const xmpp_mem_t *mem = pool_mem(pool);
    pool_watch(pool, 5000);
    void *other = mem->alloc(72, mem->userdata);
    assert_false(pool_holds(pool));
    void *piece = mem->alloc(5000, mem->userdata), *later = mem->alloc(5000, mem->userdata);
    assert_true(pool_holds(pool));
    mem->free(other, mem->userdata);
    mem->free(later, mem->userdata);
    assert_true(pool_holds(pool));
    mem->free(piece, mem->userdata);
    assert_false(pool_holds(pool));
    pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_keep_what_is_in_them),
        cmocka_unit_test(pieces_are_used_again),
        cmocka_unit_test(a_piece_is_watched_until_it_is_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
