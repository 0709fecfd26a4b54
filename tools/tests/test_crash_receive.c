/* Which presence coven-crash takes as a sign that a change was seen. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crash/receive.h"
#include "crash/run.h"
#include "wire/stream.h"

#define SEATS   6
#define SERVICE "room0@rooms.localhost"
#define USER    "http://jabber.org/protocol/muc#user"
#define HEADER                                                                                     \
    "<stream:stream xmlns='jabber:component:accept' "                                              \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

struct fixture {
    struct run run;
    struct wire_stream *stream;
};

static void opened(void *user, const struct wire_root *header)
{
    (void)user, (void)header;
}

static void closed(void *user)
{
    (void)user;
}

static void say(struct fixture *fixture, const char *text)
{
    assert_int_equal(wire_stream_feed(fixture->stream, text, strlen(text)), WIRE_OK);
}

/* User 0 is inside for the second time, user 5 for the first, and user 4 is joining. */
static int setup(void **state)
{
    static struct fixture fixture;
    struct wire_events events = {&fixture.run, opened, receive_stanza, closed};
    struct wire_limits limits = {.stanza_bytes = 65536};
    memset(&fixture, 0, sizeof fixture);
    model_init(&fixture.run.model, 1, SEATS);
    struct model_room *room = fixture.run.model.rooms;
    room->state.exists = true;
    room->state.nick[0] = room->seats[0].view[0] = room->seats[5].view[0] = 2;
    room->state.nick[5] = room->seats[0].view[5] = room->seats[5].view[5] = 1;
    room->change = (struct model_change){.kind = CHANGE_JOIN, .seat = 4, .after = room->state};
    room->change.after.nick[4] = 1;
    fixture.stream = wire_stream_new(&events, &limits, true);
    say(&fixture, HEADER);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(fixture->run.failure.len, 0);
    wire_stream_free(fixture->stream);
    model_free(&fixture->run.model);
    return 0;
}

/* Presence to user `to`, from that nick. */
static void tell(struct fixture *fixture, uint32_t to, const char *nick, const char *more)
{
    char text[512];
    snprintf(text, sizeof text, "<presence from='" SERVICE "/%s' to='r0s%u@localhost/c'%s", nick,
             to, more);
    say(fixture, text);
}

#define HERE     "><x xmlns='" USER "'/></presence>"
#define OWN      "><x xmlns='" USER "'><status code='110'/></x></presence>"
#define GONE_OWN " type='unavailable'" OWN

static bool seen(const struct fixture *fixture)
{
    return fixture->run.model.rooms[0].change.seen;
}

static void repeated_presence_is_no_sign(void **state)
{
    struct fixture *fixture = *state;
    tell(fixture, 0, "n0g1", GONE_OWN);
    assert_int_equal(fixture->run.model.rooms[0].seats[0].view[5], 0);
    tell(fixture, 0, "n5g1", HERE);
    tell(fixture, 0, "n0g2", OWN);
    assert_int_equal(fixture->run.model.rooms[0].seats[0].view[5], 1);
    assert_false(seen(fixture));
}

static void others_see_the_newcomer(void **state)
{
    tell(*state, 5, "n4g1", HERE);
    assert_true(seen(*state));
}

static void the_newcomer_sees_others(void **state)
{
    tell(*state, 4, "n5g1", HERE);
    assert_true(seen(*state));
}

static void the_newcomer_sees_himself(void **state)
{
    tell(*state, 4, "n4g1", OWN);
    assert_true(seen(*state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(repeated_presence_is_no_sign, setup, teardown),
        cmocka_unit_test_setup_teardown(others_see_the_newcomer, setup, teardown),
        cmocka_unit_test_setup_teardown(the_newcomer_sees_others, setup, teardown),
        cmocka_unit_test_setup_teardown(the_newcomer_sees_himself, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
