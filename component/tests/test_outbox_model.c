/*
 * Compares the outbox with a model that makes every copy at once. Rooms change, and turns are
 * committed, dropped and taken at random; each lane's stream must equal the model's.
 */
#include "test_outbox_fixture.h"

#include <stdio.h>

#include "coven/mem.h"

#define STEPS   100000
#define LANES   6
#define ROOMS   8
#define MEMBERS 60

struct member {
    struct session session;
    char address[24];
    char presence[32];
};

/* Members are in the order of their last change, as the copies of a fan are. */
struct room {
    struct audience *audience;
    int lane;
    struct member *members[MEMBERS];
    size_t count;
};

struct world {
    uint64_t random;
    uint32_t number; /* makes every stanza different */
    struct outbox *outbox;
    struct room rooms[ROOMS];
    struct buf staged[LANES], committed[LANES];
    size_t taken[LANES];
    size_t copies;
};

static uint32_t dice(struct world *world, uint32_t sides)
{
    world->random = world->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(world->random >> 33) % sides;
}

static const char *lane_name(int lane)
{
    static const char *const names[LANES] = {"", "a", "b", "c", "d", "e"};
    return names[lane];
}

/* ---- Rooms ---- */

static void room_open(struct world *world, struct room *room)
{
    room->lane = (int)dice(world, LANES);
    room->audience = fixture_audience(world->outbox, lane_name(room->lane));
}

/* Frees the sessions first, as when a room with people in it is forgotten. */
static void room_close(struct room *room)
{
    for (size_t i = 0; i < room->count; i++)
        free(room->members[i]);
    room->count = 0;
    audience_unref(room->audience);
    room->audience = NULL;
}

static void member_roll(struct world *world, struct room *room, struct member *member)
{
    static const char *const ends[] = {"/>", "{ jid}/>", "{}>{</>}"};
    struct session *session = &member->session;
    snprintf(member->presence, sizeof member->presence, "%d<p n='%u' to='@'%s\n", room->lane,
             world->number++ % 100000, ends[dice(world, 3)]);
    session->presence = dice(world, 4) ? member->presence : NULL;
    session->sees_real = dice(world, 3) == 0;
}

static void room_join(struct world *world, struct room *room)
{
    if (room->count == MEMBERS)
        return;
    struct member *member = mem_new(sizeof *member);
    snprintf(member->address, sizeof member->address, "%.*s%u", (int)dice(world, 12),
             "somebody/who", world->number++);
    member->session.address = member->address;
    member->session.owner = 1 + dice(world, 10);
    member_roll(world, room, member);
    session_join(room->audience, &member->session);
    room->members[room->count++] = member;
}

static struct member *room_pull(struct world *world, struct room *room)
{
    size_t at = dice(world, (uint32_t)room->count);
    struct member *member = room->members[at];
    room->count--;
    memmove(&room->members[at], &room->members[at + 1], (room->count - at) * sizeof member);
    return member;
}

static void room_change(struct world *world, struct room *room)
{
    if (room->count == 0)
        return;
    struct member *member = room_pull(world, room);
    member_roll(world, room, member);
    session_change(room->audience, &member->session);
    room->members[room->count++] = member;
}

static void leave_room(struct world *world, struct room *room)
{
    if (room->count == 0)
        return;
    struct member *member = room_pull(world, room);
    audience_remove(room->audience, &member->session.seat);
    free(member);
}

/* ---- Stanzas ---- */

static void room_fan(struct world *world, struct room *room)
{
    static const char *const ends[] = {"/>", "{ one}.{ two}/>", "{last}", "{1}{2}{3}{4}."};
    char pattern[64];
    snprintf(pattern, sizeof pattern, "%d<m n='%u' to='@'%s\n", room->lane, world->number++,
             ends[dice(world, 4)]);
    uint32_t except = dice(world, 12);
    outbox_fan(world->outbox, room->audience, stanza(pattern), except);
    for (size_t i = 0; i < room->count; i++) {
        const struct session *to = &room->members[i]->session;
        if (to->owner == except)
            continue;
        pattern_add(&world->staged[room->lane], pattern, to->address, to->sees_real);
        world->copies++;
    }
}

static void room_crowd(struct world *world, struct room *room)
{
    bool sees_real = dice(world, 2);
    uint32_t except = dice(world, 12);
    crowd(world->outbox, room->audience, "newcomer", sees_real, except);
    for (size_t i = 0; i < room->count; i++) {
        const struct session *of = &room->members[i]->session;
        if (of->owner == except || !of->presence)
            continue;
        pattern_add(&world->staged[room->lane], of->presence, "newcomer", sees_real);
        world->copies++;
    }
}

