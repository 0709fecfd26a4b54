/* The places in an archive that ids tell: those of its messages, also of those that are gone or
 * were never archived, and no others. */

#include "archive_fixture.h"

#define IN_FORM(name) MAM_FORM(FIELD(name, "@"))

static const char *const after[] = {SET("<after>@</after>"), IN_FORM("after-id")};
static const char *const before[] = {SET("<before>@</before>"), IN_FORM("before-id")};

/* Asks with the id of the place instead of the @. */
static void ask_at(struct rig *rig, const char *query, struct message_id place)
{
    struct buf text = BUF_INIT;
    char id[MESSAGE_ID_SIZE];
    message_id_print(place, id);
    const char *at = strchr(query, '@');
    buf_add_span(&text, (struct span){query, (size_t)(at - query)});
    buf_add_text(&text, id);
    buf_add_text(&text, at + 1);
    ask(rig, ROMEO, text.data);
    buf_free(&text);
}

/* Asserts that these messages (ids, with a space between) follow the place, and those precede it.
 */
static void expect_place(struct rig *rig, struct message_id place, const char *following,
                         const char *preceding)
{
    for (size_t i = 0; i < COUNT(after); i++) {
        ask_at(rig, after[i], place);
        expect_page(rig, ROMEO, following, "complete='true'", NULL);
        ask_at(rig, before[i], place);
        expect_page(rig, ROMEO, preceding, "complete='true'", NULL);
    }
}

static void expect_no_place(struct rig *rig, struct message_id place)
{
    for (size_t i = 0; i < COUNT(after); i++) {
        ask_at(rig, after[i], place);
        expect_error(rig, ROMEO, "<item-not-found");
        ask_at(rig, before[i], place);
        expect_error(rig, ROMEO, "<item-not-found");
    }
}

/* The id of the archive's message at that index, with that many milliseconds added to its time. */
static struct message_id place_of(struct rig *rig, unsigned number, int64_t ms)
{
    struct message_id place = {0, 0};
    char *id = id_of(rig, number);
    assert_true(message_id_parse(id, &place));
    free(id);
    place.key += ms * key_at(1);
    return place;
}

static void ids_of_gone_messages_keep_their_place(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 5);
    struct message_id first = place_of(&rig, 0, 0), third = place_of(&rig, 2, 0);
    expect_place(&rig, third, "m3 m4", "m0 m1");
    rig.settings.limits.archive_keep = 2;
    rig_restart(&rig);
    rig_wait(&rig, 1);
    expect_place(&rig, third, "m3 m4", "");
    expect_place(&rig, first, "m3 m4", "");
    ask_at(&rig, SET("<max>1</max><after>@</after>"), third);
    expect_page(&rig, ROMEO, "m3", "complete='false'", "<first index='0'>", "<count>2</count>",
                NULL);
    /* The message itself is not there any more. */
    ask_at(&rig, IN_FORM("ids"), third);
    expect_error(&rig, ROMEO, "<item-not-found");
    rig_close(&rig);
}

static void ids_that_were_never_archived_tell_a_time(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 5);
    struct message_id later = place_of(&rig, 2, 500), last = place_of(&rig, 4, 500);
    expect_place(&rig, later, "m3 m4", "m0 m1 m2");
    expect_place(&rig, last, "", "m0 m1 m2 m3 m4");
    /* The service does not remember the last id that it gave to a message that nobody keeps. */
    rig_restart(&rig);
    expect_place(&rig, last, "", "m0 m1 m2 m3 m4");
    rig_close(&rig);
}

static void ids_that_never_were_have_no_place(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 5);
    struct message_id third = place_of(&rig, 2, 0);
    const struct message_id wrong[] = {
        {third.key, third.noise + 1},
        place_of(&rig, 4, 3600000),  /* from the future */
        place_of(&rig, 0, -3600000), /* older than the room */
        {0, 0},
        {-third.key, third.noise},
    };
    for (size_t i = 0; i < COUNT(wrong); i++)
        expect_no_place(&rig, wrong[i]);
    rig_close(&rig);
}

/* The id of a message of another room names no place, but nobody can find out by guessing when
 * something was said there. */
static void ids_of_other_rooms_have_no_place(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 5);
    struct message_id place = place_of(&rig, 2, 500);
    struct store_message other = {.key = place.key,
                                  .noise = place.noise,
                                  .room = 1000,
                                  .number = 1,
                                  .stanza = span_of("<message to=''><body>x</body></message>")};
    assert_int_equal(store_message_add(rig.store, &other), STORE_OK);
    assert_int_equal(store_commit(rig.store), STORE_OK);
    expect_no_place(&rig, place);
    place.noise++;
    expect_place(&rig, place, "m3 m4", "m0 m1 m2");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_gone_messages_keep_their_place),
        cmocka_unit_test(ids_that_were_never_archived_tell_a_time),
        cmocka_unit_test(ids_that_never_were_have_no_place),
        cmocka_unit_test(ids_of_other_rooms_have_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
