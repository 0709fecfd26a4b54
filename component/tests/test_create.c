/* Who may create rooms, and what happens to a room that nobody configures. */

#include "room_fixture.h"

#define INFO(from)                                                                                 \
    "<iq type='get' id='i' from='" from "' to='" ROOM                                              \
    "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"

static void open_for(struct rig *rig, enum service_creation creation, const char *const *creators,
                     const char *const *admins)
{
    rig_open(rig);
    rig->settings.creation = creation;
    rig->settings.creators = creators;
    rig->settings.admins = admins;
    rig_restart(rig);
}

/* An address, a whole domain, and the admins of the service, who own every room. */
static void only_some_create(void **state)
{
    (void)state;
    static const char *const creators[] = {"mercutio@verona.lit", "capulet.lit", NULL};
    static const char *const admins[] = {"prince@verona.lit", NULL};
    static const char prince[] = "prince@verona.lit/palace";
    struct rig rig;
    open_for(&rig, CREATION_LISTED, creators, admins);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig_expect(&rig, ROMEO, "from='" ROOM "/Romeo'", "type='cancel' code='405'", "<not-allowed",
               NULL);
    rig_send(&rig, INFO(ROMEO));
    rig_expect(&rig, ROMEO, "<item-not-found", NULL);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<status code='201'/>", "affiliation='owner'", NULL);
    rig_send(&rig, JOIN("prince@verona.lit/palace", "Prince"));
    rig_expect(&rig, prince, "from='" ROOM "/Juliet'", NULL);
    rig_expect(&rig, prince, "affiliation='owner' role='moderator'", "<status code='110'/>", NULL);
    rig_close(&rig);
}

/* Each row: who asks, and whom the three ways let create a room. Romeo's server is the one that has
 * the service. */
static void who_creates(void **state)
{
    static const char *const creators[] = {"capulet.lit", NULL};
    static const char *const admins[] = {"prince@palace.lit", NULL};
    static const char *const locals[] = {"verona.lit", NULL};
    static const struct {
        const char *from;
        bool may[3]; /* by enum service_creation */
    } rows[] = {
        {ROMEO, {true, true, false}},
        {"romeo@sub.verona.lit/a", {true, false, false}},
        {JULIET, {true, true, true}},
        {"prince@palace.lit/a", {true, true, true}},
        {"friar@abbey.lit/a", {true, false, false}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(rows[0].may); i++) {
        const char *from = rows[i / COUNT(rows[0].may)].from;
        enum service_creation creation = (enum service_creation)(i % COUNT(rows[0].may));
        struct rig rig;
        struct buf join = BUF_INIT;
        open_for(&rig, creation, creators, admins);
        rig.settings.local_domains = locals;
        service_configure(rig.service, &rig.settings);
        buf_printf(&join, "<presence from='%s' to='" ROOM "/A'><x xmlns='" NS_MUC "'/></presence>",
                   from);
        rig_send(&rig, join.data);
        if (rows[i / COUNT(rows[0].may)].may[creation])
            rig_expect(&rig, from, "<status code='201'/>", NULL);
        else
            rig_expect(&rig, from, "<not-allowed",
                       ">There is no such room, and you may not create ", NULL);
        buf_free(&join);
        rig_close(&rig);
    }
}

/* The sessions are told that the room is destroyed, in presence from their own occupant. */
static void who_leaves_a_locked_room_destroys_it(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig_drain(&rig);
    rig_send(&rig, "<presence type='error' from='" ROMEO "' to='" ROOM "/Romeo'/>");
    rig_expect(&rig, ROMEO, "type='unavailable'", "<destroy/>", "<status code='333'/>",
               "<status code='110'/>", NULL);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<status code='201'/>", NULL);
    rig_close(&rig);
}

/* After a while the room is unlocked with the defaults. */
static void a_lock_runs_out(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "<item-not-found", NULL);
    rig_wait(&rig, rig.settings.limits.lock_seconds + 1);
    rig_send(&rig, JOIN(JULIET, "Juliet"));
    rig_expect(&rig, JULIET, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, JULIET, "role='participant'", "<status code='110'/>", NULL);
    rig_close(&rig);
}

static void expect_locked(struct rig *rig, bool locked)
{
    rig_drain(rig);
    rig_send(rig, JOIN(JULIET, "Juliet"));
    rig_expect(rig, JULIET, locked ? "<item-not-found" : "from='" ROOM "/Romeo'", NULL);
}

/* Setting the clock neither ends the lock nor prolongs it. */
static void a_lock_lasts_as_long_as_it_lasts(void **state)
{
    (void)state;
    struct rig rig;
    const int64_t year = INT64_C(31536000000);
    rig_open(&rig);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig.ahead_ms = year;
    rig_wait(&rig, 1);
    expect_locked(&rig, true);
    rig.ahead_ms = -year;
    rig_wait(&rig, rig.settings.limits.lock_seconds);
    expect_locked(&rig, false);
    rig_close(&rig);
}

static void a_locked_room_of_the_future_is_new(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.ahead_ms = INT64_C(31536000000);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig.ahead_ms = 0;
    rig_restart(&rig);
    expect_locked(&rig, true);
    rig_wait(&rig, rig.settings.limits.lock_seconds + 1);
    expect_locked(&rig, false);
    rig_close(&rig);
}

/* Servers refuse such addresses themselves; if one gets through, the sender gets an error, and no
 * room is created. */
static void invalid_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *to, *from;
    } rows[] = {
        {"bad room@" RIG_DOMAIN "/Romeo", "from='" RIG_DOMAIN "'"},
        {ROOM "/&#x2028;", "from='" ROOM "'"},
        {"@" RIG_DOMAIN "/Romeo", "from='" RIG_DOMAIN "'"},
    };
    struct rig rig;
    rig_open(&rig);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text,
                   "<presence id='j' from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc'/>"
                   "</presence>",
                   ROMEO, rows[i].to);
        rig_send(&rig, text.data);
        buf_free(&text);
        rig_expect(&rig, ROMEO, rows[i].from, "type='error'", "id='j'", "<jid-malformed", NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_send(&rig, "<presence type='unavailable' from='" ROMEO "' to='@/'/>");
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_some_create),
        cmocka_unit_test(who_creates),
        cmocka_unit_test(who_leaves_a_locked_room_destroys_it),
        cmocka_unit_test(a_lock_runs_out),
        cmocka_unit_test(a_lock_lasts_as_long_as_it_lasts),
        cmocka_unit_test(a_locked_room_of_the_future_is_new),
        cmocka_unit_test(invalid_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
