/* Invitations, and declining them. */

#include "room_fixture.h"

#define INVITE(from, children)                                                                     \
    "<message id='i1' from='" from "' to='" ROOM "'><body>Come</body><x xmlns='" NS_MUC_USER       \
    "'>" children "</x></message>"
#define DECLINE(from, to)                                                                          \
    "<message id='d1' from='" from "' to='" ROOM "'><x xmlns='" NS_MUC_USER "'><decline to='" to   \
    "'><reason>Too busy</reason></decline></x></message>"
#define PARIS     "paris@verona.lit"
#define OTHER     "nurse@capulet.lit/house"
#define AS_MEMBER CONFIG_FIELD("membersonly", "1") CONFIG_FIELD("allowinvites", "1")

static void semi_anonymous(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, INVITE(JULIET, "<invite to='" PARIS "'/>"));
    rig_expect(&rig, PARIS,
               "<message from='" ROOM "' id='i1' to='" PARIS "'><x xmlns='" NS_MUC_USER
               "'><invite from='" ROOM "/Juliet'><reason/></invite></x>"
               "<x xmlns='jabber:x:conference' jid='" ROOM "'/>"
               "<body>" ROOM "/Juliet invited you to the room " ROOM "</body></message>",
               NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void non_anonymous_with_reason(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")));
    rig_send(&rig, INVITE(JULIET, "<invite to='" PARIS "'><reason>A &lt;ball></reason></invite>"));
    rig_expect(&rig, PARIS, "<invite from='" JULIET "'><reason>A &lt;ball&gt;</reason></invite>",
               "<x xmlns='jabber:x:conference' jid='" ROOM "' reason='A &lt;ball&gt;'/>",
               "<body>" JULIET " invited you to the room " ROOM " (A &lt;ball&gt;)</body>", NULL);
    rig_close(&rig);
}

static void password_goes_along(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomsecret", "cauldronburn")));
    rig_send(&rig, INVITE(ROMEO, "<invite to='" PARIS "'/>"));
    rig_expect(&rig, PARIS, "</invite><password>cauldronburn</password></x>",
               "jid='" ROOM "' password='cauldronburn'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void several_and_their_thread(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, INVITE(ROMEO, "<invite to='" PARIS "'><continue thread='t1'/></invite>"
                                 "<invite to='" OTHER "'><continue/></invite>"));
    rig_expect(&rig, PARIS, "id='i1'", "<reason/><continue thread='t1'/></invite>",
               "continue='true' thread='t1'", NULL);
    rig_expect(&rig, OTHER, "<reason/><continue/></invite>", "continue='true'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* If one guest is invalid, nobody is invited. */
static void all_or_nobody(void **state)
{
    static const struct {
        const char *invites, *error;
    } cases[] = {
        {INVITE(ROMEO, "<invite to='" PARIS "'/><invite/>"), "<jid-malformed"},
        {INVITE(ROMEO, "<invite to='" PARIS "'/><invite to='@'/>"), "<jid-malformed"},
        {INVITE(ROMEO, "<invite to='" PARIS "'/><invite to='verona.lit'/>"), "<jid-malformed"},
        {INVITE(ROMEO, "<invite to='" PARIS "'/><invite to='" ROOM "/Juliet'/>"),
         "<item-not-found"},
        {INVITE(ROMEO, "<invite to='" PARIS "'/><invite to='" OTHER "'/><invite to='a@b'/>"
                       "<invite to='c@d'/>"),
         "<policy-violation"},
    };
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(AS_MEMBER));
    for (size_t i = 0; i < COUNT(cases); i++) {
        rig_send(&rig, cases[i].invites);
        rig_expect(&rig, ROMEO, "type='error' id='i1'", cases[i].error, NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_close(&rig);
}

static void long_reasons_and_threads_are_refused(void **state)
{
    static const char *const around[][2] = {{"<reason>", "</reason>"},
                                            {"<continue thread='", "'/>"}};
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    for (size_t i = 0; i < 2; i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, "<message from='%s' to='%s'><x xmlns='%s'><invite to='%s'>%s", ROMEO,
                   ROOM, NS_MUC_USER, PARIS, around[i][0]);
        for (unsigned n = 0; n <= rig.settings.limits.reason_bytes; n++)
            buf_add_char(&text, 'x');
        buf_printf(&text, "%s</invite></x></message>", around[i][1]);
        rig_send(&rig, text.data);
        rig_expect(&rig, ROMEO, "<policy-violation", NULL);
        rig_expect_nothing(&rig, NULL);
        buf_free(&text);
    }
    rig_close(&rig);
}

static void outsiders_and_visitors_may_not(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("moderatedroom", "1")));
    rig_send(&rig, INVITE(TYBALT, "<invite to='" PARIS "'/>"));
    rig_expect(&rig, TYBALT, "<not-acceptable", NULL);
    rig_send(&rig, INVITE(JULIET, "<invite to='" PARIS "'/>"));
    rig_expect(&rig, JULIET, "<error type='auth'", "<forbidden", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void members_need_the_option(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    room_do(&rig, AFFILIATE("juliet@capulet.lit", "member"));
    room_do(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1")));
    rig_send(&rig, INVITE(JULIET, "<invite to='" PARIS "'/>"));
    rig_expect(&rig, JULIET, "<error type='auth'", "<forbidden", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void members_make_members_where_they_may(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    room_do(&rig, AFFILIATE("juliet@capulet.lit", "member"));
    room_do(&rig, CONFIGURE(AS_MEMBER));
    rig_send(&rig, INVITE(JULIET, "<invite to='" PARIS "/hall'/>"));
    rig_expect(&rig, ROMEO,
               "<message from='" ROOM "' to='" ROMEO "'><x xmlns='" NS_MUC_USER
               "'><item jid='" PARIS "' affiliation='member'><reason>Invited by " ROOM
               "/Juliet</reason></item></x>",
               NULL);
    rig_expect(&rig, PARIS "/hall", "<invite from='" ROOM "/Juliet'>", NULL);
    rig_expect_nothing(&rig, JULIET); /* she may not know of real addresses */
    rig_drain(&rig);
    rig_send(&rig, JOIN(PARIS "/hall", "Paris"));
    rig_expect(&rig, ROMEO, "<item affiliation='member' role='participant'", NULL);
    rig_close(&rig);
}

static void an_open_room_makes_no_members(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, INVITE(ROMEO, "<invite to='" PARIS "'/>"));
    rig_drain(&rig);
    rig_send(&rig, JOIN(PARIS "/hall", "Paris"));
    rig_expect(&rig, ROMEO, "<item affiliation='none'", NULL);
    rig_close(&rig);
}

/* Banned users get no invitation, and so no password; the inviter is not told. */
static void the_banned_stay_banned(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1") CONFIG_FIELD("roomsecret", "Verona")
                                  CONFIG_FIELD("passwordprotectedroom", "1")));
    room_do(&rig, AFFILIATE(PARIS, "outcast"));
    rig_send(&rig, INVITE(ROMEO, "<invite to='" PARIS "'/>"));
    rig_expect_nothing(&rig, NULL);
    room_do(&rig, AFFILIATE(PARIS, "none"));
    room_do(&rig, AFFILIATE("lit", "outcast")); /* the domain above the one above his */
    rig_send(&rig, INVITE(ROMEO, "<invite to='" PARIS "'/>"));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, JOIN(PARIS "/hall", "Paris"));
    rig_expect(&rig, PARIS "/hall", "<forbidden", NULL);
    rig_close(&rig);
}

static void a_failing_store_invites_nobody(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1")));
    rig.fail_at = 1;
    rig_send(&rig, INVITE(ROMEO, "<invite to='" PARIS "'/>"));
    rig_expect_nothing(&rig, NULL);
    rig.fail_at = 0;
    rig_send(&rig, JOIN(PARIS "/hall", "Paris"));
    rig_expect(&rig, PARIS "/hall", "<registration-required", NULL);
    rig_close(&rig);
}

static void decline_reaches_the_inviter(void **state)
{
    static const char *const declines[] = {
        DECLINE(TYBALT, "juliet@capulet.lit"),
        DECLINE(TYBALT, JULIET),
        DECLINE(TYBALT, ROOM "/Juliet"),
    };
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    for (size_t i = 0; i < COUNT(declines); i++) {
        rig_send(&rig, INVITE(JULIET, "<invite to='tybalt@capulet.lit'/>"));
        rig_drain(&rig);
        rig_send(&rig, declines[i]);
        rig_expect(&rig, JULIET,
                   "<message from='" ROOM "' id='d1' to='" JULIET "'><x xmlns='" NS_MUC_USER
                   "'><decline from='tybalt@capulet.lit'><reason>Too busy</reason></decline></x>"
                   "<body>tybalt@capulet.lit declined your invitation to the room " ROOM
                   " (Too busy)</body>",
                   NULL);
        rig_expect(&rig, PHONE, "<decline", NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_close(&rig);
}

/* Only an invitee can decline, only to the inviter, and only for a while. */
static void only_an_invitation_that_was_made(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, DECLINE(TYBALT, ROOM "/Romeo"));
    rig_send(&rig, INVITE(JULIET, "<invite to='tybalt@capulet.lit'/>"));
    rig_drain(&rig);
    rig_send(&rig, DECLINE(TYBALT, ROOM "/Romeo"));
    rig_send(&rig, DECLINE("paris@verona.lit/hall", ROOM "/Juliet"));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, DECLINE(TYBALT, ROOM "/Juliet"));
    rig_expect(&rig, JULIET, "<decline from='tybalt@capulet.lit'>", NULL);
    rig_wait(&rig, 8 * 24 * 3600);
    rig_send(&rig, DECLINE(TYBALT, ROOM "/Juliet")); /* too late */
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Declining neither reveals who is in the room nor reaches anybody outside it. */
static void decline_to_nobody_is_silent(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, DECLINE(TYBALT, PARIS));
    rig_send(&rig, DECLINE(TYBALT, ROOM "/Paris"));
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, DECLINE(TYBALT, "@"));
    rig_expect(&rig, TYBALT, "<jid-malformed", NULL);
    rig_close(&rig);
}