static void room_send(struct world *world, struct room *room)
{
    char text[32];
    snprintf(text, sizeof text, "%d<iq n='%u'/>\n", room->lane, world->number++);
    send_text(world->outbox, lane_name(room->lane), text);
    buf_add_text(&world->staged[room->lane], text);
    world->copies++;
}

static void room_deliver(struct world *world, struct room *room)
{
    static const char *const ends[] = {"/>", "{ one}.{ two}/>", "{last}"};
    char pattern[64];
    bool sees_real = dice(world, 2);
    snprintf(pattern, sizeof pattern, "%d<m n='%u' to='@'%s\n", room->lane, world->number++,
             ends[dice(world, 3)]);
    deliver(world->outbox, lane_name(room->lane), pattern, "somebody", sees_real);
    pattern_add(&world->staged[room->lane], pattern, "somebody", sees_real);
    world->copies++;
}

/* An awaited job overtakes other lanes, but nothing in its own. */
static void room_await(struct world *world, struct room *room)
{
    static void (*const kinds[])(struct world * world, struct room * room) = {
        room_crowd, room_send, room_fan, room_deliver};
    outbox_await(world->outbox, OUTBOX_AWAITED);
    kinds[dice(world, 4)](world, room);
    outbox_await(world->outbox, OUTBOX_NOT_AWAITED);
}

/* ---- Turns and slices ---- */

static void world_commit(struct world *world, struct room *room)
{
    (void)room;
    outbox_commit(world->outbox);
    for (int i = 0; i < LANES; i++) {
        buf_add_span(&world->committed[i], buf_span(&world->staged[i]));
        buf_clear(&world->staged[i]);
    }
}

static void world_drop(struct world *world, struct room *room)
{
    (void)room;
    outbox_drop(world->outbox);
    for (int i = 0; i < LANES; i++)
        buf_clear(&world->staged[i]);
}

/* Each line begins with its lane's number. */
static void world_check(struct world *world, const char *slice)
{
    while (*slice) {
        const char *end = strchr(slice, '\n');
        assert_non_null(end);
        size_t len = (size_t)(end + 1 - slice);
        int lane = *slice - '0';
        assert_in_range(lane, 0, LANES - 1);
        struct buf *expected = &world->committed[lane];
        size_t *taken = &world->taken[lane];
        assert_true(len <= expected->len - *taken);
        assert_memory_equal(slice, expected->data + *taken, len);
        *taken += len;
        if (*taken == expected->len) {
            buf_clear(expected);
            *taken = 0;
        }
        slice = end + 1;
    }
}

static void world_take(struct world *world, struct room *room)
{
    (void)room;
    char *slice = take(world->outbox, 100 + dice(world, dice(world, 4) ? 3000 : 100000));
    world_check(world, slice);
    free(slice);
}

static void room_again(struct world *world, struct room *room)
{
    room_close(room);
    room_open(world, room);
}

struct step {
    uint32_t weight;
    void (*run)(struct world *world, struct room *room);
};

static const struct step steps[] = {
    {70, room_join},  {30, leave_room},   {40, room_change},  {40, room_fan},
    {15, room_crowd}, {20, room_send},    {20, room_deliver}, {15, room_await},
    {1, room_again},  {30, world_commit}, {4, world_drop},    {36, world_take},
};

static void world_step(struct world *world)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        sum += steps[i].weight;
    uint32_t at = dice(world, sum);
    const struct step *step = steps;
    for (; at >= step->weight; step++)
        at -= step->weight;
    step->run(world, &world->rooms[dice(world, ROOMS)]);
}

static void world_run(uint64_t seed, int count)
{
    struct world world = {.random = seed, .outbox = fixture_outbox()};
    for (int i = 0; i < ROOMS; i++)
        room_open(&world, &world.rooms[i]);
    for (int i = 0; i < count; i++)
        world_step(&world);
    world_commit(&world, NULL);
    for (int i = 0; i < ROOMS; i++)
        room_close(&world.rooms[i]);
    while (outbox_has_work(world.outbox))
        world_take(&world, NULL);
    assert_int_equal(outbox_queued(world.outbox), 0);
    assert_true(world.copies > (size_t)count);
    for (int i = 0; i < LANES; i++) {
        assert_int_equal(world.committed[i].len, 0);
        buf_free(&world.committed[i]);
        buf_free(&world.staged[i]);
    }
    outbox_free(world.outbox);
}

static void every_lane_streams_what_the_model_says(void **state)
{
    (void)state;
    world_run(42, STEPS);
    for (uint64_t seed = 1; seed <= 50; seed++)
        world_run(seed, STEPS / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lane_streams_what_the_model_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
