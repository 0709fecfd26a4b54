/* How much of the history a newcomer gets, exact to the character and the millisecond. */

#include "clock_fixture.h"
#include "coven/utf8.h"

/* Tybalt joins and asks for `chars` characters. The history stays in the output. */
static void enter(struct rig *rig, size_t chars)
{
    struct buf join = BUF_INIT;
    buf_printf(&join,
               "<presence from='" TYBALT "' to='" ROOM
               "/Tybalt'><x xmlns='http://jabber.org/protocol/muc'><history maxchars='%zu'/></x>"
               "</presence>",
               chars);
    rig_drain(rig);
    rig_send(rig, join.data);
    buf_free(&join);
    rig_expect(rig, TYBALT, "from='" ROOM "/Romeo'", NULL);
    rig_expect(rig, TYBALT, "from='" ROOM "/Juliet'", NULL);
    rig_expect(rig, TYBALT, "from='" ROOM "/Mercutio'", NULL);
    rig_expect(rig, TYBALT, "code='110'", NULL);
}

static void leave(struct rig *rig)
{
    rig_expect(rig, TYBALT, "<subject/>", NULL);
    rig_send(rig, "<presence type='unavailable' from='" TYBALT "' to='" ROOM "/Tybalt'/>");
    rig_expect(rig, TYBALT, "type='unavailable'", NULL);
}

static void characters_are_counted_whole(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say(&rig, ROMEO, "m1", "<body>Adieu</body>");
    say(&rig, ROMEO, "m2", "<body>\xC3\x84\xE2\x82\xAC\xF0\x9F\x92\x80 &amp;</body>");
    enter(&rig, 100000);
    char *first = rig_receive(&rig, TYBALT), *second = rig_receive(&rig, TYBALT);
    leave(&rig);
    assert_non_null(strstr(first, "id='m1'"));
    assert_non_null(strstr(second, "id='m2'"));
    size_t one = utf8_count(span_of(second)), both = one + utf8_count(span_of(first));
    free(first);
    free(second);

    enter(&rig, one - 1);
    leave(&rig);
    enter(&rig, one);
    rig_expect(&rig, TYBALT, "id='m2'", NULL);
    leave(&rig);
    enter(&rig, both - 1);
    rig_expect(&rig, TYBALT, "id='m2'", NULL);
    leave(&rig);
    enter(&rig, both);
    rig_expect(&rig, TYBALT, "id='m1'", NULL);
    rig_expect(&rig, TYBALT, "id='m2'", NULL);
    leave(&rig);
    rig_close(&rig);
}

/* `since` and `seconds` both leave out what was sent in that very millisecond. */
static void times_are_exact_to_the_millisecond(void **state)
{
    static const char *const ids[] = {"before", "then", "after"};
    static const char *const wishes[] = {
        "since='2026-01-01T00:00:10.001Z'",
        "seconds='5'",
        "seconds='5' since='2026-01-01T00:00:10.000Z'",
        "seconds='6' since='2026-01-01T00:00:10.001Z'",
    };
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    for (unsigned i = 0; i < 3; i++) {
        rig.now_ms = START_MS + 10000 + i;
        say(&rig, ROMEO, ids[i], "<body>Adieu</body>");
    }
    rig.now_ms = START_MS + 15001;
    for (size_t i = 0; i < COUNT(wishes); i++)
        expect_history(&rig, wishes[i], "after@10");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_counted_whole),
        cmocka_unit_test(times_are_exact_to_the_millisecond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
