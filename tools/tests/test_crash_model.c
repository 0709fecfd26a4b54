/* The model of coven-crash: what changes do to a room, and which differences are noticed. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crash/model.h"
#include "crash/plan.h"

#define SEATS 5

struct fixture {
    struct model model;
    struct model_room *room;
    struct buf why;
};

/* A room with its owner, n0g1, and two others, n1g1 and n3g2. */
static int make(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    model_init(&fixture->model, 1, SEATS);
    fixture->room = fixture->model.rooms;
    fixture->room->state.exists = fixture->room->state.configured = true;
    fixture->room->state.affiliation[0] = OWNER;
    fixture->room->state.nick[0] = fixture->room->state.nick[1] = 1;
    fixture->room->state.nick[3] = 2;
    for (uint32_t seat = 0; seat < SEATS; seat++) {
        fixture->room->seats[seat].nicks = fixture->room->state.nick[seat];
        if (fixture->room->state.nick[seat])
            memcpy(fixture->room->seats[seat].view, fixture->room->state.nick,
                   sizeof fixture->room->state.nick);
    }
    *state = fixture;
    return 0;
}

static int clean(void **state)
{
    struct fixture *fixture = *state;
    model_free(&fixture->model);
    buf_free(&fixture->why);
    free(fixture);
    return 0;
}

static void assert_differs(struct fixture *fixture, const struct room_state *is, const char *why)
{
    buf_clear(&fixture->why);
    assert_true(room_state_differs(is, &fixture->room->state, SEATS, 0, &fixture->why));
    assert_string_equal(fixture->why.data, why);
}

static void each_difference_is_reported(void **state)
{
    struct fixture *fixture = *state;
    struct room_state is = fixture->room->state;
    assert_false(room_state_differs(&is, &fixture->room->state, SEATS, 0, &fixture->why));
    is.nick[3] = 0;
    assert_differs(fixture, &is, "user 3 is not inside, but should be, as n3g2");
    is.nick[3] = 1;
    assert_differs(fixture, &is, "user 3 is called n3g1, but should be n3g2");
    is.affiliation[2] = OUTCAST;
    assert_differs(fixture, &is, "the affiliation of user 2 is outcast, but should be none");
    is.title = 7;
    assert_differs(fixture, &is, "the title's number is 7, but should be 0");
    is.password = 8;
    assert_differs(fixture, &is, "the password's number is 8, but should be 0");
    is.moderated = true;
    assert_differs(fixture, &is, "moderated is 1, but should be 0");
    is.members_only = true;
    assert_differs(fixture, &is, "members only is 1, but should be 0");
    is.exists = false;
    assert_differs(fixture, &is, "it does not exist any more");
}

static void blind_seats_may_differ(void **state)
{
    struct fixture *fixture = *state;
    struct room_state is = fixture->room->state;
    is.nick[3] = 0;
    assert_false(room_state_differs(&is, &fixture->room->state, SEATS, 1u << 3, &fixture->why));
    fixture->room->seats[3].dead = true;
    assert_int_equal(model_room_dead(fixture->room, SEATS), 1u << 3);
}

static void assert_view(struct fixture *fixture, const char *why)
{
    buf_clear(&fixture->why);
    assert_true(
        model_room_view_differs(fixture->room, &fixture->room->state, SEATS, 0, &fixture->why));
    assert_string_equal(fixture->why.data, why);
}

static void each_view_is_compared(void **state)
{
    struct fixture *fixture = *state;
    struct seat *seats = fixture->room->seats;
    assert_false(
        model_room_view_differs(fixture->room, &fixture->room->state, SEATS, 0, &fixture->why));
    seats[4].view[1] = 1;
    assert_view(fixture, "user 4 sees n1g1, who is not inside (and is not inside itself)");
    seats[3].view[1] = 0;
    assert_view(fixture, "user 3 does not see n1g1, who is inside");
    seats[1].view[3] = 1;
    assert_view(fixture, "user 1 sees n3g1, who is called n3g2");
    seats[0].view[2] = 1;
    assert_view(fixture, "user 0 sees n2g1, who is not inside");
    assert_false(
        model_room_view_differs(fixture->room, &fixture->room->state, SEATS, 0x1f, &fixture->why));
}

static void barred_people_are_removed(void **state)
{
    struct fixture *fixture = *state;
    struct room_state after = fixture->room->state;
    after.affiliation[3] = OUTCAST;
    room_state_remove_barred(&after, SEATS);
    assert_int_equal(after.nick[3], 0);
    assert_int_equal(after.nick[1], 1);
    after.members_only = true;
    room_state_remove_barred(&after, SEATS);
    assert_int_equal(after.nick[1], 0);
    assert_int_equal(after.nick[0], 1);
}

static bool is_same(const struct room_state *a, const struct room_state *b)
{
    struct buf why = BUF_INIT;
    bool same = !room_state_differs(a, b, SEATS, 0, &why) && a->configured == b->configured;
    buf_free(&why);
    return same;
}

/* Every planned change changes something, the owner stays, and modes without destruction keep the
 * room. */
static void plans_make_sense(void **state)
{
    struct fixture *fixture = *state;
    struct model_room *room = fixture->room;
    for (unsigned mode = 0; mode < MODE_PEOPLE; mode++) {
        struct dice dice = {mode + 1};
        unsigned kinds[CHANGE_KINDS] = {0};
        for (unsigned i = 0; i < 20000; i++) {
            uint32_t seat;
            if (!plan_change(room, SEATS, (enum mode)mode, &dice))
                continue;
            if (is_same(&room->state, &room->change.after))
                fail_msg("%s changes nothing", model_change_words[room->change.kind]);
            assert_true(!room->change.after.exists || room->change.after.nick[0]);
            if (plan_speaker(room, SEATS, (enum mode)mode, &dice, &seat))
                assert_true(room->state.nick[seat] && room->change.after.nick[seat]);
            kinds[room->change.kind]++;
            model_room_settle(room, SEATS);
        }
        assert_true(kinds[CHANGE_JOIN] > 100 && kinds[CHANGE_LEAVE] > 100);
        assert_true((kinds[CHANGE_DESTROY] > 0) == (mode == MODE_CHANGES));
        assert_int_equal(kinds[CHANGE_CREATE], kinds[CHANGE_DESTROY]);
        room->state.members_only = room->state.moderated = false;
    }
}

static void the_same_seed_plans_the_same(void **state)
{
    struct fixture *fixture = *state;
    struct model_room other = *fixture->room;
    struct dice dice = {42}, again = {42};
    for (unsigned i = 0; i < 200; i++) {
        bool planned = plan_change(fixture->room, SEATS, MODE_CHANGES, &dice);
        assert_int_equal(plan_change(&other, SEATS, MODE_CHANGES, &again), planned);
        assert_int_equal(other.change.kind, fixture->room->change.kind);
        assert_true(is_same(&other.change.after, &fixture->room->change.after));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_difference_is_reported, make, clean),
        cmocka_unit_test_setup_teardown(blind_seats_may_differ, make, clean),
        cmocka_unit_test_setup_teardown(each_view_is_compared, make, clean),
        cmocka_unit_test_setup_teardown(barred_people_are_removed, make, clean),
        cmocka_unit_test_setup_teardown(plans_make_sense, make, clean),
        cmocka_unit_test_setup_teardown(the_same_seed_plans_the_same, make, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
