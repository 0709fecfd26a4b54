/* Messages that are inserted together: no caller may notice. */

#include "disk_fixture.h"
#include "store/batch.h"

#define TO_AT (sizeof "<message from='r@c/n' type='groupchat' to='" - 1)
#define MOST  44u /* a statement of 32 rows, one of eight, and four of one */

static int setup(void **state)
{
    char *why = NULL;
    struct store_settings settings = {.path = NULL};
    *state = store_open(&settings, &why);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    store_close(*state);
    return 0;
}

/* Every field depends on the number; the texts are told apart by their lengths as well. */
static struct store_message message_make(unsigned number, char text[4][32])
{
    for (unsigned i = 0; i < 4; i++)
        snprintf(text[i], sizeof text[i], "%u-%.*s", number, (int)(number + i) % 9, "abcdefghi");
    return (struct store_message){
        .key = (int64_t)number << 16,
        .noise = UINT64_MAX - number,
        .room = ROOM,
        .number = number,
        .kind = number % 2 ? STORE_SAID : STORE_RETRACTION,
        .author = span_of(text[0]),
        .resource = span_of(number % 3 ? text[1] : ""),
        .nick = span_of(text[2]),
        .affiliation = (int)number % 5,
        .role = (int)number % 4,
        .to_at = TO_AT,
    };
}

static void stanza_make(const char *words, char stanza[160])
{
    snprintf(stanza, 160, "<message from='r@c/n' type='groupchat' to=''><body>%s</body></message>",
             words);
}

static enum store_result message_send(struct store *store, unsigned number)
{
    char text[4][32], stanza[160];
    struct store_message row = message_make(number, text);
    stanza_make(text[3], stanza);
    row.stanza = span_of(stanza);
    return store_message_add(store, &row);
}

static void add_all(struct store *store, unsigned from, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(message_send(store, from + i), STORE_OK);
}

struct reading {
    unsigned next;
};

static void expect_span(struct span span, const char *text)
{
    assert_int_equal(span.len, strlen(text));
    assert_memory_equal(span.at, text, span.len);
}

static bool compare(void *user, const struct store_message *message)
{
    struct reading *reading = user;
    char text[4][32], stanza[160];
    struct store_message want = message_make(reading->next++, text);
    assert_int_equal(message->key, want.key);
    assert_int_equal(message->noise, want.noise);
    assert_int_equal(message->number, want.number);
    expect_span(message->author, text[0]);
    expect_span(message->resource, want.resource.len ? text[1] : "");
    expect_span(message->nick, text[2]);
    assert_int_equal(message->affiliation, want.affiliation);
    assert_int_equal(message->role, want.role);
    assert_int_equal(message->kind, want.kind);
    assert_int_equal(message->to_at, want.to_at);
    stanza_make(text[3], stanza);
    expect_span(message->stanza, stanza);
    return true;
}

static void expect_kept(struct store *store, unsigned from, unsigned count)
{
    struct reading reading = {.next = from};
    struct store_range range = {.room = ROOM, .keys = {0, INT64_MAX}, .limit = 100};
    enum store_result result = store_messages(store, &range, compare, &reading);
    assert_int_equal(result, count ? STORE_OK : STORE_NOTHING);
    assert_int_equal(reading.next, from + count);
}

static void any_number_of_them_is_kept(void **state)
{
    struct store *store = *state;
    unsigned kept = 0;
    for (unsigned count = 1; count <= MOST; count++) {
        add_all(store, kept + 1, count);
        assert_int_equal(store_commit(store), STORE_OK);
        kept += count;
    }
    struct reading reading = {.next = 1};
    struct store_range range = {.room = ROOM, .keys = {0, INT64_MAX}, .limit = 1000};
    assert_int_equal(store_messages(store, &range, compare, &reading), STORE_OK);
    assert_int_equal(reading.next, kept + 1);
}

static void the_same_turn_sees_them(void **state)
{
    struct store *store = *state;
    for (unsigned count = 1; count <= MOST; count++) {
        add_all(store, 1, count);
        expect_kept(store, 1, count);
        store_rollback(store);
    }
}

static void a_turn_that_is_dropped_leaves_none(void **state)
{
    struct store *store = *state;
    add_all(store, 1, MOST);
    store_rollback(store);
    add_all(store, 1, 3);
    store_rollback(store);
    assert_int_equal(store_commit(store), STORE_OK);
    expect_kept(store, 1, 0);
}

/* One key exists already. However many good messages are before and after it, its insert fails, at
 * the latest in the commit, and nothing of the turn is kept. */
static void expect_refused(struct store *store, unsigned before, unsigned behind, bool reads)
{
    bool refused = false;
    for (unsigned i = 0; i < before; i++)
        refused |= message_send(store, 2 + i) != STORE_OK;
    refused |= message_send(store, 1) != STORE_OK;
    for (unsigned i = 0; i < behind; i++)
        refused |= message_send(store, 2 + before + i) != STORE_OK;
    assert_true(!refused || before + 1 + behind >= BATCH_ROWS);
    struct reading reading = {.next = 1};
    struct store_range range = {.room = ROOM, .keys = {0, INT64_MAX}, .limit = 1};
    if (reads)
        store_messages(store, &range, compare, &reading);
    assert_int_equal(store_commit(store), STORE_FAILED);
    store_rollback(store);
    expect_kept(store, 1, 1);
}

static void what_cannot_be_entered_ends_the_turn(void **state)
{
    struct store *store = *state;
    add_all(store, 1, 1);
    assert_int_equal(store_commit(store), STORE_OK);
    for (unsigned count = 0; count < MOST; count++) {
        for (unsigned before = 0; before <= count; before++) {
            expect_refused(store, before, count - before, false);
            expect_refused(store, before, count - before, true);
        }
    }
    add_all(store, 2, 1);
    assert_int_equal(store_commit(store), STORE_OK);
    expect_kept(store, 1, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_number_of_them_is_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_turn_sees_them, setup, teardown),
        cmocka_unit_test_setup_teardown(a_turn_that_is_dropped_leaves_none, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_entered_ends_the_turn, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
