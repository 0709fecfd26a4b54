/* Long lists of affiliations: they can be read and changed whatever their length. */

#include <time.h>

#include "coven/ns.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "room_fixture.h"

#define ITEMS        50 /* that one request may change */

#define ASK(payload) "<iq type='get' id='q' from='" ROMEO "' to='" ROOM "'>" payload "</iq>"
#define LIST(affiliation, part)                                                                    \
    ASK("<query xmlns='" NS_MUC_ADMIN "'><item affiliation='" affiliation "'/>" part "</query>")

static const char long_name[] = "in-fair-verona-where-we-lay-our-scene-from-ancient-grudge";

/* Gives that affiliation to `count` users, in as many requests as necessary. */
static void affiliate(struct rig *rig, unsigned count, const char *affiliation, const char *reason)
{
    for (unsigned at = 0; at < count;) {
        struct buf text = BUF_INIT;
        buf_add_text(&text, "<iq type='set' id='s' from='" ROMEO "' to='" ROOM
                            "'><query xmlns='" NS_MUC_ADMIN "'>");
        for (unsigned i = 0; i < ITEMS && at < count; i++, at++)
            buf_printf(&text, "<item jid='u%03u@%s.lit' affiliation='%s'>%s</item>", at * 7 % count,
                       long_name, affiliation, reason);
        buf_add_text(&text, "</query></iq>");
        room_do(rig, text.data);
        buf_free(&text);
    }
}

static void open_room(struct rig *rig, unsigned stanza_bytes)
{
    rig_open(rig);
    rig->settings.limits.stanza_bytes = stanza_bytes;
    rig_restart(rig);
    rig_join(rig, ROMEO, ROOM "/Romeo");
    room_do(rig, CONFIGURE(""));
}

static char *ask(struct rig *rig, const char *text)
{
    rig_send(rig, text);
    char *answer = rig_receive(rig, ROMEO);
    assert_non_null(answer);
    assert_true(strlen(answer) <= rig->settings.limits.stanza_bytes);
    return answer;
}

static unsigned count_of(const char *text, const char *what)
{
    unsigned count = 0;
    for (; (text = strstr(text, what)); text++)
        count++;
    return count;
}

/* The <last/> of this page, after which the next one begins; empty: there is none. */
static struct buf next_request(const char *page, const char *tag, const char *place)
{
    struct buf text = BUF_INIT, open = BUF_INIT;
    buf_printf(&open, "<%s", tag);
    const char *at = strstr(page, open.data), *from = at ? strchr(at, '>') + 1 : NULL;
    if (from)
        buf_printf(&text,
                   ASK("<query xmlns='" NS_MUC_ADMIN "'><item affiliation='outcast'/>"
                       "<set xmlns='" NS_RSM "'><%s>%.*s</%s></set></query>"),
                   place, (int)strcspn(from, "<"), from, place);
    buf_free(&open);
    return text;
}

/* Counts the items of all pages from there on. */
static unsigned turn_pages(struct rig *rig, const char *first, const char *tag, const char *place)
{
    unsigned seen = 0, pages = 0;
    struct buf text = BUF_INIT;
    buf_add_text(&text, first);
    while (text.len > 0) {
        char *page = ask(rig, text.data);
        buf_free(&text);
        assert_non_null(strstr(page, "<count>900</count>"));
        seen += count_of(page, "<item ");
        pages++;
        text = next_request(page, tag, place);
        free(page);
    }
    assert_true(pages > 3);
    return seen;
}

static void test_long(void **state)
{
    (void)state;
    struct rig rig;
    open_room(&rig, 40000);
    affiliate(&rig, 900, "outcast", "");
    char *page = ask(&rig, LIST("outcast", ""));
    assert_true(count_of(page, "<item ") > 200);
    assert_non_null(strstr(page, "<first index='0'>u000@"));
    free(page);
    assert_int_equal(turn_pages(&rig, LIST("outcast", ""), "last", "after"), 900);
    assert_int_equal(turn_pages(&rig, LIST("outcast", "<set xmlns='" NS_RSM "'><before/></set>"),
                                "first", "before"),
                     900);
    rig_close(&rig);
}

/* ---- A very long list ---- */

#define MANY        100000
#define CPU_SECONDS 20 /* with sanitizers; sorting the list for each page would take minutes */

/* Bans many users, straight in the store. */
static void ban_many(struct rig *rig)
{
    struct room *room = NULL;
    char jid[64];
    assert_int_equal(room_load(rig->service, span_of("room"), &room), STORE_OK);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(jid, sizeof jid, "u%06u@banned.lit", i);
        struct store_affiliation row = {span_of(jid), AFFILIATION_OUTCAST, span_of(""),
                                        span_of("")};
        assert_int_equal(store_affiliation_put(rig->store, room->id, &row), STORE_OK);
    }
    assert_int_equal(store_commit(rig->store), STORE_OK);
    rig->settings.limits.affiliations = 2 * MANY;
    rig_restart(rig);
}

/* The answer to the request for a page of 100 after this user. */
static char *page_after(struct rig *rig, unsigned user)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               LIST("outcast",
                    "<set xmlns='" NS_RSM "'><max>100</max><after>u%06u@banned.lit</after></set>"),
               user);
    char *page = ask(rig, text.data);
    buf_free(&text);
    return page;
}

/* Each page takes about the same, however long the list is, and a change between two pages does not
 * move what was not read yet. */
