/* Affiliations of a domain and its subdomains. */

#include "coven/ns.h"
#include "room_fixture.h"

#define EVIL   "a@evil.lit/x"
#define DEEP   "b@deep.sub.evil.lit/x"
#define BOT    "gateway.evil.lit/bot"
#define OTHER  "c@notevil.lit/x"
#define FRIEND "friend@evil.lit/x"   /* has an affiliation */
#define SAFE   "d@a.safe.evil.lit/x" /* a nearer domain than the banned one is a member */

static void expect_out(struct rig *rig, const char *jid)
{
    rig_expect(rig, jid, "type='unavailable'", "<status code='301'/>", NULL);
}

static void expect_refused(struct rig *rig, const char *jid, const char *nick)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, JOIN("%s", "%s"), jid, nick);
    rig_send(rig, text.data);
    rig_expect(rig, jid, "<forbidden", NULL);
    buf_free(&text);
}

static void expect_let_in(struct rig *rig, const char *jid, const char *nick)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, JOIN("%s", "%s"), jid, nick);
    rig_send(rig, text.data);
    bool in = rig->out.data && strstr(rig->out.data, "<status code='110'/>");
    if (!in)
        fail_msg("%s was not let in: %s", jid, rig->out.data);
    rig_drain(rig);
    buf_free(&text);
}

static void test_ban(void **state)
{
    (void)state;
    static const char *const out[] = {EVIL, DEEP, BOT};
    static const char *const all[] = {EVIL, DEEP, BOT, OTHER, FRIEND, SAFE};
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    for (size_t i = 0; i < COUNT(all); i++) {
        char nick[] = {(char)('A' + i), '\0'};
        expect_let_in(&rig, all[i], nick);
    }
    room_do(&rig, AFFILIATE("friend@evil.lit", "member"));
    room_do(&rig, AFFILIATE("safe.evil.lit", "member"));
    rig_send(&rig, AFFILIATE("evil.lit", "outcast"));
    for (size_t i = 0; i < COUNT(out); i++)
        expect_out(&rig, out[i]);
    rig_drain(&rig);
    rig_send(&rig, SAY(ROMEO, "Who is here?"));
    rig_expect(&rig, OTHER, "Who is here?", NULL);
    rig_expect(&rig, FRIEND, "Who is here?", NULL);
    rig_expect(&rig, SAFE, "Who is here?", NULL);
    for (size_t i = 0; i < COUNT(out); i++)
        rig_expect_nothing(&rig, out[i]);
    rig_drain(&rig);
    rig_restart(&rig);
    expect_refused(&rig, DEEP, "Deep");
    expect_refused(&rig, BOT, "Bot");
    room_do(&rig, AFFILIATE("evil.lit", "none"));
    expect_let_in(&rig, DEEP, "Deep");
    expect_let_in(&rig, BOT, "Bot");
    rig_close(&rig);
}

/* When the nearest domain's membership ends, the domain above it counts again. */
static void test_nearest(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("membersonly", "1")));
    rig_drain(&rig);
    room_do(&rig, AFFILIATE("evil.lit", "member"));
    room_do(&rig, AFFILIATE("sub.evil.lit", "outcast"));
    expect_let_in(&rig, EVIL, "A");
    expect_let_in(&rig, BOT, "C");
    expect_refused(&rig, DEEP, "B");
    room_do(&rig, AFFILIATE("sub.evil.lit", "none"));
    expect_let_in(&rig, DEEP, "B");
    rig_send(&rig, AFFILIATE("evil.lit", "none"));
    rig_expect(&rig, DEEP, "type='unavailable'", "<status code='321'/>", NULL);
    rig_expect(&rig, EVIL, "type='unavailable'", "<status code='321'/>", NULL);
    rig_close(&rig);
}

/* Admins of the service are named exactly: a domain does not stand for its subdomains. */
static void test_admins(void **state)
{
    (void)state;
    static const char *const admins[] = {"verona.lit", NULL};
    static const char form[] =
        "<iq type='get' id='f' from='%s' to='" ROOM "'><query xmlns='" NS_MUC_OWNER "'/></iq>";
    static const struct {
        const char *jid, *answer;
    } rows[] = {{MERCUTIO, "type='result'"}, {"x@sub.verona.lit/y", "<forbidden"}};
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig.settings.admins = admins;
    rig_restart(&rig);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, form, rows[i].jid);
        rig_send(&rig, text.data);
        rig_expect(&rig, rows[i].jid, rows[i].answer, NULL);
        buf_free(&text);
    }
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ban),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_admins),
    };
    return cmocka_run_group_tests_name("ban_domain", tests, NULL, NULL);
}
