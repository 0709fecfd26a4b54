/* Who is told that a user is inside with another session. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_who_see_real_addresses_are_told),
        cmocka_unit_test(others_are_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
