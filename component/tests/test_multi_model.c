/*
 * Compares an outbox whose server makes copies, now and then, with one whose server never does.
 * Both get the same at random. Each recipient must get the same stanzas of each room in the same
 * order.
 */

#include "test_outbox_fixture.h"

#include <stdio.h>

#include "coven/mem.h"

#define STEPS  10000
#define PEOPLE 300
#define ROOMS  3
#define OPEN   "<multi xmlns='urn:coven:multi:0' key='k'>"

struct person {
    struct audience_seat seats[2]; /* in both outboxes */
    bool inside;
};

struct world {
    uint64_t random;
    unsigned number; /* makes every stanza different */
    struct outbox *outboxes[2];
    struct audience *audiences[ROOMS][2];
    struct person people[ROOMS][PEOPLE];
    struct buf got[ROOMS][PEOPLE][2];
    unsigned lists; /* received so far */
};

static uint32_t dice(struct world *world, uint32_t sides)
{
    world->random = world->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(world->random >> 33) % sides;
}

/* ---- What arrives ---- */

/* One copy, from the number of the stanza on, which begins with the room's. */
static void receive(struct world *world, int which, const char *head, size_t head_len,
                    const char *rest, size_t rest_len, const char *address)
{
    unsigned person = (unsigned)strtoul(address + 1, NULL, 10);
    int room = head[strlen(" n='")] - 'a';
    assert_in_range(person, 0, PEOPLE - 1);
    assert_in_range(room, 0, ROOMS - 1);
    struct buf *got = &world->got[room][person][which];
    buf_add(got, head, head_len);
    buf_add(got, rest, rest_len);
}

/* Returns the end of the stanza: <m to='ADDRESS'…>…</m>, perhaps with a list. */
static const char *stanza_receive(struct world *world, int which, const char *at)
{
    const char *head = strchr(at, '>') + 1, *end = strstr(at, "</m>") + 4;
    const char *number = strstr(at, " n='");
    if (strncmp(head, OPEN, strlen(OPEN)) != 0) {
        receive(world, which, number, (size_t)(head - number), head, (size_t)(end - head),
                at + strlen("<m to='"));
        return end;
    }
    const char *list = head + strlen(OPEN), *rest = strstr(list, "</multi>") + 8;
    assert_int_equal(which, 1);
    assert_memory_equal(at, "<m to='rooms'", 13);
    world->lists++;
    for (const char *to = list; *to == 'u'; to += strcspn(to, "\t<") + 1)
        receive(world, which, number, (size_t)(head - number), rest, (size_t)(end - rest), to);
    return end;
}

static void slice_receive(struct world *world, int which, uint64_t most)
{
    static char slice[100000];
    uint64_t weight = 0;
    size_t size = 5000 + dice(world, sizeof slice - 5001);
    slice[outbox_take(world->outboxes[which], slice, size, most, &weight)] = '\0';
    for (const char *at = slice; *at == '<';)
        at = stanza_receive(world, which, at);
}

/* ---- What happens ---- */

static void person_move(struct world *world, int room)
{
    uint32_t number = dice(world, PEOPLE), dice_real = dice(world, 3), dice_local = dice(world, 8);
    struct person *person = &world->people[room][number];
    uint32_t move = dice(world, 3);
    char address[16];
    snprintf(address, sizeof address, "u%u@x", number);
    for (int i = 0; i < 2; i++) {
        struct audience_entry entry = {
            .address = blob_new(span_of(address)),
            .owner = 1 + number % 100,
            .sees_real = dice_real == 0,
            .moderator = dice_real == 1,
            .local = dice_local > 0,
        };
        if (!person->inside)
            audience_add(world->audiences[room][i], &person->seats[i], &entry);
        else if (move == 0)
            audience_remove(world->audiences[room][i], &person->seats[i]);
        else
            audience_change(world->audiences[room][i], &person->seats[i], &entry);
        blob_unref(entry.address);
    }
    person->inside = !person->inside || move > 0;
}

static void room_speak(struct world *world, int room)
{
    static const char *const ends[] = {"></m>", "><a{ r='1'}/>{<b/>}</m>", ">x</m>",
                                       "{ r='1'}>y</m>"};
    const char *end = ends[dice(world, 4)];
    uint32_t except = dice(world, 4) ? 0 : dice(world, 100), kind = dice(world, 5);
    char pattern[80];
    snprintf(pattern, sizeof pattern, "<m to='@' n='%c%u'%s", 'a' + room, world->number++, end);
    for (int i = 0; i < 2; i++) {
        struct outbox *outbox = world->outboxes[i];
        if (kind == 0)
            outbox_fan_moderators(outbox, world->audiences[room][i], stanza(pattern), except);
        else if (kind == 1)
            deliver(outbox, (char[]){(char)('a' + room), '\0'}, pattern, "u7@x", true);
        else
            outbox_fan(outbox, world->audiences[room][i], stanza(pattern), except);
    }
}

static void step(struct world *world)
{
    static const struct multi_terms long_lists = {.key = "k", .recipients = 250, .bytes = 32768};
    static const struct multi_terms short_lists = {.key = "k", .recipients = 9, .bytes = 4096};
    uint32_t what = dice(world, 20);
    if (what < 10)
        person_move(world, (int)dice(world, ROOMS));
    else if (what < 14)
        room_speak(world, (int)dice(world, ROOMS));
    else if (what < 16)
        outbox_commit(world->outboxes[0]), outbox_commit(world->outboxes[1]);
    else if (what < 19)
        slice_receive(world, what % 2, dice(world, 2) ? UINT64_MAX : 1 + dice(world, 200000));
    else if (dice(world, 3) == 0)
        outbox_multiply(world->outboxes[1], "rooms", NULL);
    else
        outbox_multiply(world->outboxes[1], "rooms", dice(world, 2) ? &long_lists : &short_lists);
}

static void world_compare(struct world *world)
{
    for (int i = 0; i < ROOMS * PEOPLE; i++) {
        struct buf *got = world->got[i / PEOPLE][i % PEOPLE];
        assert_int_equal(got[0].len, got[1].len);
        if (got[0].len)
            assert_memory_equal(got[0].data, got[1].data, got[0].len);
        buf_free(&got[0]);
        buf_free(&got[1]);
    }
}

static void world_run(uint64_t seed, int steps)
{
    struct world *world = mem_new(sizeof *world);
    world->random = seed;
    for (int i = 0; i < 2; i++) {
        world->outboxes[i] = fixture_outbox();
        for (int room = 0; room < ROOMS; room++)
            world->audiences[room][i] =
                fixture_audience(world->outboxes[i], (char[]){(char)('a' + room), '\0'});
    }
    for (int i = 0; i < steps; i++)
        step(world);
    for (int i = 0; i < 2; i++) {
        outbox_commit(world->outboxes[i]);
        for (int room = 0; room < ROOMS; room++)
            audience_unref(world->audiences[room][i]);
        while (outbox_has_work(world->outboxes[i]))
            slice_receive(world, i, UINT64_MAX);
        assert_int_equal(outbox_queued(world->outboxes[i]), 0);
        outbox_free(world->outboxes[i]);
    }
    assert_true(world->lists > (unsigned)steps / 50);
    world_compare(world);
    free(world);
}

static void everybody_gets_the_same(void **state)
{
    (void)state;
    world_run(42, STEPS);
    for (uint64_t seed = 1; seed <= 20; seed++)
        world_run(seed, STEPS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_gets_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
