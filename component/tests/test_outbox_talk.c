/* Talk: which jobs overtake it, and when it is dropped. */

#include "outbox/outbox_parts.h"
#include "test_outbox_three.h"

static void say(struct outbox *outbox, struct audience *audience, uint32_t author,
                const char *pattern)
{
    outbox_speak(outbox, author);
    outbox_fan(outbox, audience, stanza(pattern), 0);
    outbox_speak(outbox, 0);
}

static void hurry(struct outbox *outbox, const char *text)
{
    outbox_hurry(outbox, true);
    send_text(outbox, "room", text);
    outbox_hurry(outbox, false);
}

static void what_hurries_overtakes_talk(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    say(outbox, audience, 7, "1@ ");
    say(outbox, audience, 8, "2@ ");
    outbox_commit(outbox);
    hurry(outbox, "first ");
    hurry(outbox, "second ");
    send_text(outbox, "room", "last");
    outbox_commit(outbox);
    expect_all(outbox, "first second 1alice 1bob 1bob2 2alice 2bob 2bob2 last");
    end(outbox, audience);
}

static void it_overtakes_nothing_else(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    say(outbox, audience, 7, "1@ ");
    crowd(outbox, audience, "x", false, 0);
    say(outbox, audience, 7, "2@ ");
    outbox_commit(outbox);
    hurry(outbox, "kick ");
    say(outbox, audience, 7, "3@ ");
    outbox_commit(outbox);
    hurry(outbox, "result ");
    outbox_commit(outbox);
    expect_all(outbox,
               "1alice 1bob 1bob2 <ax><bx>kick result 2alice 2bob 2bob2 3alice 3bob 3bob2 ");
    end(outbox, audience);
}

static void talk_that_is_half_sent_goes_on_behind_it(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    say(outbox, audience, 7, "1@ ");
    outbox_commit(outbox);
    expect_take(outbox, 8, "1alice ");
    hurry(outbox, "kick ");
    outbox_commit(outbox);
    expect_all(outbox, "kick 1bob 1bob2 ");
    end(outbox, audience);
}

static void who_is_silenced_says_no_more(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    for (int i = 0; i < 3; i++) {
        say(outbox, audience, 7, "bad@ ");
        say(outbox, audience, 8, "good@ ");
    }
    outbox_commit(outbox);
    expect_take(outbox, 10, "badalice ");
    say(outbox, audience, 7, "bad@ ");
    outbox_silence(outbox, audience->lane, 7);
    send_text(outbox, "room", "kicked ");
    say(outbox, audience, 7, "again@ ");
    outbox_commit(outbox);
    expect_all(outbox, "goodalice goodbob goodbob2 goodalice goodbob goodbob2 goodalice goodbob "
                       "goodbob2 kicked againalice againbob againbob2 ");
    assert_int_equal(lane_load(audience->lane), 0);
    end(outbox, audience);
}

static void a_lane_may_be_empty_then(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    say(outbox, audience, 7, "bad@ ");
    outbox_commit(outbox);
    outbox_silence(outbox, audience->lane, 7);
    outbox_commit(outbox);
    assert_false(outbox_has_work(outbox));
    assert_int_equal(outbox_queued(outbox), 0);
    assert_true(outbox_is_past_line(outbox));
    end(outbox, audience);
}

static void a_dropped_turn_silences_nobody(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    say(outbox, audience, 7, "1@ ");
    outbox_commit(outbox);
    outbox_silence(outbox, audience->lane, 7);
    outbox_drop(outbox);
    outbox_commit(outbox);
    expect_all(outbox, "1alice 1bob 1bob2 ");
    end(outbox, audience);
}

/* Each job keeps its place in the audience while other jobs end and sessions come and go. */
static void two_walks_on_one_audience(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    struct session guests[20];
    for (uint32_t i = 0; i < 20; i++) {
        guests[i] = (struct session){.address = "guest", .owner = 10 + i};
        session_join(audience, &guests[i]);
    }
    say(outbox, audience, 7, "t@ ");
    outbox_commit(outbox);
    expect_take(outbox, 8, "talice ");
    outbox_hurry(outbox, true);
    outbox_fan(outbox, audience, stanza("k@ "), 0);
    outbox_hurry(outbox, false);
    outbox_commit(outbox);
    expect_take(outbox, 8, "kalice ");
    for (uint32_t i = 0; i < 20; i++)
        audience_remove(audience, &guests[i].seat);
    outbox_silence(outbox, audience->lane, 7);
    outbox_commit(outbox);
    session_change(audience, &alice);
    char *got = take(outbox, SLICE);
    assert_memory_equal(got, "kbob kbob2 kguest ", 18);
    assert_int_equal(strlen(got), 11 + 20 * 7);
    free(got);
    assert_int_equal(audience->count, 3);
    end(outbox, audience);
}

