/* Requests for voice, and their approval. */

#include "room_fixture.h"

#define VOICE(from, type, form_type, fields)                                                       \
    "<message from='" from "' to='" ROOM "' id='v1'><x xmlns='jabber:x:data' type='" type          \
    "'><field var='FORM_TYPE'><value>" form_type "</value></field>" fields "</x></message>"
#define REQUEST   "http://jabber.org/protocol/muc#request"
#define ROLE      FIELD("muc#role", "participant")
#define ASK(from) VOICE(from, "submit", REQUEST, ROLE)
#define ANSWER(from, nick, allow)                                                                  \
    VOICE(from, "submit", REQUEST,                                                                 \
          ROLE FIELD("muc#roomnick", nick) FIELD("muc#request_allow", allow))
#define MODERATED CONFIGURE(CONFIG_FIELD("moderatedroom", "1"))

static void moderators_get_the_form(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    room_do(&rig, AFFILIATE("mercutio@verona.lit", "admin"));
    rig_send(&rig, ASK(JULIET));
    for (int i = 0; i < 2; i++)
        rig_expect(
            &rig, i == 0 ? ROMEO : MERCUTIO, "<message from='" ROOM "' id=",
            "<x xmlns='jabber:x:data' type='form'><title>Voice request</title><instructions>",
            "<field var='FORM_TYPE' type='hidden'><value>" REQUEST "</value></field>",
            "<field var='muc#role' type='list-single' label='Requested role'>"
            "<value>participant</value></field>",
            "<field var='muc#jid' type='jid-single' label='User'><value>" JULIET "</value></field>",
            "<field var='muc#roomnick' type='text-single' label='Nickname'>"
            "<value>Juliet</value></field>",
            "<field var='muc#request_allow' type='boolean' label='Grant voice to this person?'>"
            "<value>false</value></field></x>",
            NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void approval_gives_voice(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    rig_send(&rig, VOICE(ROMEO, "submit", REQUEST,
                         ROLE FIELD("muc#jid", JULIET) FIELD("muc#roomnick", "Juliet")
                             FIELD("muc#request_allow", "true")));
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet'", "role='participant'", NULL);
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet'", "role='participant'", NULL);
    rig_expect(&rig, JULIET, "role='participant'", "<status code='110'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, SAY(JULIET, "O"));
    rig_expect(&rig, ROMEO, "<body>O</body>", NULL);
    rig_close(&rig);
}

static void denial_and_cancel_are_silent(void **state)
{
    static const char *const answers[] = {
        ANSWER(ROMEO, "Juliet", "false"),
        ANSWER(ROMEO, "Juliet", "0"),
        VOICE(ROMEO, "cancel", REQUEST, ""),
    };
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    for (size_t i = 0; i < COUNT(answers); i++) {
        rig_send(&rig, answers[i]);
        rig_expect_nothing(&rig, NULL);
    }
    rig_close(&rig);
}

/* Who is a visitor by the room's setting gets voice when the setting ends, and whom a moderator
 * silenced does not, also after a restart. */
static void the_end_of_moderation_gives_voice(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    rig_join(&rig, NURSE, ROOM "/Nurse");
    room_do(&rig, ADMIN("<item nick='Mercutio' role='participant'/>"));
    room_do(&rig,
            ADMIN("<item nick='Mercutio' role='visitor'/><item nick='Nurse' role='visitor'/>"));
    rig_restart(&rig);
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("moderatedroom", "0")));
    rig_expect(&rig, JULIET, "<status code='104'/>", NULL);
    rig_expect(&rig, JULIET, "from='" ROOM "/Juliet'", "role='participant'", NULL);
    rig_expect_nothing(&rig, JULIET);
    rig_drain(&rig);
    rig_send(&rig, SAY(MERCUTIO, "I will bite thee"));
    rig_expect(&rig, MERCUTIO, "<forbidden", NULL);
    rig_send(&rig, SAY(NURSE, "Ay, forsooth"));
    rig_expect(&rig, NURSE, "<forbidden", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Approving a moderator's old request does not demote the moderator. */
static void those_with_voice_keep_what_they_have(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    room_do(&rig, AFFILIATE("mercutio@verona.lit", "admin"));
    rig_send(&rig, ANSWER(ROMEO, "Mercutio", "true"));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, ASK(MERCUTIO));
    rig_expect(&rig, MERCUTIO, "<not-allowed", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void only_moderators_answer(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    rig_send(&rig, ANSWER(MERCUTIO, "Juliet", "true"));
    rig_expect(&rig, MERCUTIO, "<error type='cancel'", "<not-allowed", NULL);
    rig_send(&rig, ANSWER(JULIET, "Juliet", "true"));
    rig_expect(&rig, JULIET, "<not-allowed", NULL);
    rig_send(&rig, ANSWER(TYBALT, "Juliet", "true"));
    rig_expect(&rig, TYBALT, "<not-acceptable", NULL);
    rig_send(&rig, ASK(TYBALT));
    rig_expect(&rig, TYBALT, "<not-acceptable", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void wrong_forms_change_nothing(void **state)
{
    static const struct {
        const char *form, *error;
    } cases[] = {
        {VOICE(ROMEO, "submit", REQUEST, ROLE FIELD("muc#request_allow", "true")), "<bad-request"},
        {VOICE(ROMEO, "submit", REQUEST,
               FIELD("muc#role", "owner") FIELD("muc#roomnick", "Juliet")
                   FIELD("muc#request_allow", "true")),
         "<bad-request"},
        {VOICE(ROMEO, "submit", "urn:other",
               ROLE FIELD("muc#roomnick", "Juliet") FIELD("muc#request_allow", "true")),
         "<bad-request"},
        {VOICE(ROMEO, "form", REQUEST,
               ROLE FIELD("muc#roomnick", "Juliet") FIELD("muc#request_allow", "true")),
         "<bad-request"},
        {VOICE(ROMEO, "submit", REQUEST,
               FIELD("muc#roomnick", "Juliet") FIELD("muc#request_allow", "true")),
         "<bad-request"},
        {ANSWER(ROMEO, "Juliet", "maybe"), "<bad-request"},
        {ANSWER(ROMEO, "Paris", "true"), "<item-not-found"},
        {VOICE(ROMEO, "submit", REQUEST,
               ROLE FIELD("muc#jid", NURSE) FIELD("muc#roomnick", "Juliet")
                   FIELD("muc#request_allow", "true")),
         "<item-not-found"},
        {VOICE(ROMEO, "submit", REQUEST,
               ROLE FIELD("muc#jid", "@") FIELD("muc#roomnick", "Juliet")
                   FIELD("muc#request_allow", "true")),
         "<bad-request"},
    };
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    for (size_t i = 0; i < COUNT(cases); i++) {
        rig_send(&rig, cases[i].form);
        rig_expect(&rig, ROMEO, "type='error' id='v1'", cases[i].error, NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_close(&rig);
}

static void asking_again_has_to_wait(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, MODERATED);
    rig_send(&rig, ASK(JULIET));
    rig_drain(&rig);
    rig_wait(&rig, 59);
    rig_send(&rig, ASK(JULIET));
    rig_expect(&rig, JULIET, "<error type='wait'", "<resource-constraint", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, ASK(MERCUTIO)); /* each user has a limit of its own */
    rig_expect(&rig, ROMEO, "<value>Mercutio</value>", NULL);
    rig_wait(&rig, 1);
    rig_send(&rig, ASK(JULIET));
    rig_expect(&rig, ROMEO, "<value>Juliet</value>", NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moderators_get_the_form),
        cmocka_unit_test(approval_gives_voice),
        cmocka_unit_test(the_end_of_moderation_gives_voice),
        cmocka_unit_test(denial_and_cancel_are_silent),
        cmocka_unit_test(those_with_voice_keep_what_they_have),
        cmocka_unit_test(only_moderators_answer),
        cmocka_unit_test(wrong_forms_change_nothing),
        cmocka_unit_test(asking_again_has_to_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
