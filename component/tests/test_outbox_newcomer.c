/*
 * Jobs for newcomers overtake others, but every address gets its stanzas in the order in which they
 * were staged. The model keeps a list for each address. An address may join again while stanzas for
 * its earlier session are still queued.
 */
#include <stdio.h>

#include "test_outbox_fixture.h"

#define ADDRESSES 12
#define STEPS     100000

struct world {
    uint64_t random;
    unsigned number; /* makes every stanza different */
    struct outbox *outbox;
    struct audience *audience;
    struct session sessions[ADDRESSES];
    char names[ADDRESSES][8];
    bool inside[ADDRESSES];
    struct buf expected[ADDRESSES];
    size_t got[ADDRESSES];
};

static unsigned dice(struct world *world, unsigned sides)
{
    world->random = world->random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(world->random >> 33) % sides;
}

/* ---- What is staged ---- */

static void fan(struct world *world)
{
    char pattern[32];
    unsigned except = dice(world, ADDRESSES + 1);
    snprintf(pattern, sizeof pattern, "@ m%u\n", world->number++);
    outbox_speak(world->outbox, dice(world, 3));
    outbox_fan(world->outbox, world->audience, stanza(pattern), except);
    outbox_speak(world->outbox, 0);
    for (unsigned i = 0; i < ADDRESSES; i++) {
        if (world->inside[i] && i + 1 != except)
            pattern_add(&world->expected[i], pattern, world->names[i], false);
    }
}

static void send(struct world *world, unsigned to)
{
    char pattern[32];
    snprintf(pattern, sizeof pattern, "@ s%u\n", world->number++);
    deliver(world->outbox, "room", pattern, world->names[to], false);
    pattern_add(&world->expected[to], pattern, world->names[to], false);
}

static unsigned first_inside(const struct world *world)
{
    unsigned i = 0;
    while (i < ADDRESSES && !world->inside[i])
        i++;
    return i;
}

static void greet(struct world *world, unsigned who)
{
    outbox_await(world->outbox, OUTBOX_AWAITED_BY_NEWCOMER);
    send(world, who);
    send(world, who);
    outbox_await(world->outbox, OUTBOX_NOT_AWAITED);
}

static void join(struct world *world, unsigned who)
{
    struct session *session = &world->sessions[who];
    snprintf(world->names[who], sizeof world->names[who], "a%u", who);
    *session = (struct session){.address = world->names[who], .owner = who + 1};
    session_join(world->audience, session);
    world->inside[who] = true;
    greet(world, who);
}

static void leave(struct world *world, unsigned who)
{
    send(world, who);
    audience_remove(world->audience, &world->sessions[who].seat);
    world->inside[who] = false;
}

/* ---- What is taken ---- */

static void check(struct world *world, const char *slice)
{
    while (*slice) {
        unsigned who = 0;
        const char *end = strchr(slice, '\n');
        assert_non_null(end);
        size_t len = (size_t)(end + 1 - slice);
        assert_int_equal(sscanf(slice, "a%u ", &who), 1);
        struct buf *expected = &world->expected[who];
        assert_true(len <= expected->len - world->got[who]);
        assert_memory_equal(slice, expected->data + world->got[who], len);
        world->got[who] += len;
        if (world->got[who] == expected->len) {
            buf_clear(expected);
            world->got[who] = 0;
        }
        slice = end + 1;
    }
}

static void take_some(struct world *world, size_t size)
{
    char *slice = take(world->outbox, size);
    check(world, slice);
    free(slice);
}

static void step(struct world *world)
{
    unsigned who = dice(world, ADDRESSES), at = dice(world, 100);
    if (at < 25 && !world->inside[who])
        join(world, who);
    else if (at < 32 && world->inside[who])
        leave(world, who);
    else if (at < 60)
        fan(world);
    else if (at < 70 && first_inside(world) < ADDRESSES)
        send(world, first_inside(world));
    else if (at < 90)
        outbox_commit(world->outbox);
    else
        take_some(world, 20 + dice(world, 200));
}

static void everybody_gets_everything_in_order(void **state)
{
    (void)state;
    struct world world = {.random = 7, .outbox = fixture_outbox()};
    world.audience = fixture_audience(world.outbox, "room");
    for (int i = 0; i < STEPS; i++)
        step(&world);
    outbox_commit(world.outbox);
    while (outbox_has_work(world.outbox))
        take_some(&world, 4000);
    for (unsigned i = 0; i < ADDRESSES; i++) {
        assert_int_equal(world.expected[i].len, 0);
        buf_free(&world.expected[i]);
    }
    audience_unref(world.audience);
    outbox_free(world.outbox);
}

/* ---- What overtakes what ---- */

static void expect_next(struct outbox *outbox, const char *expected)
{
    char *slice = take(outbox, 4000);
    assert_string_equal(slice, expected);
    free(slice);
}

static void send_awaited(struct outbox *outbox, enum outbox_awaited awaited, const char *text)
{
    outbox_await(outbox, awaited);
    send_text(outbox, "room", text);
    outbox_await(outbox, OUTBOX_NOT_AWAITED);
}

static void a_newcomer_waits_for_no_broadcast(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    send_text(outbox, "room", "1 ");
    outbox_speak(outbox, 7);
    send_text(outbox, "room", "talk ");
    outbox_speak(outbox, 0);
    send_awaited(outbox, OUTBOX_AWAITED, "again ");
    send_awaited(outbox, OUTBOX_AWAITED_BY_NEWCOMER, "first ");
    send_awaited(outbox, OUTBOX_AWAITED_BY_NEWCOMER, "second ");
    send_text(outbox, "room", "2 ");
    outbox_commit(outbox);
    expect_next(outbox, "first second 1 talk again 2 ");
    outbox_free(outbox);
}

/* A kick overtakes talk, but not the presence that a newcomer was sent before the kick. */
static void a_kick_comes_behind_the_newcomer(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    struct session session = {.address = "a", .owner = 1};
    session_join(audience, &session);
    outbox_speak(outbox, 7);
    send_text(outbox, "room", "talk1 ");
    outbox_speak(outbox, 0);
    audience_remove(audience, &session.seat);
    outbox_speak(outbox, 7);
    send_text(outbox, "room", "talk2 ");
    outbox_speak(outbox, 0);
    send_awaited(outbox, OUTBOX_AWAITED_BY_NEWCOMER, "new ");
    outbox_hurry(outbox, true);
    send_text(outbox, "room", "kick ");
    outbox_hurry(outbox, false);
    outbox_commit(outbox);
    expect_next(outbox, "talk1 new kick talk2 ");
    audience_unref(audience);
    outbox_free(outbox);
}

/* Stanzas for an earlier session of the same address may still be queued. */
static void a_departure_is_not_overtaken(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    struct session session = {.address = "a", .owner = 1};
    session_join(audience, &session);
    send_text(outbox, "room", "1 ");
    outbox_commit(outbox);
    audience_remove(audience, &session.seat);
    send_text(outbox, "room", "2 ");
    outbox_commit(outbox);
    send_awaited(outbox, OUTBOX_AWAITED_BY_NEWCOMER, "new ");
    outbox_commit(outbox);
    expect_next(outbox, "1 new 2 ");
    audience_unref(audience);
    outbox_free(outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newcomer_waits_for_no_broadcast),
        cmocka_unit_test(a_kick_comes_behind_the_newcomer),
        cmocka_unit_test(a_departure_is_not_overtaken),
        cmocka_unit_test(everybody_gets_everything_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