static void the_banned_do_not_decline(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    room_do(&rig, AFFILIATE("tybalt@capulet.lit", "outcast"));
    rig_send(&rig, DECLINE(TYBALT, ROOM "/Juliet"));
    rig_expect(&rig, TYBALT, "<forbidden", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void decline_from_inside_names_the_nick(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, INVITE(JULIET, "<invite to='mercutio@verona.lit'/>"));
    rig_drain(&rig);
    rig_send(&rig, DECLINE(MERCUTIO, ROOM "/Juliet"));
    rig_expect(&rig, JULIET, "<decline from='" ROOM "/Mercutio'>", NULL);
    rig_close(&rig);
}

static void messages_without_a_purpose_are_refused(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, "<message from='" JULIET "' to='" ROOM "'><body>Hello</body></message>");
    rig_expect(&rig, JULIET, "<bad-request", NULL);
    rig_send(&rig,
             "<message from='" JULIET "' to='" ROOM "'><x xmlns='" NS_MUC_USER "'/></message>");
    rig_expect(&rig, JULIET, "<bad-request", NULL);
    rig_send(&rig, "<message type='chat' from='" JULIET "' to='" ROOM "'><x xmlns='" NS_MUC_USER
                   "'><invite to='" PARIS "'/></x></message>");
    rig_expect(&rig, JULIET, "<bad-request", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(semi_anonymous),
        cmocka_unit_test(non_anonymous_with_reason),
        cmocka_unit_test(password_goes_along),
        cmocka_unit_test(several_and_their_thread),
        cmocka_unit_test(all_or_nobody),
        cmocka_unit_test(long_reasons_and_threads_are_refused),
        cmocka_unit_test(outsiders_and_visitors_may_not),
        cmocka_unit_test(members_need_the_option),
        cmocka_unit_test(members_make_members_where_they_may),
        cmocka_unit_test(an_open_room_makes_no_members),
        cmocka_unit_test(the_banned_stay_banned),
        cmocka_unit_test(a_failing_store_invites_nobody),
        cmocka_unit_test(decline_reaches_the_inviter),
        cmocka_unit_test(only_an_invitation_that_was_made),
        cmocka_unit_test(decline_to_nobody_is_silent),
        cmocka_unit_test(the_banned_do_not_decline),
        cmocka_unit_test(decline_from_inside_names_the_nick),
        cmocka_unit_test(messages_without_a_purpose_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
