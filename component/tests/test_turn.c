/* A store that fails in the middle of a turn: no trace of it remains, and the service goes on. */

#include "coven/buf.h"
#include "room_fixture.h"
#include "turn.h"

struct stage {
    struct rig rig;
    struct turn *turn;
};

static void stage_open(struct stage *stage)
{
    rig_open(&stage->rig);
    stage->turn = turn_new(stage->rig.service, stage->rig.store, stage->rig.outbox);
}

static void stage_close(struct stage *stage)
{
    turn_free(stage->turn);
    rig_close(&stage->rig);
}

/* One turn with all of these stanzas; NULL ends them. */
static void play(struct stage *stage, ...)
{
    va_list texts;
    va_start(texts, stage);
    turn_begin(stage->turn);
    for (const char *text = va_arg(texts, const char *); text; text = va_arg(texts, const char *)) {
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(stage->rig.xmpp, text);
        assert_non_null(stanza);
        turn_stanza(stage->turn, stanza, false);
        xmpp_stanza_release(stanza);
    }
    va_end(texts);
    turn_end(stage->turn);
    rig_collect(&stage->rig);
}

static void open_room(struct stage *stage)
{
    stage_open(stage);
    play(stage, JOIN(ROMEO, "Romeo"), CONFIGURE(""), NULL);
    play(stage, JOIN(JULIET, "Juliet"), NULL);
    rig_drain(&stage->rig);
}

static void requests_of_a_failed_turn_are_refused(void **state)
{
    (void)state;
    struct stage stage;
    open_room(&stage);
    stage.rig.fail_at = 1;
    play(&stage, SAY(ROMEO, "Lost"), SAY(JULIET, "Lost too"), NULL);
    rig_expect(&stage.rig, ROMEO, "type='error'", "type='wait'", "<resource-constraint", NULL);
    rig_expect(&stage.rig, JULIET, "type='error'", "type='wait'", "<resource-constraint", NULL);
    rig_expect_nothing(&stage.rig, NULL);
    play(&stage, SAY(ROMEO, "Kept"), NULL);
    rig_expect(&stage.rig, ROMEO, "<body>Kept</body>", NULL);
    rig_expect(&stage.rig, JULIET, "<body>Kept</body>", NULL);
    rig_expect_nothing(&stage.rig, NULL);
    stage_close(&stage);
}

/* Whichever call of a turn fails, nothing that the turn wrote is found later. */
static void a_failed_turn_keeps_nothing(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= 9; k++) {
        struct stage stage;
        open_room(&stage);
        stage.rig.fail_at = k;
        play(&stage, SAY(ROMEO, "Lost"), SAY(ROMEO, "Lost"), NULL);
        assert_int_equal(stage.rig.fail_at, 0);
        play(&stage, SAY(ROMEO, "Kept"), JOIN(NURSE, "Nurse"), NULL);
        bool kept = false;
        for (char *stanza = rig_receive(&stage.rig, NURSE); stanza;
             stanza = rig_receive(&stage.rig, NURSE)) {
            assert_null(strstr(stanza, "Lost"));
            kept = kept || strstr(stanza, "Kept");
            free(stanza);
        }
        assert_true(kept);
        stage_close(&stage);
    }
}

/* A leave is not repeated by its sender, so it is applied when the store works again. */
static void a_leave_is_not_lost(void **state)
{
    (void)state;
    struct stage stage;
    open_room(&stage);
    stage.rig.fail_at = 1;
    play(&stage, LEAVE(JULIET), NULL);
    rig_expect_nothing(&stage.rig, NULL);
    play(&stage, NULL);
    rig_expect(&stage.rig, JULIET, "type='unavailable'", "<status code='110'/>", NULL);
    rig_expect(&stage.rig, ROMEO, "from='" ROOM "/Juliet'", "type='unavailable'", NULL);
    rig_expect_nothing(&stage.rig, NULL);
    stage_close(&stage);
}