static void test_very_long(void **state)
{
    (void)state;
    struct rig rig;
    unsigned seen = 1;
    open_room(&rig, 262144);
    ban_many(&rig);
    clock_t start = clock();
    for (unsigned user = 0; user + 1 < MANY; user += 100) {
        char *page = page_after(&rig, user);
        struct buf first = BUF_INIT;
        buf_printf(&first, "<item affiliation='outcast' jid='u%06u@banned.lit'/>", user + 1);
        assert_non_null(strstr(page, first.data));
        seen += count_of(page, "<item ");
        buf_free(&first);
        free(page);
        if (user == 500)
            room_do(&rig, ADMIN("<item jid='u000600@banned.lit' affiliation='none'/>"
                                "<item jid='a@before.lit' affiliation='outcast'/>"));
    }
    assert_int_equal(seen, MANY);
    assert_true(clock() - start < CPU_SECONDS * CLOCKS_PER_SEC);
    char *whole = ask(&rig, LIST("outcast", ""));
    assert_true(count_of(whole, "<item ") > 4000);
    assert_non_null(strstr(whole, "<first index='0'>a@before.lit</first>"));
    assert_non_null(strstr(whole, "<count>100000</count>"));
    free(whole);
    rig_close(&rig);
}

/* A request without paging gets all items that fit. */
static void test_whole(void **state)
{
    (void)state;
    struct rig rig;
    open_room(&rig, 200000);
    affiliate(&rig, 900, "outcast", "");
    char *page = ask(&rig, LIST("outcast", ""));
    assert_int_equal(count_of(page, "<item "), 900);
    assert_null(strstr(page, NS_RSM));
    free(page);
    rig_close(&rig);
}

/* Items with the longest allowed reasons can still be read. */
static void test_long_reasons(void **state)
{
    (void)state;
    struct rig rig;
    struct buf reason = BUF_INIT;
    buf_add_text(&reason, "<reason>");
    for (int i = 0; i < 1000; i++)
        buf_add_text(&reason, "&amp;");
    buf_add_text(&reason, "</reason>");
    open_room(&rig, 65536);
    affiliate(&rig, 20, "outcast", reason.data);
    rig.settings.limits.stanza_bytes = 10000;
    rig_restart(&rig);
    char *page = ask(&rig, LIST("outcast", ""));
    assert_non_null(strstr(page, "<item affiliation='outcast' jid='u000@"));
    free(page);
    buf_free(&reason);
    rig_close(&rig);
}

/* A full list takes no new user, but its items can be changed. */
static void test_full(void **state)
{
    (void)state;
    struct rig rig;
    open_room(&rig, 262144);
    affiliate(&rig, 60, "outcast", "");
    rig.settings.limits.affiliations = 61; /* with the owner */
    rig_restart(&rig);
    affiliate(&rig, 60, "admin", "");
    rig_send(&rig, AFFILIATE("one@more.lit", "member"));
    rig_expect(&rig, ROMEO, "<resource-constraint", NULL);
    affiliate(&rig, 60, "none", "");
    room_do(&rig, AFFILIATE("one@more.lit", "member"));
    rig_close(&rig);
}

/* ---- The owner's form ---- */

#define ADMINS "muc#roomconfig_roomadmins"

static void expect_admins(struct rig *rig, unsigned count)
{
    char *list = ask(rig, LIST("admin", ""));
    assert_int_equal(count_of(list, "<item "), count);
    free(list);
}

static void test_form(void **state)
{
    (void)state;
    struct rig rig;
    open_room(&rig, 262144);
    affiliate(&rig, 300, "admin", "");
    char *form = ask(&rig, ASK("<query xmlns='" NS_MUC_OWNER "'/>"));
    assert_null(strstr(form, ADMINS));
    assert_non_null(strstr(form, "<field type='fixed' label='Admins'><value>This list is too"));
    assert_non_null(strstr(form, "<field var='muc#roomconfig_roomowners'"));
    free(form);
    /* A form without the field changes no owner; one with it is refused. */
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomname", "Verona")));
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomowners", "romeo@verona.lit")));
    expect_admins(&rig, 300);
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("roomadmins", "juliet@capulet.lit")));
    rig_expect(&rig, ROMEO, "<not-acceptable", "Admins: the list is too long", NULL);
    rig_send(&rig, CONFIGURE("<field var='" ADMINS "'/>"));
    rig_expect(&rig, ROMEO, "<not-acceptable", NULL);
    expect_admins(&rig, 300);
    affiliate(&rig, 300, "none", "");
    affiliate(&rig, 3, "admin", "");
    form = ask(&rig, ASK("<query xmlns='" NS_MUC_OWNER "'/>"));
    assert_non_null(strstr(form, "<field var='" ADMINS "'"));
    free(form);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomadmins", "juliet@capulet.lit")));
    expect_admins(&rig, 1);
    rig_close(&rig);
}

/* One of the two lists may be sent alone; users in the other list stay in it. */
static void test_one_list(void **state)
{
    (void)state;
    struct rig rig;
    open_room(&rig, 262144);
    room_do(&rig, AFFILIATE("juliet@capulet.lit", "admin"));
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomadmins", "romeo@verona.lit")));
    expect_admins(&rig, 0); /* Juliet is no longer in the list, and Romeo owns the room */
    room_do(&rig, CONFIGURE(CONFIG_FIELD("roomadmins", "juliet@capulet.lit")));
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("roomowners", "")));
    rig_expect(&rig, ROMEO, "<conflict", NULL);
    expect_admins(&rig, 1);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long),         cmocka_unit_test(test_whole),
        cmocka_unit_test(test_long_reasons), cmocka_unit_test(test_full),
        cmocka_unit_test(test_very_long),    cmocka_unit_test(test_form),
        cmocka_unit_test(test_one_list),
    };
    return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
