/* Who is told that a user is inside with another session, and who is shown addresses later. */
#include "room_fixture.h"

static void enter_with_phone(struct rig *rig, const char *whois)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, CONFIGURE(CONFIG_FIELD("whois", "%s")), whois);
    room_open(rig, text.data);
    buf_free(&text);
    rig_send(rig, JOIN(PHONE, "Juliet"));
    rig_expect(rig, ROMEO, "from='" ROOM "/Juliet'", "jid='" JULIET "'", "jid='" PHONE "'", NULL);
}

static void all_who_see_real_addresses_are_told(void **state)
{
    (void)state;
    struct rig rig;
    enter_with_phone(&rig, "anyone");
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet'", "jid='" PHONE "'", NULL);
    rig_close(&rig);
}

/* Nothing changes for them. */
static void others_are_not_told(void **state)
{
    (void)state;
    struct rig rig;
    enter_with_phone(&rig, "moderators");
    rig_expect_nothing(&rig, MERCUTIO);
    rig_close(&rig);
}

/* ---- Who gets to see real addresses later ---- */

#define PHONE_JOIN JOIN(PHONE, "Juliet")

/* After the notice; also the sessions beside the first, but nobody who saw the addresses. */
static void a_room_that_opens_shows_addresses(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig, PHONE_JOIN);
    rig_drain(&rig);
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")));
    static const char *const those[] = {JULIET, PHONE};
    for (size_t i = 0; i < sizeof those / sizeof *those; i++) {
        rig_expect(&rig, those[i], "code='172'", NULL);
        rig_expect(&rig, those[i], "from='" ROOM "/Romeo'", "jid='" ROMEO "'", NULL);
        rig_expect(&rig, those[i], "from='" ROOM "/Mercutio'", "jid='" MERCUTIO "'", NULL);
        rig_expect_nothing(&rig, those[i]);
    }
    rig_expect(&rig, MERCUTIO, "code='172'", NULL);
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, MERCUTIO, "from='" ROOM "/Juliet'", "jid='" JULIET "'", "jid='" PHONE "'",
               NULL);
    rig_expect(&rig, ROMEO, "type='result'", NULL);
    rig_expect(&rig, ROMEO, "code='172'", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* What a cut link has swallowed is shown again. */
static void addresses_are_shown_again_after_a_loss(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_confirm(&rig);
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")));
    rig_drain(&rig);
    rig_restart(&rig);
    rig_recover(&rig);
    bool shown = false;
    for (char *stanza; (stanza = rig_receive(&rig, JULIET)); free(stanza))
        shown = shown || strstr(stanza, "jid='" MERCUTIO "'");
    assert_true(shown);
    rig_close(&rig);
}

/* Whoever is shown by the same change is shown without an address to those who see none. */
static void a_room_that_closes_shows_no_more_addresses(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")
                                  CONFIG_FIELD("presencebroadcast", "moderator")));
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("whois", "moderators") CONFIG_FIELD(
                       "presencebroadcast", "moderator</value><value>participant")));
    expect_without(&rig, MERCUTIO, "jid='" JULIET "'", NULL);
    expect_without(&rig, JULIET, "jid='" MERCUTIO "'", NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_who_see_real_addresses_are_told),
        cmocka_unit_test(others_are_not_told),
        cmocka_unit_test(a_room_that_opens_shows_addresses),
        cmocka_unit_test(addresses_are_shown_again_after_a_loss),
        cmocka_unit_test(a_room_that_closes_shows_no_more_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
