/* Does the server make copies? What the link asks, believes and hands back. */

#include "coven/outbox.h"
#include "link_fixture.h"

#define KEY    "0123456789abcdef"
#define MULTI  "<multi xmlns='urn:coven:multi:0'"
#define ASKED  MULTI "/>"
#define ANSWER MULTI " key='" KEY "' recipients='100' bytes='20000'/>"
#define LIST(key)                                                                                  \
    "<message from='room@" DOMAIN "/nick' to='" DOMAIN "'>" MULTI " key='" key                     \
    "'>a@b/c\td@e/f</multi><body>Hi</body></message>"

/* What the user of the link was told. */
struct told {
    struct fixture *fixture;
    unsigned begins, ends, returned;
    struct multi_terms terms;
    unsigned receipts; /* of the fixture, when something was returned */
    size_t sent;       /* the same */
};

static void on_multi(void *user, const struct multi_terms *terms)
{
    struct fixture *fixture = user;
    struct told *told = fixture->more;
    if (!terms) {
        told->ends++;
        return;
    }
    told->begins++;
    told->terms = *terms;
}

static void on_returned(void *user, xmpp_stanza_t *stanza)
{
    struct fixture *fixture = user;
    struct told *told = fixture->more;
    assert_false(fixture->in_turn);
    assert_true(told->ends > 0);
    assert_string_equal(xmpp_stanza_get_name(stanza), "message");
    told->returned++;
    told->receipts = fixture->receipts;
    told->sent = fixture->sent;
}

/* Opens a link that asks, and waits for the question. */
static void open_asking(struct fixture *fixture, struct told *told)
{
    struct link_settings settings = settings_of(fixture);
    settings.multiplies = true;
    fixture->more = told;
    fixture->on_multi = on_multi;
    fixture->on_returned = on_returned;
    open_link(fixture, &settings);
    assert_true(run_until(fixture, &fixture->ups, 1, 2000));
    run_for(fixture, 50);
}

/* Returns the last question with that element, which the caller frees. */
static char *last_question(struct fixture *fixture, const char *element)
{
    char *last = NULL;
    for (char *at = fixture->heard.data; (at = strstr(at, "<iq type='get' id='")); at++) {
        char *end = strstr(at, "</iq>") + 5, *inside = strstr(at, element);
        if (inside && inside < end)
            last = at;
    }
    assert_non_null(last);
    return strndup(last, (size_t)(strstr(last, "</iq>") + 5 - last));
}

/* Answers the last question for the module; an empty answer returns it. */
static void answer_multi(struct fixture *fixture, const char *type, const char *payload)
{
    char *question = last_question(fixture, ASKED), id[64] = "";
    sscanf(strstr(question, " id='"), " id='%63[^']", id);
    struct buf answer = BUF_INIT;
    buf_printf(&answer, "<iq type='%s' id='%s' from='" DOMAIN "' to='" DOMAIN "'>%s</iq>", type, id,
               payload);
    say(fixture, payload[0] ? answer.data : question);
    buf_free(&answer);
    free(question);
    run_for(fixture, 50);
}

/* Sends a stanza, and lets the mark after it come back. */
static void confirm_mark(struct fixture *fixture)
{
    fixture->to_send++;
    link_wake(fixture->link);
    run_for(fixture, 50);
    char *mark = last_question(fixture, "<ping");
    say(fixture, mark);
    free(mark);
    run_for(fixture, 50);
}

static void the_module_answers(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_asking(fixture, &told);
    answer_multi(fixture, "result", ANSWER);
    assert_int_equal(told.begins, 0); /* until the server confirms what it has handled */
    confirm_mark(fixture);
    assert_int_equal(told.begins, 1);
    assert_string_equal(told.terms.key, KEY);
    assert_int_equal(told.terms.recipients, 100);
    assert_int_equal(told.terms.bytes, 20000);
    assert_int_equal(fixture->stanzas, 0); /* the answer is the link's */
}

static void it_asks_for_no_more_than_it_can_use(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_asking(fixture, &told);
    answer_multi(fixture, "result", MULTI " key='k' recipients='99999999999' bytes='10000000'/>");
    confirm_mark(fixture);
    assert_int_equal(told.terms.recipients, MULTI_RECIPIENTS_MAX);
    assert_int_equal(told.terms.bytes, MULTI_BYTES_MAX);
}

static void other_answers_mean_no_module(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *type, *payload;
    } answers[] = {
        {"get", ""},
        {"error", ANSWER},
        {"result", MULTI " recipients='100' bytes='20000'/>"},
        {"result", MULTI " key='' recipients='100' bytes='20000'/>"},
        {"result", MULTI " key='a&lt;b' recipients='100' bytes='20000'/>"},
        {"result", MULTI " key='k' recipients='1' bytes='20000'/>"},
        {"result", MULTI " key='k' recipients='-5' bytes='20000'/>"},
        {"result", MULTI " key='k' recipients='5x' bytes='20000'/>"},
        {"result", MULTI " key='k' recipients='100' bytes='100'/>"},
        {"result", MULTI " key='k' recipients='100'/>"},
        {"result", "<multi key='k' recipients='100' bytes='20000'/>"},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct told told = {.begins = 0};
        open_asking(fixture, &told);
        answer_multi(fixture, answers[i].type, answers[i].payload);
        confirm_mark(fixture);
        assert_int_equal(told.begins, 0);
        assert_int_equal(fixture->stanzas, 0);
        teardown(state);
        setup(state);
        fixture = *state;
    }
}

/* Returns the last ping, and lets the link hear it. */
static void echo_ping(struct fixture *fixture)
{
    char *ping = last_question(fixture, "<ping");
    say(fixture, ping);
    free(ping);
    run_for(fixture, 50);
}

