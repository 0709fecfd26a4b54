/* What an audience keeps, and when it frees it. */
#include "test_outbox_fixture.h"

#include "coven/mem.h"
#include "outbox/outbox_parts.h"

#define CROWD 1000

static struct session crowded[CROWD];

static struct audience *crowded_audience(struct outbox *outbox)
{
    struct audience *audience = fixture_audience(outbox, "room");
    for (uint32_t i = 0; i < CROWD; i++) {
        crowded[i] = (struct session){.address = "somebody", .presence = "@", .owner = i + 1};
        session_join(audience, &crowded[i]);
    }
    return audience;
}

/* Every seat names the slot that names it. */
static void expect_seats(const struct audience *audience, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        assert_true(crowded[i].seat.slot < audience->count);
        assert_ptr_equal(audience->slots[crowded[i].seat.slot].seat, &crowded[i].seat);
    }
}

static void changes_do_not_add_up(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = crowded_audience(outbox);
    for (uint32_t i = 0; i < 20 * CROWD; i++) {
        session_change(audience, &crowded[i * 7919 % CROWD]);
        assert_true(audience->count <= CROWD * 4 / 3 + 1);
    }
    assert_true(audience->cap <= CROWD * 2 + 2);
    expect_seats(audience, 0, CROWD);
    audience_unref(audience);
    outbox_free(outbox);
}

static void a_small_room_stays_small(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    session_join(audience, &crowded[0]);
    for (uint32_t i = 0; i < 100; i++)
        session_change(audience, &crowded[0]);
    assert_int_equal(audience->count, 1);
    assert_int_equal(audience->cap, 2);
    audience_unref(audience);
    outbox_free(outbox);
}

static void a_room_that_empties_gives_its_memory_back(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = crowded_audience(outbox);
    for (uint32_t i = 3; i < CROWD; i++)
        audience_remove(audience, &crowded[i].seat);
    assert_true(audience->count <= 4);
    assert_true(audience->cap <= 16);
    expect_seats(audience, 0, 3);
    audience_unref(audience);
    outbox_free(outbox);
}

static void what_a_job_sees_is_kept_until_it_is_done(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = crowded_audience(outbox);
    outbox_fan(outbox, audience, stanza("@\n"), 0);
    outbox_commit(outbox);
    struct blob *address = blob_ref(audience->slots[9].address);
    for (uint32_t i = 3; i < CROWD; i++)
        audience_remove(audience, &crowded[i].seat);
    assert_int_equal(audience->count, CROWD);
    size_t copies = 0;
    uint64_t weight = 0;
    while (outbox_has_work(outbox)) {
        assert_int_equal(address->refs, 2);
        copies +=
            outbox_take(outbox, (char[100]){0}, 100, UINT64_MAX, &weight) / strlen("somebody\n");
    }
    assert_int_equal(copies, CROWD);
    assert_int_equal(address->refs, 1);
    assert_int_equal(audience->count, 3);
    expect_seats(audience, 0, 3);
    blob_unref(address);
    audience_unref(audience);
    outbox_free(outbox);
}

static void compaction_goes_on_under_a_younger_job(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = crowded_audience(outbox);
    outbox_fan(outbox, audience, stanza("1@\n"), 0);
    for (uint32_t i = 0; i < CROWD / 2; i++)
        audience_remove(audience, &crowded[i].seat);
    outbox_fan(outbox, audience, stanza("2@\n"), 0);
    outbox_commit(outbox);
    for (uint32_t i = CROWD / 2; i < CROWD - 1; i++)
        audience_remove(audience, &crowded[i].seat);
    assert_int_equal(audience->count, CROWD);

    char *first = take(outbox, CROWD * strlen("1somebody\n"));
    assert_null(strchr(first, '2'));
    free(first);
    expect_take(outbox, 10, "2somebody\n");
    assert_int_equal(audience->count, CROWD / 2);
    expect_seats(audience, CROWD - 1, CROWD);
    audience_unref(audience);
    outbox_free(outbox);
}

/* A job in the middle of its walk keeps its place while sessions come and go. Compaction waits for
 * the end of the walk. */
static void a_walk_is_not_disturbed(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    static struct session some[] = {
        {.address = "a", .owner = 1}, {.address = "b", .owner = 2}, {.address = "c", .owner = 3},
        {.address = "d", .owner = 4}, {.address = "e", .owner = 5}, {.address = "f", .owner = 6},
        {.address = "g", .owner = 7}, {.address = "h", .owner = 8},
    };
    for (size_t i = 0; i < 8; i++)
        session_join(audience, &some[i]);
    audience_remove(audience, &some[0].seat);
    audience_remove(audience, &some[2].seat);
    assert_int_equal(audience->count, 8);
    outbox_fan(outbox, audience, stanza("@."), 0);
    outbox_commit(outbox);
    expect_take(outbox, 6, "b.d.e.");
    audience_remove(audience, &some[1].seat);
    audience_remove(audience, &some[3].seat);
    session_change(audience, &some[6]);
    session_change(audience, &some[7]);
    audience_remove(audience, &some[5].seat);
    assert_int_equal(audience->count, 10);
    expect_take(outbox, 100, "f.g.h.");
    assert_int_equal(audience->count, 3);
    audience_unref(audience);
    outbox_free(outbox);
}

/* When a room is forgotten, its sessions are freed while its jobs are still queued. */
static void without_its_room_it_touches_no_seat(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    struct session *gone = mem_new(8 * sizeof *gone);
    for (uint32_t i = 0; i < 8; i++) {
        gone[i] = (struct session){.address = "x", .owner = i + 1};
        session_join(audience, &gone[i]);
    }
    outbox_fan(outbox, audience, stanza("1@"), 0);
    for (uint32_t i = 0; i < 5; i++)
        audience_remove(audience, &gone[i].seat);
    outbox_fan(outbox, audience, stanza("2@"), 0);
    outbox_commit(outbox);
    free(gone);
    audience_unref(audience);
    expect_take(outbox, 100, "1x1x1x1x1x1x1x1x2x2x2x");
    outbox_free(outbox);
}

static void a_session_costs_little(void **state)
{
    (void)state;
    assert_true(sizeof(struct slot) <= 48);
    assert_true(sizeof(struct job) <= 112);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_do_not_add_up),
        cmocka_unit_test(a_small_room_stays_small),
        cmocka_unit_test(a_room_that_empties_gives_its_memory_back),
        cmocka_unit_test(what_a_job_sees_is_kept_until_it_is_done),
        cmocka_unit_test(compaction_goes_on_under_a_younger_job),
        cmocka_unit_test(a_walk_is_not_disturbed),
        cmocka_unit_test(without_its_room_it_touches_no_seat),
        cmocka_unit_test(a_session_costs_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
