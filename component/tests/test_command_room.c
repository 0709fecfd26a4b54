/* Commands that change a room: create, set, destroy, unlock, subject, invite. */

#include "command_fixture.h"

#define ENTER(from, room, nick)                                                                    \
    "<presence from='" from "' to='" room "@" RIG_DOMAIN "/" nick "'><x xmlns='" NS_MUC            \
    "'/></presence>"

static void a_room_is_created_for_its_owner(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    command_do(&rig, "create",
               "{'room':'team','owner':'juliet@capulet.lit',"
               "'options':['membersonly=1','roomname=Our team']}");
    struct answer answer = command_run(&rig, "room", "{'room':'team'}");
    assert_string_equal(answer_field(&answer, 0, "title"), "Our team");
    assert_string_equal(answer_field(&answer, 0, "creator"), "juliet@capulet.lit");
    assert_non_null(strstr(answer_field(&answer, 0, "state"), "\"persistent\",\"members-only\""));
    answer_free(&answer);
    rig_restart(&rig);
    rig_send(&rig, ENTER(JULIET, "team", "Juliet"));
    rig_expect(&rig, JULIET, "affiliation='owner'", NULL);
    rig_send(&rig, ENTER(ROMEO, "team", "Romeo"));
    rig_expect(&rig, ROMEO, "registration-required", NULL);
    rig_close(&rig);
}

static void nothing_is_created_by_a_wrong_request(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_refused(&rig, "create", "{'room':'room'}", "conflict");
    command_refused(&rig, "create", "{'room':'x','options':['nosuch=1']}", "item-not-found");
    command_refused(&rig, "create", "{'room':'x','options':['whois=everyone of us']}",
                    "not-acceptable");
    command_refused(&rig, "create", "{'room':'x','options':['persistentroom=0']}", "bad-request");
    struct answer answer = command_run(&rig, "rooms", "{}");
    assert_int_equal(json_array_size(answer.rows), 1);
    answer_free(&answer);
    rig_close(&rig);
}

/* All or nothing, with the codes of a change by an owner. */
static void options_are_set(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig.settings.fixed[0] = true;
    service_configure(rig.service, &rig.settings);
    command_do(&rig, "set",
               "{'room':'room','options':['whois=anyone','roomname=Verona',"
               "'presencebroadcast=moderator participant']}");
    rig_expect(&rig, JULIET, "<status code='104'/><status code='172'/>", NULL);
    struct answer answer = command_run(&rig, "get", "{'room':'room','option':'presencebroadcast'}");
    assert_string_equal(answer_field(&answer, 0, "value"), "moderator participant");
    answer_free(&answer);
    rig_drain(&rig);
    command_refused(&rig, "set", "{'room':'room','options':['whois=moderators','maxusers=many']}",
                    "not-acceptable");
    rig_expect_nothing(&rig, NULL);
    answer = command_run(&rig, "get", "{'room':'room','option':'whois'}");
    assert_string_equal(answer_field(&answer, 0, "value"), "anyone");
    answer_free(&answer);
    rig_close(&rig);
}

/* A password is shown only to those who ask for it by name. */
static void a_password_is_not_listed(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "set",
               "{'room':'room','options':['roomsecret=sesame','passwordprotectedroom=1']}");
    struct answer answer = command_run(&rig, "get", "{'room':'room'}");
    char *text = json_dumps(answer.rows, 0);
    assert_null(strstr(text, "sesame"));
    assert_non_null(strstr(text, "(set)"));
    free(text);
    answer_free(&answer);
    answer = command_run(&rig, "room", "{'room':'room'}");
    text = json_dumps(answer.rows, 0);
    assert_null(strstr(text, "sesame"));
    free(text);
    answer_free(&answer);
    answer = command_run(&rig, "get", "{'room':'room','option':'roomsecret'}");
    assert_string_equal(answer_field(&answer, 0, "value"), "sesame");
    answer_free(&answer);
    rig_close(&rig);
}

static void a_room_is_destroyed(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "destroy",
               "{'room':'room','reason':'Moved','venue':'new@conference.localhost'}");
    rig_expect(&rig, JULIET, "<destroy jid='new@conference.localhost'>", "<reason>Moved</reason>",
               NULL);
    command_refused(&rig, "room", "{'room':'room'}", "item-not-found");
    rig_close(&rig);
}

static void make_rooms(struct rig *rig)
{
    static const char *const names[] = {"spam-1", "spam-2", "spam-3", "tea"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[64];
        snprintf(text, sizeof text, "{'room':'%s'}", names[i]);
        command_do(rig, "create", text);
    }
    rig_send(rig, ENTER(JULIET, "spam-2", "Juliet"));
    rig_drain(rig);
}

