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

#define DISPLAYED "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>"

/* Far more than one join may read. */
static void asides_cost_nothing(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say(&rig, JULIET, "a", "<body>Adieu</body>");
    for (int i = 0; i < 2000; i++)
        say(&rig, ROMEO, "m", DISPLAYED);
    say(&rig, JULIET, "b", "<body>Adieu</body>");
    say(&rig, ROMEO, "s", "<subject>Farewell</subject>");
    for (int i = 0; i < 2000; i++)
        say(&rig, ROMEO, "m", DISPLAYED);
    rig_drain(&rig);
    char *wishes[] = {"", "maxstanzas='2'", "maxstanzas='1'"};
    const char *histories[] = {"a@0 b@2001 s@2002", "a@0 b@2001 s@2002", "b@2001 s@2002"};
    for (size_t i = 0; i < COUNT(wishes); i++)
        expect_history(&rig, wishes[i], histories[i]);
    /* What is said after a restart continues the chain. */
    rig_restart(&rig);
    rig_recover(&rig);
    for (int i = 0; i < 2000; i++)
        say(&rig, ROMEO, "m", DISPLAYED);
    expect_history(&rig, "", "a@0 b@2001 s@2002");
    rig_close(&rig);
}

/* A room without an archive keeps no more messages than its history shows, so others must not use
 * up that number. */
static void without_an_archive_too(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("enablearchiving", "0")));
    say(&rig, JULIET, "a", "<body>Adieu</body>");
    for (int i = 0; i < 200; i++)
        say(&rig, ROMEO, "m", DISPLAYED);
    expect_history(&rig, "", "a@0");
    rig_close(&rig);
}

static void put_old(struct rig *rig, int64_t *key, const char *children)
{
    struct buf stanza = BUF_INIT;
    buf_printf(&stanza,
               "<message from='" ROOM "/Romeo' type='groupchat' id='%d' to=''>%s</message>",
               (int)(*key & 0xFFFF), children);
    struct store_message row = {
        .key = *key,
        .room = 1,
        .number = ++*key & 0xFFFF,
        .author = span_of("romeo@verona.lit"),
        .nick = span_of("Romeo"),
        .said = STORE_SAID_UNKNOWN,
        .stanza = buf_span(&stanza),
        .to_at = (uint32_t)(strstr(stanza.data, " to='") + 5 - stanza.data),
    };
    assert_int_equal(store_message_add(rig->store, &row), STORE_OK);
    buf_free(&stanza);
}

/* The store did not tell talk from the rest when it stored them. */
static void old_messages_are_looked_at(void **state)
{
    (void)state;
    struct rig rig;
    int64_t key = START_MS << 16;
    room_open(&rig, CONFIGURE(""));
    for (int i = 0; i < 3; i++) {
        put_old(&rig, &key, "<body>Adieu</body>");
        put_old(&rig, &key, DISPLAYED);
        put_old(&rig, &key, "<body/>");
    }
    assert_int_equal(store_commit(rig.store), STORE_OK);
    rig_restart(&rig);
    rig_recover(&rig);
    rig.now_ms += 1000;
    say(&rig, ROMEO, "m", DISPLAYED);
    expect_history(&rig, "maxstanzas='2'", "3@0 6@0");
    say(&rig, ROMEO, "new", "<body>Adieu</body>");
    say(&rig, ROMEO, "m", DISPLAYED);
    expect_history(&rig, "maxstanzas='2'", "6@0 new@2");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_counted_whole),
        cmocka_unit_test(times_are_exact_to_the_millisecond),
        cmocka_unit_test(asides_cost_nothing),
        cmocka_unit_test(without_an_archive_too),
        cmocka_unit_test(old_messages_are_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
