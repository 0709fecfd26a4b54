/* Stanzas for many, of which the server makes the copies. */

#include "test_outbox_fixture.h"

#include <stdio.h>

#include "coven/mem.h"
#include "outbox/outbox_parts.h"

#define DOMAIN "rooms.example"
#define OPEN   "<multi xmlns='urn:coven:multi:0' key='k1'>"
#define CROWD  1000

static const struct multi_terms terms = {.key = "k1", .recipients = 250, .bytes = 32768};

struct room {
    struct outbox *outbox;
    struct audience *audience;
    struct session sessions[CROWD + 1];
    char addresses[CROWD][32];
    uint32_t count;
};

static struct room *room_open(void)
{
    struct room *room = mem_new(sizeof *room);
    room->outbox = fixture_outbox();
    room->audience = fixture_audience(room->outbox, "room");
    outbox_multiply(room->outbox, DOMAIN, &terms);
    return room;
}

static void room_close(struct room *room)
{
    audience_unref(room->audience);
    outbox_free(room->outbox);
    free(room);
}

static void join(struct room *room, const char *address, bool local, bool sees_real, bool moderator)
{
    struct session *session = &room->sessions[room->count++];
    struct audience_entry entry = {
        .address = blob_new(span_of(address)),
        .owner = room->count,
        .sees_real = sees_real,
        .moderator = moderator,
        .local = local,
    };
    audience_add(room->audience, &session->seat, &entry);
    blob_unref(entry.address);
}

static void join_crowd(struct room *room, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        snprintf(room->addresses[i], sizeof room->addresses[i], "user%04u@example.org/r", i);
        join(room, room->addresses[i], true, true, false);
    }
}

static void fan(struct room *room, const char *pattern)
{
    outbox_fan(room->outbox, room->audience, stanza(pattern), 0);
    outbox_commit(room->outbox);
}

static void a_list_takes_the_place_of_copies(void **state)
{
    (void)state;
    struct room *room = room_open();
    join(room, "a@b/c", true, false, false);
    join(room, "d@b/My Phone", true, false, true);
    fan(room, "<message from='room/n' to='@' type='groupchat'><body>x</body></message>");
    expect_all(room->outbox, "<message from='room/n' to='" DOMAIN "' type='groupchat'>" OPEN
                             "a@b/c\td@b/My Phone</multi><body>x</body></message>");
    fan(room, "<presence to='@' from='room/n'/>");
    expect_all(room->outbox, "<presence to='" DOMAIN "' from='room/n'>" OPEN
                             "a@b/c\td@b/My Phone</multi></presence>");
    room_close(room);
}

static void the_others_get_stanzas_of_their_own(void **state)
{
    (void)state;
    struct room *room = room_open();
    join(room, "a@far/c", false, true, true);
    join(room, "b@b/c", true, true, true);
    join(room, "d@b/c", true, true, false);
    fan(room, "<m to='@'>1</m>");
    expect_all(room->outbox,
               "<m to='" DOMAIN "'>" OPEN "b@b/c\td@b/c</multi>1</m><m to='a@far/c'>1</m>");
    outbox_fan_moderators(room->outbox, room->audience, stanza("<m to='@'>2</m>"), 0);
    outbox_commit(room->outbox);
    expect_all(room->outbox, "<m to='b@b/c'>2</m><m to='a@far/c'>2</m>");
    outbox_fan(room->outbox, room->audience, stanza("<m to='@'>3</m>"), 2);
    outbox_commit(room->outbox);
    expect_all(room->outbox, "<m to='d@b/c'>3</m><m to='a@far/c'>3</m>");
    crowd(room->outbox, room->audience, "new@b/c", true, 0);
    outbox_commit(room->outbox);
    expect_all(room->outbox, ""); /* nobody has a presence */
    room_close(room);
}

static void all_of_a_list_get_the_same(void **state)
{
    (void)state;
    struct room *room = room_open();
    join(room, "a@b/c", true, false, false);
    join(room, "m@b/c", true, true, true);
    join(room, "d@b/c", true, false, false);
    join(room, "n@b/c", true, true, true);
    fan(room, "<p to='@'><item{ jid='x'}/></p>");
    expect_all(room->outbox, "<p to='" DOMAIN "'>" OPEN "m@b/c\tn@b/c</multi><item jid='x'/></p>"
                             "<p to='" DOMAIN "'>" OPEN "a@b/c\td@b/c</multi><item/></p>");
    fan(room, "<p to='@'{ jid='x'}/>"); /* the first tag itself differs */
    char *got = take(room->outbox, SLICE);
    assert_null(strstr(got, "multi"));
    free(got);
    room_close(room);
}