static void rooms_that_fit_are_destroyed(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    make_rooms(&rig);
    command_refused(&rig, "destroy-rooms", "{}", "bad-request");
    struct answer answer = command_run(&rig, "destroy-rooms", "{'match':'spam-*','dry_run':true}");
    assert_int_equal(json_array_size(answer.rows), 3);
    answer_free(&answer);
    answer = command_run(&rig, "rooms", "{}");
    assert_int_equal(json_array_size(answer.rows), 4);
    answer_free(&answer);
    answer = command_run(&rig, "destroy-rooms", "{'match':'spam-*','state':'empty'}");
    assert_int_equal(json_array_size(answer.rows), 2);
    assert_string_equal(answer_field(&answer, 1, "room"), "spam-3@" RIG_DOMAIN);
    answer_free(&answer);
    answer = command_run(&rig, "rooms", "{}");
    assert_int_equal(json_array_size(answer.rows), 2);
    answer_free(&answer);
    rig_wait(&rig, 86400 * 3);
    answer = command_run(&rig, "destroy-rooms", "{'unused':2}");
    assert_int_equal(json_array_size(answer.rows), 1); /* somebody is in the other one */
    assert_string_equal(answer_field(&answer, 0, "room"), "tea@" RIG_DOMAIN);
    answer_free(&answer);
    rig_close(&rig);
}

/* A room in which people were is in use, even if nothing of what they said is kept. */
static void a_room_that_keeps_nothing_is_in_use(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    command_do(&rig, "create",
               "{'room':'quiet','options':['enablearchiving=0','maxhistoryfetch=0']}");
    rig_wait(&rig, 86400 * 5);
    rig_send(&rig, ENTER(JULIET, "quiet", "Juliet"));
    rig_send(&rig,
             "<presence type='unavailable' from='" JULIET "' to='quiet@" RIG_DOMAIN "/Juliet'/>");
    struct answer answer = command_run(&rig, "destroy-rooms", "{'unused':2}");
    assert_int_equal(json_array_size(answer.rows), 0);
    answer_free(&answer);
    rig_restart(&rig);
    rig_wait(&rig, 86400 * 3);
    answer = command_run(&rig, "destroy-rooms", "{'unused':2}");
    assert_int_equal(json_array_size(answer.rows), 1);
    answer_free(&answer);
    rig_close(&rig);
}

static void a_locked_room_is_unlocked(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    command_do(&rig, "unlock", "{'room':'room'}");
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    command_refused(&rig, "unlock", "{'room':'room'}", "conflict");
    rig_close(&rig);
}

static void the_subject_is_the_rooms_own_word(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    command_do(&rig, "subject", "{'room':'room','text':'A <feast>'}");
    rig_expect(&rig, JULIET, "<message from='" ROOM "' ", "<subject>A &lt;feast&gt;</subject>",
               NULL);
    rig_restart(&rig);
    struct answer answer = command_run(&rig, "room", "{'room':'room'}");
    assert_string_equal(answer_field(&answer, 0, "subject"), "A <feast>");
    answer_free(&answer);
    rig_close(&rig);
}

/* In a members-only room the invited become members. */
static void users_are_invited(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1")));
    rig_drain(&rig);
    command_do(&rig, "invite",
               "{'room':'room','users':['nurse@capulet.lit','friar@verona.lit'],'reason':'Come'}");
    rig_expect(&rig, "nurse@capulet.lit", "affiliation='member'", NULL);
    rig_expect(&rig, "nurse@capulet.lit", "<invite from='" ROOM "'>", "<reason>Come</reason>",
               NULL);
    rig_expect(&rig, "friar@verona.lit", "affiliation='member'", NULL);
    struct answer answer =
        command_run(&rig, "affiliations", "{'room':'room','affiliation':'member'}");
    assert_int_equal(json_array_size(answer.rows), 2);
    answer_free(&answer);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_room_is_created_for_its_owner),
        cmocka_unit_test(nothing_is_created_by_a_wrong_request),
        cmocka_unit_test(options_are_set),
        cmocka_unit_test(a_password_is_not_listed),
        cmocka_unit_test(a_room_is_destroyed),
        cmocka_unit_test(rooms_that_fit_are_destroyed),
        cmocka_unit_test(a_locked_room_is_unlocked),
        cmocka_unit_test(a_room_that_keeps_nothing_is_in_use),
        cmocka_unit_test(the_subject_is_the_rooms_own_word),
        cmocka_unit_test(users_are_invited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
