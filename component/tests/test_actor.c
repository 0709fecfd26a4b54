/* Who learns who has changed somebody's role or affiliation: the nick is for all, the address for
 * those who see addresses. */

#include "room_fixture.h"

#define BY_NICK "<actor nick='Romeo'/>"
#define BY_JID  "<actor nick='Romeo' jid='" ROMEO "'/>"
#define KICK    ADMIN("<item nick='Juliet' role='none'><reason>Why</reason></item>")

static void a_kick_names_the_actor(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, KICK);
    rig_expect(&rig, JULIET, BY_NICK "<reason>Why</reason>", "code='307'", "code='110'", NULL);
    rig_expect(&rig, MERCUTIO, BY_NICK, "code='307'", NULL);
    rig_expect(&rig, ROMEO, "type='result'", NULL);
    rig_expect(&rig, ROMEO, "jid='" JULIET "'>" BY_JID, "code='307'", NULL);
    rig_close(&rig);
}

static void a_moderator_sees_who_bans(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    room_do(&rig, ADMIN("<item nick='Juliet' role='moderator'/>"));
    rig_send(&rig, AFFILIATE("juliet@capulet.lit", "outcast"));
    rig_expect(&rig, JULIET, BY_JID, "code='301'", NULL);
    rig_expect(&rig, MERCUTIO, BY_NICK, "code='301'", NULL);
    rig_close(&rig);
}

/* In one presence for all: the address of the session, of the actor, and of a further session. */
static void each_part_has_its_readers(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    rig_send(&rig, AFFILIATE("juliet@capulet.lit", "member"));
    rig_expect(&rig, ROMEO,
               "<item affiliation='member' role='participant' jid='" JULIET "'>" BY_JID
               "</item><item affiliation='member' role='participant' jid='" PHONE "'/></x>",
               NULL);
    rig_expect(&rig, MERCUTIO,
               "<item affiliation='member' role='participant'>" BY_NICK "</item></x>", NULL);
    rig_close(&rig);
}

static void all_see_it_in_an_open_room(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")));
    rig_send(&rig, KICK);
    rig_expect(&rig, JULIET, BY_JID, NULL);
    rig_expect(&rig, MERCUTIO, BY_JID, NULL);
    rig_close(&rig);
}

/* An actor outside has no nick. Those who see no addresses see no actor, not even an empty one. */
static void an_actor_outside_is_an_address(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    room_do(&rig, ADMIN("<item nick='Mercutio' role='moderator'/>"));
    rig_join(&rig, NURSE, ROOM "/Nurse");
    rig_send(&rig, LEAVE(ROMEO));
    rig_drain(&rig);
    rig_send(&rig, AFFILIATE("juliet@capulet.lit", "member"));
    rig_expect(&rig, MERCUTIO, "<actor jid='romeo@verona.lit'/></item></x>", NULL);
    expect_without(&rig, JULIET, "actor", "romeo", NULL);
    rig_expect(&rig, NURSE, "<item affiliation='member' role='participant'></item></x>", NULL);
    rig_close(&rig);
}

/* Forms name the actor as requests do. */
static void so_does_a_form_of_the_owner(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("roomadmins", "juliet@capulet.lit")));
    rig_expect(&rig, MERCUTIO, "affiliation='admin'", BY_NICK, NULL);
    rig_expect(&rig, JULIET, "affiliation='admin'", BY_JID, NULL); /* a moderator now */
    rig_close(&rig);
}

static void so_does_a_grant_of_voice(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("moderatedroom", "1")));
    rig_send(&rig, "<message from='" ROMEO "' to='" ROOM
                   "'>" FORM("http://jabber.org/protocol/muc#request",
                             FIELD("muc#role", "participant") FIELD("muc#roomnick", "Juliet")
                                 FIELD("muc#jid", JULIET)
                                     FIELD("muc#request_allow", "true")) "</message>");
    rig_expect(&rig, MERCUTIO, "role='participant'", BY_NICK, NULL);
    rig_expect(&rig, ROMEO, "role='participant'", BY_JID, NULL);
    rig_expect(&rig, JULIET, "role='participant'", BY_NICK, "code='110'", NULL);
    rig_close(&rig);
}

/* Is the text in a stanza to that session? The output stays. */
static bool is_told(struct rig *rig, const char *to, const char *text)
{
    bool found = false;
    struct buf all = BUF_INIT;
    buf_add_span(&all, buf_span(&rig->out));
    for (char *stanza; (stanza = rig_receive(rig, to)); free(stanza))
        found = found || strstr(stanza, text);
    buf_free(&rig->out);
    rig->out = all;
    return found;
}

/* What is sent again after a crash keeps the parts apart. */
static void a_departure_sent_again_names_the_actor(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_join(&rig, NURSE, ROOM "/Nurse");
    room_do(&rig, ADMIN("<item nick='Nurse' role='moderator'/>"));
    rig_confirm(&rig);
    rig_send(&rig, KICK);
    rig_send(&rig, LEAVE(ROMEO));
    rig_send(&rig, AFFILIATE("tybalt@capulet.lit", "member"));
    rig_join(&rig, TYBALT, ROOM "/Tybalt");
    rig_send(&rig, AFFILIATE("tybalt@capulet.lit", "outcast"));
    rig_drain(&rig);
    rig_restart(&rig);
    rig_recover(&rig);
    assert_true(is_told(&rig, MERCUTIO, BY_NICK));
    assert_true(is_told(&rig, MERCUTIO, "role='none'></item></x>"));
    assert_false(is_told(&rig, MERCUTIO, "romeo@"));
    assert_true(is_told(&rig, NURSE, BY_JID));
    assert_true(is_told(&rig, NURSE, "<actor jid='romeo@verona.lit'/></item>"));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kick_names_the_actor),
        cmocka_unit_test(a_moderator_sees_who_bans),
        cmocka_unit_test(each_part_has_its_readers),
        cmocka_unit_test(all_see_it_in_an_open_room),
        cmocka_unit_test(an_actor_outside_is_an_address),
        cmocka_unit_test(so_does_a_form_of_the_owner),
        cmocka_unit_test(so_does_a_grant_of_voice),
        cmocka_unit_test(a_departure_sent_again_names_the_actor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