/* Expects stanzas of at most so many recipients and bytes that name everybody once, in order. */
static void expect_crowd(struct room *room, uint32_t recipients, size_t bytes, uint32_t stanzas)
{
    char *got = take(room->outbox, OUTBOX_SLICE_MIN), *at = got;
    uint32_t next = 0, made = 0;
    for (; *at; made++) {
        char *end = strstr(at, "</m>");
        assert_non_null(end);
        assert_in_range(end + 4 - at, 1, bytes);
        uint32_t before = next;
        for (char *user = at; (user = strstr(user, "user")) && user < end; user++, next++)
            assert_memory_equal(user, room->addresses[next], strlen(room->addresses[next]));
        assert_in_range(next - before, 1, recipients);
        at = end + 4;
    }
    assert_int_equal(next, room->count);
    assert_in_range(made, 1, stanzas);
    assert_false(outbox_has_work(room->outbox));
    free(got);
}

static void a_list_is_as_long_as_the_module_takes(void **state)
{
    (void)state;
    struct room *room = room_open();
    join_crowd(room, CROWD);
    fan(room, "<m to='@'>x</m>");
    expect_crowd(room, 250, 32768, CROWD / 100);
    outbox_multiply(room->outbox, DOMAIN, &(struct multi_terms){"k1", 7, 32768});
    fan(room, "<m to='@'>x</m>");
    expect_crowd(room, 7, 32768, CROWD / 7 + 20);
    outbox_multiply(room->outbox, DOMAIN, &(struct multi_terms){"k1", 250, 4096});
    fan(room, "<m to='@'>x</m>");
    expect_crowd(room, 250, 4096, CROWD / 100);
    room_close(room);
}

/* What the module or our own parser would not take whole. */
static void large_stanzas_go_singly(void **state)
{
    (void)state;
    struct room *room = room_open();
    struct buf large = BUF_INIT, full = BUF_INIT;
    buf_printf(&large, "<m to='@'>%0*d</m>", 20000, 0);
    buf_add_text(&full, "<m to='@'>");
    for (int i = 0; i < 600; i++)
        buf_add_text(&full, "<a/>");
    buf_add_text(&full, "</m>");
    join_crowd(room, 3);
    fan(room, large.data);
    fan(room, full.data);
    char *got = take(room->outbox, OUTBOX_SLICE_MIN);
    assert_null(strstr(got, "multi"));
    assert_false(outbox_has_work(room->outbox));
    free(got);
    buf_free(&large);
    buf_free(&full);
    room_close(room);
}

/* A slice that began with a stanza larger than it aims to be has room for nothing more. */
static void nothing_follows_a_stanza_above_the_aim(void **state)
{
    (void)state;
    struct room *room = room_open();
    struct buf large = BUF_INIT;
    char *slice = test_malloc(OUTBOX_SLICE_MIN);
    uint64_t weight = 0;
    join_crowd(room, CROWD);
    buf_printf(&large, "<m>%0*d</m>", (int)(OUTBOX_SLICE_AIM + 1000), 0);
    send_text(room->outbox, "room", large.data);
    for (int i = 0; i < 300; i++)
        fan(room, "<m to='@'>x</m>");
    size_t first = outbox_take(room->outbox, slice, OUTBOX_SLICE_MIN, UINT64_MAX, &weight);
    assert_int_equal(first, large.len);
    while (outbox_has_work(room->outbox))
        assert_in_range(outbox_take(room->outbox, slice, OUTBOX_SLICE_MIN, UINT64_MAX, &weight), 1,
                        OUTBOX_SLICE_AIM);
    test_free(slice);
    buf_free(&large);
    room_close(room);
}

static unsigned count_of(const char *text, const char *word)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        count++;
    return count;
}

/* A slice is limited by the copies that it makes the server make. */
static void copies_count_and_not_bytes(void **state)
{
    (void)state;
    struct room *room = room_open();
    join_crowd(room, CROWD);
    fan(room, "<m to='@'>x</m>");
    char slice[SLICE];
    uint64_t weight = 0;
    const uint64_t most = 100 * OUTBOX_COPY_WEIGHT / MULTI_WEIGHT_PART;
    size_t len = outbox_take(room->outbox, slice, sizeof slice - 1, most, &weight);
    slice[len] = '\0';
    assert_in_range(count_of(slice, "user"), 90, 100);
    assert_in_range(weight, most / 2, most);
    len = outbox_take(room->outbox, slice, sizeof slice - 1, 1, &weight);
    slice[len] = '\0';
    assert_in_range(count_of(slice, "user"), 2, 20); /* one stanza may exceed it */
    room_close(room);
}