/* Every presence that a newcomer gets; the newcomer then leaves again. */
static char *look(struct stage *stage)
{
    struct buf seen = BUF_INIT;
    rig_drain(&stage->rig);
    play(stage, JOIN(NURSE, "Nurse"), LEAVE(NURSE), NULL);
    for (char *stanza = rig_receive(&stage->rig, NURSE); stanza;
         stanza = rig_receive(&stage->rig, NURSE)) {
        if (strncmp(stanza, "<presence", 9) == 0)
            buf_add_text(&seen, stanza);
        free(stanza);
    }
    return buf_take(&seen);
}

/* Memory and store agree afterwards: a restart changes nothing. */
static void check_same_after_restart(struct stage *stage)
{
    char *before = look(stage);
    turn_free(stage->turn);
    rig_restart(&stage->rig);
    stage->turn = turn_new(stage->rig.service, stage->rig.store, stage->rig.outbox);
    char *after = look(stage);
    assert_true(*before != '\0');
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static unsigned answers_to(struct stage *stage, const char *to, const char *id)
{
    unsigned answers = 0;
    for (char *stanza = rig_receive(&stage->rig, to); stanza;
         stanza = rig_receive(&stage->rig, to)) {
        answers += strncmp(stanza, "<iq", 3) == 0 && strstr(stanza, id) != NULL;
        free(stanza);
    }
    return answers;
}

#define STEPS 150 /* more than the script takes */

static void every_call_may_fail(void **state)
{
    (void)state;
    for (unsigned k = 1; k <= STEPS; k++) {
        struct stage stage;
        stage_open(&stage);
        stage.rig.fail_at = k;
        play(&stage, JOIN(ROMEO, "Romeo"), NULL);
        rig_drain(&stage.rig);
        play(&stage, CONFIGURE(""), JOIN(JULIET, "Juliet"), NULL);
        assert_int_equal(answers_to(&stage, ROMEO, "id='owner'"), 1);
        play(&stage, SAY(JULIET, "One"), SAY(ROMEO, "Two"), NULL);
        play(&stage, "<presence from='" JULIET "' to='" ROOM "/Jule'/>", NULL);
        play(&stage, OWNER("<x xmlns='jabber:x:data' type='cancel'/>"), LEAVE(JULIET), NULL);
        play(&stage, JOIN(JULIET, "Juliet"), NULL);
        if (k == STEPS)
            assert_true(stage.rig.fail_at > 0);
        stage.rig.fail_at = 0;
        play(&stage, NULL);
        check_same_after_restart(&stage);
        stage_close(&stage);
    }
}

/* ---- Archives: pages read between turns ---- */

#define ASK(from)                                                                                  \
    "<iq type='set' id='q' from='" from "' to='" ROOM "'><query xmlns='urn:xmpp:mam:2'/></iq>"
#define DESTROY OWNER("<destroy/>")

static void finish_task(struct stage *stage, struct task *task)
{
    turn_begin(stage->turn);
    turn_task(stage->turn, task);
    turn_end(stage->turn);
    rig_collect(&stage->rig);
}

/* Juliet asks, then `change` happens; her page is read before or after that, and sent last. */
static void ask_and_change(struct stage *stage, bool read_before, const char *change,
                           const char *next)
{
    play(stage, SAY(ROMEO, "Words"), NULL);
    play(stage, ASK(JULIET), NULL);
    struct task *task = rig_take_task(&stage->rig);
    assert_non_null(task);
    if (read_before)
        task->run(task, stage->rig.store);
    if (change)
        play(stage, change, NULL);
    if (next)
        play(stage, next, NULL);
    rig_drain(&stage->rig);
    if (!read_before)
        task->run(task, stage->rig.store);
    finish_task(stage, task);
}

static void a_page_is_for_those_who_may_still_read(void **state)
{
    (void)state;
    static const struct {
        const char *first, *change, *next, *condition;
    } cases[] = {
        {CONFIGURE(""), AFFILIATE("juliet@capulet.lit", "outcast"), NULL, "<forbidden"},
        {CONFIGURE(""), CONFIGURE(CONFIG_FIELD("enablearchiving", "0")), NULL,
         "<service-unavailable"},
        {CONFIGURE(""), DESTROY, NULL, "<item-not-found"},
        {CONFIGURE(""), DESTROY, JOIN(JULIET, "Juliet"), "<item-not-found"},
        {CONFIGURE(CONFIG_FIELD("whois", "anyone")), CONFIGURE(CONFIG_FIELD("whois", "moderators")),
         NULL, "<resource-constraint"},
    };
    for (size_t i = 0; i < 2 * COUNT(cases); i++) {
        struct stage stage;
        open_room(&stage);
        play(&stage, cases[i / 2].first, NULL);
        ask_and_change(&stage, i % 2, cases[i / 2].change, cases[i / 2].next);
        rig_expect(&stage.rig, JULIET, "<iq ", "type='error'", "id='q'", cases[i / 2].condition,
                   NULL);
        rig_expect_nothing(&stage.rig, NULL);
        stage_close(&stage);
    }
    struct stage stage;
    open_room(&stage);
    ask_and_change(&stage, true, CONFIGURE(CONFIG_FIELD("whois", "anyone")), NULL);
    rig_expect(&stage.rig, JULIET, "<message ", "<body>Words</body>", NULL);
    rig_expect(&stage.rig, JULIET, "<iq ", "type='result'", "id='q'", NULL);
    stage_close(&stage);
}

/* A message that is retracted while a page is read is not in the page. */
static void a_page_does_not_bring_back_what_was_taken_back(void **state)
{
    (void)state;
    struct stage stage;
    struct buf text = BUF_INIT;
    open_room(&stage);
    play(&stage, SAY(ROMEO, "Oops"), NULL);
    char *said = rig_receive(&stage.rig, JULIET), *id = strstr(said, "<stanza-id ");
    assert_non_null(id);
    buf_printf(&text,
               "<message xmlns='jabber:client' type='groupchat' id='back' from='" ROMEO
               "' to='" ROOM "'><retract xmlns='urn:xmpp:message-retract:1' id='%.32s'/></message>",
               strstr(id, " id='") + 5);
    ask_and_change(&stage, true, text.data, NULL);
    rig_expect(&stage.rig, JULIET, "<iq ", "type='error'", "<resource-constraint", NULL);
    rig_expect_nothing(&stage.rig, NULL);
    play(&stage, ASK(JULIET), NULL);
    struct task *task = rig_take_task(&stage.rig);
    task->run(task, stage.rig.store);
    finish_task(&stage, task);
    assert_null(strstr(stage.rig.out.data, "Oops"));
    rig_expect(&stage.rig, JULIET, "<retracted ", NULL);
    buf_free(&text);
    free(said);
    stage_close(&stage);
}

/* The page was read before its turn failed, and is sent all the same. */
static void a_page_outlives_a_failed_turn(void **state)
{
    (void)state;
    struct stage stage;
    open_room(&stage);
    play(&stage, SAY(ROMEO, "Words"), ASK(JULIET), NULL);
    rig_drain(&stage.rig);
    struct task *task = rig_take_task(&stage.rig);
    task->run(task, stage.rig.store);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(stage.rig.xmpp, SAY(ROMEO, "Lost"));
    stage.rig.fail_at = 1;
    turn_begin(stage.turn);
    turn_stanza(stage.turn, stanza, false);
    turn_task(stage.turn, task);
    turn_end(stage.turn);
    rig_collect(&stage.rig);
    xmpp_stanza_release(stanza);
    rig_expect(&stage.rig, ROMEO, "type='error'", "<resource-constraint", NULL);
    rig_expect(&stage.rig, JULIET, "<message ", "<body>Words</body>", NULL);
    rig_expect(&stage.rig, JULIET, "<iq ", "type='result'", "id='q'", NULL);
    rig_expect_nothing(&stage.rig, NULL);
    stage_close(&stage);
}

/* After the rollback nothing more is written. */
static void retention_in_a_failed_turn_deletes_nothing(void **state)
{
    (void)state;
    struct stage stage;
    open_room(&stage);
    stage.rig.settings.limits.archive_keep = 1;
    service_configure(stage.rig.service, &stage.rig.settings);
    play(&stage, SAY(ROMEO, "Old"), SAY(ROMEO, "New"), NULL);
    turn_begin(stage.turn);
    service_tick(stage.rig.service);
    turn_end(stage.turn);
    struct task *task = service_take_task(stage.rig.service, TASK_SEARCH);
    assert_non_null(task);
    task->run(task, stage.rig.store);
    stage.rig.fail_at = 1;
    finish_task(&stage, task);
    assert_int_equal(stage.rig.fail_at, 0);
    play(&stage, NULL);
    assert_null(service_take_task(stage.rig.service, TASK_SEARCH)); /* not before the next tick */
    rig_drain(&stage.rig);
    play(&stage, ASK(ROMEO), NULL);
    task = rig_take_task(&stage.rig);
    task->run(task, stage.rig.store);
    finish_task(&stage, task);
    rig_expect(&stage.rig, ROMEO, "<body>Old</body>", NULL);
    stage_close(&stage);
}

/* Pages read before the outbox was full are not added to it. */
static void a_page_waits_for_room_to_send_it(void **state)
{
    (void)state;
    struct stage stage;
    char words[60000];
    struct buf text = BUF_INIT;
    open_room(&stage);
    memset(words, 'x', sizeof words);
    buf_add_text(&text, "<message xmlns='jabber:client' type='groupchat' from='" ROMEO "' to='" ROOM
                        "'><body>");
    buf_add(&text, words, sizeof words);
    buf_add_text(&text, "</body></message>");
    for (unsigned i = 0; i < 3; i++)
        play(&stage, text.data, NULL);
    play(&stage, ASK(JULIET), NULL);
    struct task *task = rig_take_task(&stage.rig);
    task->run(task, stage.rig.store);
    turn_begin(stage.turn);
    for (unsigned i = 0; !outbox_is_full(stage.rig.outbox); i++) {
        assert_true(i < 10000);
        xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(stage.rig.xmpp, text.data);
        turn_stanza(stage.turn, stanza, false);
        xmpp_stanza_release(stanza);
    }
    size_t queued = outbox_queued(stage.rig.outbox);
    turn_task(stage.turn, task);
    assert_in_range(outbox_queued(stage.rig.outbox), queued, queued + 4096);
    turn_end(stage.turn);
    buf_free(&text);
    stage_close(&stage);
}

/* A join fails if the history cannot be read. */
static void no_join_without_its_history(void **state)
{
    (void)state;
    bool refused = false, inside = false;
    for (unsigned k = 1; !inside || k < 6; k++) {
        struct stage stage;
        open_room(&stage);
        play(&stage, SAY(ROMEO, "Words"), NULL);
        rig_drain(&stage.rig);
        stage.rig.fail_at = k;
        play(&stage, JOIN(NURSE, "Nurse"), NULL);
        bool error = strstr(stage.rig.out.data, "<resource-constraint") != NULL;
        bool words = strstr(stage.rig.out.data, "<body>Words</body>") != NULL;
        assert_int_equal(error, !words);
        refused = refused || error;
        inside = inside || words;
        stage_close(&stage);
    }
    assert_true(refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_of_a_failed_turn_are_refused),
        cmocka_unit_test(a_failed_turn_keeps_nothing),
        cmocka_unit_test(a_leave_is_not_lost),
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(a_page_is_for_those_who_may_still_read),
        cmocka_unit_test(a_page_does_not_bring_back_what_was_taken_back),
        cmocka_unit_test(a_page_outlives_a_failed_turn),
        cmocka_unit_test(retention_in_a_failed_turn_deletes_nothing),
        cmocka_unit_test(a_page_waits_for_room_to_send_it),
        cmocka_unit_test(no_join_without_its_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