static void open_with_module(struct fixture *fixture, struct told *told)
{
    open_asking(fixture, told);
    answer_multi(fixture, "result", ANSWER);
    confirm_mark(fixture);
}

static void what_comes_back_is_handed_over(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    say(fixture, LIST("wrong"));
    run_for(fixture, 50);
    assert_int_equal(told.returned, 0);
    assert_int_equal(fixture->stanzas, 1); /* somebody else's: an ordinary stanza */
    say(fixture, LIST(KEY) LIST(KEY));
    run_for(fixture, 50);
    echo_ping(fixture);
    assert_int_equal(told.returned, 2);
    assert_int_equal(told.ends, 1);
    assert_int_equal(fixture->stanzas, 1);
}

/* Two questions may be under way. */
static void an_answer_is_nothing_that_comes_back(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    say(fixture, "<iq type='result' id='old' from='" DOMAIN "' to='" DOMAIN "'>" ANSWER "</iq>");
    run_for(fixture, 50);
    assert_int_equal(told.ends, 0);
    assert_int_equal(told.returned, 0);
}

/* Others are still under way, and come before everything that is sent now. */
static void work_waits_for_all_that_comes_back(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    size_t sent = fixture->sent;
    say(fixture, LIST(KEY));
    run_for(fixture, 50);
    fixture->to_send = sent + 1;
    link_wake(fixture->link);
    say(fixture, LIST(KEY));
    run_for(fixture, 50);
    assert_int_equal(told.returned, 0);
    assert_int_equal(fixture->sent, sent);
    echo_ping(fixture);
    assert_int_equal(told.returned, 2);
    assert_int_equal(told.sent, sent);
    link_wake(fixture->link);
    run_for(fixture, 50);
    assert_int_equal(fixture->sent, sent + 1);
}

static void it_waits_for_seconds_at_most(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    say(fixture, LIST(KEY));
    run_for(fixture, 1000);
    assert_int_equal(told.returned, 0);
    run_for(fixture, 4000);
    assert_int_equal(told.returned, 1);
}

static void a_lost_connection_ends_the_wait(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    say(fixture, LIST(KEY));
    run_for(fixture, 50);
    hang_up(fixture);
    assert_true(run_until(fixture, &fixture->ups, 2, 3000));
    assert_int_equal(told.returned, 1);
    size_t sent = fixture->sent;
    fixture->to_send = sent + 1;
    link_wake(fixture->link);
    run_for(fixture, 50);
    assert_int_equal(fixture->sent, sent + 1);
}

/* The server has not received what it returns, although it answers questions sent after that. */
static void a_receipt_before_that_is_void(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    fixture->receipt_behind = 1;
    link_wake(fixture->link);
    run_for(fixture, 50);
    char *question = last_question(fixture, "<ping");
    struct buf both = BUF_INIT;
    buf_printf(&both, LIST(KEY) "%s", question);
    say(fixture, both.data);
    run_for(fixture, 50);
    echo_ping(fixture);
    assert_int_equal(told.returned, 1);
    assert_int_equal(fixture->receipts, 0);
    free(question);
    buf_free(&both);
    question = last_question(fixture, "<ping"); /* it asks again */
    say(fixture, question);
    free(question);
    run_for(fixture, 50);
    assert_int_equal(fixture->receipts, 1);
}

/* A server that confirms nothing for seconds would take any number of copies. */
static void it_ends_without_marks(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    fixture->weight = 100000;
    open_with_module(fixture, &told);
    fixture->to_send = fixture->sent + 10000;
    link_wake(fixture->link);
    run_for(fixture, 1000);
    assert_int_equal(told.ends, 0);
    size_t sent = fixture->sent;
    assert_in_range(sent, 2, 100);
    run_for(fixture, 3000);
    assert_int_equal(told.ends, 1);
    confirm_mark(fixture);
    assert_int_equal(told.begins, 2);
}

static void a_new_connection_begins_anew(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    hang_up(fixture);
    assert_true(run_until(fixture, &fixture->ups, 2, 3000));
    assert_int_equal(told.ends, 1);
    run_for(fixture, 50);
    answer_multi(fixture, "result", ANSWER);
    confirm_mark(fixture);
    assert_int_equal(told.begins, 2);
}

static void it_can_be_switched_off(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_with_module(fixture, &told);
    struct link_settings settings = settings_of(fixture);
    link_configure(fixture->link, &settings);
    run_for(fixture, 500);
    assert_int_equal(told.ends, 1);
    buf_clear(&fixture->heard);
    fixture->handled = 0;
    settings.multiplies = true;
    link_configure(fixture->link, &settings);
    run_for(fixture, 500);
    answer_multi(fixture, "result", ANSWER);
    assert_int_equal(told.begins, 2);
}

static void an_answer_after_that_counts_for_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct told told = {.begins = 0};
    open_asking(fixture, &told);
    struct link_settings settings = settings_of(fixture);
    link_configure(fixture->link, &settings);
    answer_multi(fixture, "result", ANSWER);
    confirm_mark(fixture);
    assert_int_equal(told.begins, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_module_answers),
        TEST(it_asks_for_no_more_than_it_can_use),
        TEST(other_answers_mean_no_module),
        TEST(what_comes_back_is_handed_over),
        TEST(an_answer_is_nothing_that_comes_back),
        TEST(work_waits_for_all_that_comes_back),
        TEST(it_waits_for_seconds_at_most),
        TEST(a_lost_connection_ends_the_wait),
        TEST(a_receipt_before_that_is_void),
        TEST(it_ends_without_marks),
        TEST(a_new_connection_begins_anew),
        TEST(it_can_be_switched_off),
        TEST(an_answer_after_that_counts_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
