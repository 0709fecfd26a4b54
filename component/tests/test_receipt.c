/* When the server is asked what it has read, and what its answer confirms. */

#include <time.h>

#include "receipt.h"
#include "room_fixture.h"

struct stage {
    struct rig rig;
    struct receipt receipt;
};

static void stage_open(struct stage *stage)
{
    room_open(&stage->rig, CONFIGURE(""));
    rig_confirm(&stage->rig);
    stage->receipt = (struct receipt){.service = stage->rig.service, .outbox = stage->rig.outbox};
}

/* Runs one turn, and leaves its output in the outbox. */
static void play(struct stage *stage, const char *text)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(stage->rig.xmpp, text);
    service_stanza(stage->rig.service, stanza, false);
    assert_int_equal(store_commit(stage->rig.store), STORE_OK);
    outbox_commit(stage->rig.outbox);
    service_settle(stage->rig.service, true);
    xmpp_stanza_release(stanza);
}

static void come(struct stage *stage)
{
    receipt_arrived(&stage->receipt);
    assert_int_equal(store_commit(stage->rig.store), STORE_OK);
    service_settle(stage->rig.service, true);
}

static void nothing_is_asked_for_messages(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    assert_false(receipt_wanted(&stage.receipt, true));
    play(&stage, SAY(ROMEO, "Hi"));
    rig_collect(&stage.rig);
    assert_false(receipt_wanted(&stage.receipt, true));
    rig_close(&stage.rig);
}

static void it_is_asked_when_all_was_taken(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    play(&stage, SHOW(JULIET, "Juliet", "away"));
    assert_false(receipt_wanted(&stage.receipt, false)); /* the line is drawn here */
    play(&stage, SHOW(ROMEO, "Romeo", "dnd"));
    rig_collect(&stage.rig);
    assert_true(receipt_wanted(&stage.receipt, false));
    assert_false(receipt_wanted(&stage.receipt, true)); /* one at a time */
    come(&stage);
    assert_true(service_unconfirmed(stage.rig.service) > 0); /* Romeo's change is after the line */
    assert_true(receipt_wanted(&stage.receipt, true));
    come(&stage);
    assert_int_equal(service_unconfirmed(stage.rig.service), 0);
    assert_false(receipt_wanted(&stage.receipt, true));
    rig_close(&stage.rig);
}

/* The link may ask in the middle of a turn, whose changes are after the line. */
static void a_turn_that_is_open_does_not_count(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    play(&stage, SHOW(JULIET, "Juliet", "away"));
    int64_t first = service_unconfirmed(stage.rig.service);
    xmpp_stanza_t *open = xmpp_stanza_new_from_string(stage.rig.xmpp, SHOW(ROMEO, "Romeo", "dnd"));
    service_stanza(stage.rig.service, open, false);
    assert_int_equal(service_unconfirmed(stage.rig.service), first);
    rig_collect(&stage.rig);
    assert_true(receipt_wanted(&stage.receipt, true));
    assert_int_equal(stage.receipt.change, first);
    outbox_commit(stage.rig.outbox);
    come(&stage);
    assert_true(service_unconfirmed(stage.rig.service) > first);
    assert_false(receipt_wanted(&stage.receipt, true)); /* Romeo's is not taken yet */
    rig_collect(&stage.rig);
    assert_true(receipt_wanted(&stage.receipt, true));
    xmpp_stanza_release(open);
    rig_close(&stage.rig);
}

static void it_takes_its_time(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    play(&stage, SHOW(JULIET, "Juliet", "away"));
    rig_collect(&stage.rig);
    assert_true(receipt_wanted(&stage.receipt, false));
    come(&stage);
    play(&stage, SHOW(JULIET, "Juliet", "xa"));
    rig_collect(&stage.rig);
    assert_false(receipt_wanted(&stage.receipt, false));
    nanosleep(&(struct timespec){1, 50000000}, NULL);
    assert_true(receipt_wanted(&stage.receipt, false));
    rig_close(&stage.rig);
}

/* Questions of the old connection are never answered. */
static void a_cut_link_makes_it_void(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage);
    play(&stage, SHOW(JULIET, "Juliet", "away"));
    rig_collect(&stage.rig);
    assert_true(receipt_wanted(&stage.receipt, true));
    receipt_cancel(&stage.receipt);
    service_recover(stage.rig.service);
    assert_true(service_is_recovering(stage.rig.service));
    outbox_commit(stage.rig.outbox);
    assert_false(receipt_wanted(&stage.receipt, true)); /* not before the changes were sent again */
    stage.rig.holds_output = true;
    rig_retell(&stage.rig);
    assert_false(receipt_wanted(&stage.receipt, true)); /* and their output was taken */
    rig_collect(&stage.rig);
    assert_true(receipt_wanted(&stage.receipt, true));
    come(&stage);
    assert_int_equal(service_unconfirmed(stage.rig.service), 0);
    rig_close(&stage.rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_asked_for_messages),
        cmocka_unit_test(it_is_asked_when_all_was_taken),
        cmocka_unit_test(a_turn_that_is_open_does_not_count),
        cmocka_unit_test(it_takes_its_time),
        cmocka_unit_test(a_cut_link_makes_it_void),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