static void load_is_what_a_server_has_to_do(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    uint64_t before = outbox_tally(outbox).load;
    say(outbox, audience, 7, "1@ ");
    const size_t said = 3 * (OUTBOX_COPY_WEIGHT + strlen("1 "));
    const size_t shown = 3 * OUTBOX_COPY_WEIGHT + strlen("<a><b!>");
    const size_t sent = OUTBOX_COPY_WEIGHT + strlen("5");
    assert_int_equal(lane_load(audience->lane), said);
    crowd(outbox, audience, "x", false, 0);
    send_text(outbox, "room", "5");
    assert_int_equal(lane_load(audience->lane), said + shown + sent);
    assert_int_equal(outbox_tally(outbox).load - before, said + shown + sent);
    assert_int_equal(outbox_tally(outbox).answers, 1);
    outbox_commit(outbox);
    free(take(outbox, SLICE));
    assert_int_equal(lane_load(audience->lane), 0);
    end(outbox, audience);
}

struct delivery {
    const char *pattern;
    bool sees_real;
    const char *copy;
};

static const struct delivery deliveries[] = {
    {"<m to='@'/>", false, "<m to='carol'/>"},
    {"<m to='@'{ jid='x'}/>", false, "<m to='carol'/>"},
    {"<m to='@'{ jid='x'}/>", true, "<m to='carol' jid='x'/>"},
    {"@{1}.{2}", false, "carol."},
    {"@{1}.{2}", true, "carol1.2"},
};

static void a_delivery_counts_as_its_copy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof deliveries / sizeof *deliveries; i++) {
        const struct delivery *delivery = &deliveries[i];
        struct outbox *sends = fixture_outbox(), *delivers = fixture_outbox();
        send_text(sends, "room", delivery->copy);
        deliver(delivers, "room", delivery->pattern, "carol", delivery->sees_real);
        struct outbox_tally sent = outbox_tally(sends), delivered = outbox_tally(delivers);
        assert_int_equal(delivered.load, sent.load);
        assert_int_equal(delivered.answers, sent.answers);
        assert_int_equal(outbox_queued(delivers), outbox_queued(sends));
        assert_int_equal(outbox_load(delivers, span_of("room")), sent.load);
        outbox_commit(delivers);
        expect_all(delivers, delivery->copy);
        outbox_free(sends);
        outbox_free(delivers);
    }
}

static void who_is_silenced_delivers_no_more(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = three(outbox);
    outbox_speak(outbox, 7);
    deliver(outbox, "room", "lost@", "x", false);
    outbox_speak(outbox, 8);
    deliver(outbox, "room", "kept@", "x", false);
    outbox_speak(outbox, 0);
    outbox_commit(outbox);
    hurry(outbox, "before ");
    outbox_silence(outbox, audience->lane, 7);
    outbox_commit(outbox);
    expect_all(outbox, "before keptx");
    end(outbox, audience);
}

/* Queued presence is dropped, and messages keep their order. */
static void presence_is_forgotten(void **state)
{
    (void)state;
    struct outbox *outbox = fixture_outbox();
    struct audience *audience = fixture_audience(outbox, "room");
    struct session session = {.address = "a", .presence = "<presence @/>", .owner = 1};
    session_join(audience, &session);
    send_text(outbox, "room", "<message/>");
    send_text(outbox, "room", "<presence/>");
    outbox_fan(outbox, audience, stanza("<presence to='@'/>"), 0);
    crowd(outbox, audience, "b", false, 0);
    outbox_fan(outbox, audience, stanza("<message to='@'/>"), 0);
    send_text(outbox, "other", "<presence/>");
    send_text(outbox, "other", "<presence type='error'><x/></presence>");
    deliver(outbox, "other", "<presence to='@'/>", "a", false);
    deliver(outbox, "other", "<presence type='error' to='@'/>", "a", false);
    outbox_commit(outbox);
    send_text(outbox, "room", "<presence staged=''/>");
    outbox_forget_presence(outbox);
    outbox_commit(outbox);
    char *all = take(outbox, SLICE);
    assert_string_equal(all, "<message/><message to='a'/><presence staged=''/>"
                             "<presence type='error'><x/></presence>"
                             "<presence type='error' to='a'/>");
    free(all);
    assert_int_equal(outbox_queued(outbox), 0);
    audience_unref(audience);
    outbox_free(outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_hurries_overtakes_talk),
        cmocka_unit_test(it_overtakes_nothing_else),
        cmocka_unit_test(talk_that_is_half_sent_goes_on_behind_it),
        cmocka_unit_test(who_is_silenced_says_no_more),
        cmocka_unit_test(a_lane_may_be_empty_then),
        cmocka_unit_test(a_dropped_turn_silences_nobody),
        cmocka_unit_test(two_walks_on_one_audience),
        cmocka_unit_test(load_is_what_a_server_has_to_do),
        cmocka_unit_test(a_delivery_counts_as_its_copy),
        cmocka_unit_test(who_is_silenced_delivers_no_more),
        cmocka_unit_test(presence_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
