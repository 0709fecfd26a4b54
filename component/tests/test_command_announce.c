/* announce: to everybody inside, to one room, to the owners. */

#include "command_fixture.h"
#include "muc/state/denial.h"
#include "muc/state/service_state.h"

#define OTHER "other@conference.localhost"

/* Romeo owns the room, Juliet is in it with two clients and in another that she owns. */
static void begin(struct rig *rig)
{
    room_open(rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_join(rig, PHONE, ROOM "/Juliet");
    rig_join(rig, JULIET, OTHER "/Juliet");
    rig_drain(rig);
}

static void expect_users(struct rig *rig, const char *arguments, const char *users)
{
    struct answer answer = command_run(rig, "announce", arguments);
    assert_null(answer.error);
    assert_int_equal(json_array_size(answer.rows), 1);
    assert_string_equal(answer_field(&answer, 0, "users"), users);
    answer_free(&answer);
}

static void everybody_inside_is_told_once(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    expect_users(&rig, "{'text':'Back <soon>','subject':'Maintenance'}", "3");
    rig_expect(&rig, "juliet@capulet.lit", "<message from='" RIG_DOMAIN "' type='headline' id='",
               "<subject>Maintenance</subject><body>Back &lt;soon&gt;</body></message>", NULL);
    rig_expect(&rig, "romeo@verona.lit", "<body>Back ", NULL);
    rig_expect(&rig, "mercutio@verona.lit", "<body>Back ", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* More than one chunk is read, and more than one step sends; one user is at the end of a chunk and
 * at the beginning of the next one. */
static void a_crowd_is_told_once(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    struct room *room = room_in_memory(rig.service, span_of("room"));
    for (unsigned i = 0; i < 2100; i++) {
        char jid[64];
        /* In the order of the bytes, what follows a bare JID comes before '/' and after it. */
        snprintf(jid, sizeof jid, "u%04u@verona.lit%s/r%u", i / 3, i % 3 == 0 ? ".net" : "", i);
        struct store_session row = {
            .jid = span_of(jid), .nick = span_of("Nobody"), .role = ROLE_PARTICIPANT};
        assert_int_equal(store_session_put(rig.service->store, room->id, &row), STORE_OK);
    }
    expect_users(&rig, "{'text':'hello'}", "1403");
    rig_expect(&rig, "u0333@verona.lit", "<body>hello</body>", NULL);
    rig_expect(&rig, "u0333@verona.lit.net", "<body>hello</body>", NULL);
    rig_expect_nothing(&rig, "u0333@verona.lit");
    unsigned count = 0;
    for (char *stanza; (stanza = rig_next(&rig)); count++)
        free(stanza);
    assert_int_equal(count, 1401);
    rig_close(&rig);
}

static void denied_users_are_left_out(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    denial_put(rig.service, span_of("verona.lit"), 0, "", "uid 0");
    expect_users(&rig, "{'text':'hello'}", "1");
    rig_expect(&rig, "juliet@capulet.lit", "<body>hello</body>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void a_room_tells_its_occupants(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    expect_users(&rig, "{'text':'hello','room':'room','subject':'Note'}", "3");
    const char *const all[] = {ROMEO, JULIET, PHONE, MERCUTIO};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        rig_expect(&rig, all[i], "<message from='" ROOM "' type='groupchat'",
                   "'><body>Note\nhello</body></message>", NULL);
    rig_expect_nothing(&rig, NULL);
    command_refused(&rig, "announce", "{'text':'hello','room':'nowhere'}", "item-not-found");
    command_refused(&rig, "announce", "{'text':'hello','room':'room','owners':true}",
                    "bad-request");
    rig_close(&rig);
}

static void owners_are_told_wherever_they_are(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    rig_send(&rig, AFFILIATE("juliet@capulet.lit", "owner"));
    rig_send(&rig, AFFILIATE("nurse@capulet.lit", "owner"));
    rig_send(&rig, AFFILIATE("mantua.lit", "owner"));
    rig_drain(&rig);
    expect_users(&rig, "{'text':'hello','owners':true}", "3");
    rig_expect(&rig, "nurse@capulet.lit", "<message from='" RIG_DOMAIN "' type='normal'",
               "<body>hello</body>", NULL);
    rig_expect(&rig, "juliet@capulet.lit", "<body>hello</body>", NULL);
    rig_expect(&rig, "romeo@verona.lit", "<body>hello</body>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void a_text_has_a_limit(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    rig.service->settings.limits.stanza_bytes = 100;
    const char *text = "0123456789012345678901234567890123456789";
    char arguments[128];
    snprintf(arguments, sizeof arguments, "{'text':'%s'}", text);
    command_refused(&rig, "announce", arguments, "policy-violation");
    snprintf(arguments, sizeof arguments, "{'text':'%s','room':'room'}", text);
    command_refused(&rig, "announce", arguments, "policy-violation");
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_inside_is_told_once),
        cmocka_unit_test(a_crowd_is_told_once),
        cmocka_unit_test(denied_users_are_left_out),
        cmocka_unit_test(a_room_tells_its_occupants),
        cmocka_unit_test(owners_are_told_wherever_they_are),
        cmocka_unit_test(a_text_has_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