/* A crowded room with much to say does not hold up another. */
static void lanes_share_the_copies(void **state)
{
    (void)state;
    struct room *room = room_open();
    join_crowd(room, CROWD);
    for (int i = 0; i < 100; i++)
        fan(room, "<m to='@'>x</m>");
    for (int i = 0; i < 5; i++)
        send_text(room->outbox, "small", "<small/>");
    outbox_commit(room->outbox);
    char *got = take(room->outbox, SLICE);
    char *last = got;
    assert_int_equal(count_of(got, "<small/>"), 5);
    for (char *at = got; (at = strstr(at, "<small/>")); at++)
        last = at;
    *last = '\0';
    assert_in_range(count_of(got, "user"), 0, 600);
    free(got);
    room_close(room);
}

static void the_load_is_smaller(void **state)
{
    (void)state;
    struct room *room = room_open();
    join_crowd(room, CROWD);
    uint64_t before = outbox_tally(room->outbox).load;
    fan(room, "<m to='@'>x</m>");
    uint64_t with = outbox_tally(room->outbox).load - before;
    assert_int_equal(outbox_load(room->outbox, span_of("room")), with);
    outbox_multiply(room->outbox, DOMAIN, NULL);
    before += with;
    fan(room, "<m to='@'>x</m>");
    uint64_t without = outbox_tally(room->outbox).load - before;
    assert_in_range(without, with * 39 / 10, with * 41 / 10);
    while (outbox_has_work(room->outbox))
        free(take(room->outbox, SLICE));
    assert_int_equal(outbox_load(room->outbox, span_of("room")), 0);
    room_close(room);
}

/* What is too large for lists is as much work as without the module. */
static void the_load_of_a_large_stanza_is_not(void **state)
{
    (void)state;
    struct room *room = room_open();
    struct buf large = BUF_INIT;
    buf_printf(&large, "<m to='@'>%0*d</m>", 20000, 0);
    join_crowd(room, 100);
    uint64_t before = outbox_tally(room->outbox).load;
    fan(room, large.data);
    assert_int_equal(outbox_tally(room->outbox).load - before,
                     100 * (OUTBOX_COPY_WEIGHT + large.len - 1));
    buf_free(&large);
    room_close(room);
}

/* The module goes, or comes, while a fan is half sent. */
static void a_change_in_the_middle_loses_nobody(void **state)
{
    (void)state;
    for (int ends = 0; ends < 2; ends++) {
        struct room *room = room_open();
        join_crowd(room, CROWD);
        join(room, "far@away/r", false, true, false);
        outbox_multiply(room->outbox, DOMAIN, ends ? &terms : NULL);
        fan(room, "<m to='@'>x</m>");
        char *first = take(room->outbox, 4000);
        outbox_multiply(room->outbox, DOMAIN, ends ? NULL : &terms);
        char *rest = take(room->outbox, OUTBOX_SLICE_MIN);
        assert_false(outbox_has_work(room->outbox));
        for (uint32_t i = 0; i < CROWD; i++)
            assert_int_equal(
                count_of(first, room->addresses[i]) + count_of(rest, room->addresses[i]), 1);
        assert_int_equal(count_of(rest, "far@away/r"), 1);
        assert_int_equal(count_of(rest, "multi"), 0); /* a fan that began singly goes on so */
        free(first);
        free(rest);
        room_close(room);
    }
}

/* The walk begins anew for each group, and is over with the last one. */
static void closed_slots_are_freed_afterwards(void **state)
{
    (void)state;
    struct room *room = room_open();
    join_crowd(room, 10);
    for (int i = 0; i < 3; i++) {
        fan(room, "<m to='@'>x</m>");
        free(take(room->outbox, SLICE));
        assert_false(outbox_has_work(room->outbox));
        audience_remove(room->audience, &room->sessions[i].seat);
    }
    assert_int_equal(room->audience->begun, 0);
    assert_int_equal(room->audience->count, 7);
    room_close(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_takes_the_place_of_copies),
        cmocka_unit_test(the_others_get_stanzas_of_their_own),
        cmocka_unit_test(all_of_a_list_get_the_same),
        cmocka_unit_test(a_list_is_as_long_as_the_module_takes),
        cmocka_unit_test(large_stanzas_go_singly),
        cmocka_unit_test(nothing_follows_a_stanza_above_the_aim),
        cmocka_unit_test(copies_count_and_not_bytes),
        cmocka_unit_test(lanes_share_the_copies),
        cmocka_unit_test(the_load_is_smaller),
        cmocka_unit_test(the_load_of_a_large_stanza_is_not),
        cmocka_unit_test(a_change_in_the_middle_loses_nobody),
        cmocka_unit_test(closed_slots_are_freed_afterwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
