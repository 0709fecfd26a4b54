/* Lists of rooms and of occupants, whole and in pages. */

#include "disco_fixture.h"

static void make_room(struct rig *rig, const char *name, const char *title)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s@" RIG_DOMAIN "/Romeo", name);
    rig_join(rig, ROMEO, text.data);
    buf_clear(&text);
    buf_printf(&text,
               "<iq type='set' id='c' from='" ROMEO "' to='%s@" RIG_DOMAIN
               "'><query xmlns='" NS_MUC_OWNER "'><x xmlns='jabber:x:data' type='submit'>"
               "<field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG "</value></field>"
               "<field var='muc#roomconfig_roomname'><value>%s</value></field></x></query></iq>",
               name, title);
    rig_send(rig, text.data);
    rig_drain(rig);
    buf_free(&text);
}

#define LIST(children) REQUEST("get", JULIET, RIG_DOMAIN, ITEMS(children))
#define ITEM(name)     "<item jid='" name "@" RIG_DOMAIN "' name='" name "'/>"
#define AT(name)       name "@" RIG_DOMAIN
#define PART(index, first, last, count)                                                            \
    SET("<first index='" index "'>" AT(first) "</first><last>" AT(last) "</last><count>" count     \
                                                                        "</count>")

static void test_rooms(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    ANSWER(&rig, JULIET, LIST(""), "<query xmlns='" NS_DISCO_ITEMS "'/>");
    ANSWER(&rig, JULIET, LIST(SET("<max>0</max>")), "<query xmlns='" NS_DISCO_ITEMS "'/>");
    static const char *const names[] = {"d", "b", "a", "e", "c"};
    for (size_t i = 0; i < COUNT(names); i++)
        make_room(&rig, names[i], "");
    ANSWER(&rig, JULIET, LIST(""), ITEM("a") ITEM("b") ITEM("c") ITEM("d") ITEM("e") "</query>");
    ANSWER(&rig, JULIET, LIST(SET("<max>2</max>")), ITEM("a") ITEM("b") PART("0", "a", "b", "5"));
    ANSWER(&rig, JULIET, LIST(SET("<max>2</max><after>" AT("b") "</after>")),
           ITEM("c") ITEM("d") PART("2", "c", "d", "5"));
    ANSWER(&rig, JULIET, LIST(SET("<max>2</max><after>" AT("d") "</after>")),
           "'>" ITEM("e") PART("4", "e", "e", "5"));
    ANSWER(&rig, JULIET, LIST(SET("<max>2</max><before/>")),
           ITEM("d") ITEM("e") PART("3", "d", "e", "5"));
    ANSWER(&rig, JULIET, LIST(SET("<max>2</max><before>" AT("d") "</before>")),
           "'>" ITEM("b") ITEM("c") PART("1", "b", "c", "5"));
    ANSWER(&rig, JULIET, LIST(SET("<max>2</max><before>" AT("b") "</before>")),
           "'>" ITEM("a") PART("0", "a", "a", "5"));
    ANSWER(&rig, JULIET, LIST(SET("<max>3</max><index>3</index>")),
           "'>" ITEM("d") ITEM("e") PART("3", "d", "e", "5"));
    /* A page may begin after a room that is gone. */
    ANSWER(&rig, JULIET, LIST(SET("<max>1</max><after>" AT("bb") "</after>")),
           "'>" ITEM("c") PART("2", "c", "c", "5"));
    /* An empty page has the count alone. */
    ANSWER(&rig, JULIET, LIST(SET("<max>0</max>")), "'>" SET("<count>5</count>"));
    ANSWER(&rig, JULIET, LIST(SET("<after>" AT("e") "</after>")), "'>" SET("<count>5</count>"));
    ANSWER(&rig, JULIET, LIST(SET("<before>" AT("a") "</before>")), "'>" SET("<count>5</count>"));
    ANSWER(&rig, JULIET, LIST(SET("<index>5</index>")), "'>" SET("<count>5</count>"));
    ANSWER(&rig, JULIET, LIST(SET("<max>x</max>")), "<error type='modify' code='400'",
           "<bad-request");
    ANSWER(&rig, JULIET, LIST(SET("<after>b@elsewhere</after>")), "<item-not-found");
    ANSWER(&rig, JULIET, LIST(SET("<after>@</after>")), "<item-not-found");
    rig_close(&rig);
}

/* A list that does not fit into one answer comes in parts, each of whole items. */
static void test_rooms_large(void **state)
{
    (void)state;
    struct rig rig;
    char name[8];
    struct buf title = BUF_INIT;
    rig_open(&rig);
    for (int i = 0; i < 80; i++)
        buf_add_text(&title, "&amp;");
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "r%02d", i);
        make_room(&rig, name, title.data);
    }
    rig.settings.limits.stanza_bytes = 20000;
    rig_restart(&rig);
    unsigned seen = 0, pages = 0;
    struct buf text = BUF_INIT;
    buf_add_text(&text, LIST(""));
    while (text.len > 0) {
        rig_send(&rig, text.data);
        char *page = rig_receive(&rig, JULIET);
        assert_non_null(page);
        assert_true(strlen(page) <= 20000);
        for (const char *at = page; (at = strstr(at, "<item ")); at++)
            seen++;
        pages++;
        const char *last = strstr(page, "<last>"), *end = last ? strstr(last, "</last>") : NULL;
        buf_clear(&text);
        if (last)
            buf_printf(&text,
                       "<iq type='get' id='q' from='" JULIET "' to='" RIG_DOMAIN
                       "'><query xmlns='" NS_DISCO_ITEMS "'><set xmlns='" NS_RSM
                       "'><after>%.*s</after></set></query></iq>",
                       (int)(end - last - 6), last + 6);
        free(page);
    }
    assert_int_equal(seen, 100);
    assert_true(pages > 2);
    buf_free(&text);
    buf_free(&title);
    rig_close(&rig);
}

/* Writes listed rooms straight into the store. */
static void store_rooms(struct rig *rig, int from, int count)
{
    char name[16];
    for (int i = from; i < from + count; i++) {
        struct store_room row = {.id = i + 1, .listed = true};
        snprintf(name, sizeof name, "r%05d", i);
        row.name = row.title = row.creator = span_of(name);
        assert_int_equal(store_room_put(rig->store, &row), STORE_OK);
    }
    assert_int_equal(store_commit(rig->store), STORE_OK);
}

/* Far from the first room, no index is told, and none may be asked for. */
static void test_rooms_far(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    store_rooms(&rig, 0, 10005);
    rig_restart(&rig);
#define ONE(name) "<last>" name "@" RIG_DOMAIN "</last><count>10005</count>"
    ANSWER(&rig, JULIET, LIST(SET("<max>1</max><after>r09999@" RIG_DOMAIN "</after>")),
           "<first index='10000'>r10000@", ONE("r10000"));
    ANSWER(&rig, JULIET, LIST(SET("<max>1</max><after>r10000@" RIG_DOMAIN "</after>")),
           "<first>r10001@", ONE("r10001"));
    ANSWER(&rig, JULIET, LIST(SET("<max>1</max><before/>")), "<first>r10004@", ONE("r10004"));
    ANSWER(&rig, JULIET, LIST(SET("<max>1</max><index>10000</index>")),
           "<first index='10000'>r10000@", ONE("r10000"));
    ANSWER(&rig, JULIET, LIST(SET("<max>1</max><index>10001</index>")), "<feature-not-implemented");
    ANSWER(&rig, JULIET, LIST(SET("<index>10005</index>")), "'>" SET("<count>10005</count>"));
    ANSWER(&rig, JULIET, LIST(SET("<index>99999999999</index>")), "'>" SET("<count>10005</count>"));
    rig_close(&rig);
}

static void expect_count(struct rig *rig, const char *count)
{
    rig_send(rig, LIST(SET("<max>0</max>")));
    rig_expect(rig, JULIET, count, NULL);
}

/* The count follows the rooms, and goes back with a dropped turn. */
static void test_rooms_count(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    make_room(&rig, "b", "B");
    expect_count(&rig, "<count>2</count>");
    rig.fail_at = 1;
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_publicroom", "0")));
    rig_drain(&rig);
    expect_count(&rig, "<count>2</count>");
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_publicroom", "0")));
    rig_drain(&rig);
    expect_count(&rig, "<count>1</count>");
    rig_restart(&rig);
    expect_count(&rig, "<count>1</count>");
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_publicroom", "1")));
    rig_drain(&rig);
    expect_count(&rig, "<count>2</count>");
    rig_send(&rig,
             REQUEST("set", ROMEO, ROOM, "<query xmlns='" NS_MUC_OWNER "'><destroy/></query>"));
    rig_drain(&rig);
    expect_count(&rig, "<count>1</count>");
    rig_close(&rig);
}

#define WHO(from, children) REQUEST("get", from, ROOM, ITEMS(children))
#define NICK(nick)          "<item jid='" ROOM "/" nick "' name='" nick "'/>"

static void test_occupants(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_join(&rig, "b@localhost/x", ROOM "/B");
    rig_join(&rig, "c@localhost/x", ROOM "/C");
    ANSWER(&rig, JULIET, WHO(JULIET, ""), NICK("Romeo") NICK("B") NICK("C") "</query>");
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<max>1</max><after>" ROOM "/Romeo</after>")),
           "'>" NICK("B")
               SET("<first index='1'>" ROOM "/B</first><last>" ROOM "/B</last><count>3</count>"));
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<max>2</max><before/>")),
           "'>" NICK("B") NICK("C")
               SET("<first index='1'>" ROOM "/B</first><last>" ROOM "/C</last><count>3</count>"));
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<max>2</max><before>" ROOM "/B</before>")),
           "'>" NICK("Romeo") SET("<first index='0'>" ROOM "/Romeo</first><last>" ROOM
                                  "/Romeo</last><count>3</count>"));
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<max>9</max><index>2</index>")),
           "'>" NICK("C")
               SET("<first index='2'>" ROOM "/C</first><last>" ROOM "/C</last><count>3</count>"));
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<max>0</max>")), "'>" SET("<count>3</count>"));
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<index>3</index>")), "'>" SET("<count>3</count>"));
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<after>" ROOM "/Nobody</after>")), "<item-not-found");
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<after>" ROOM "</after>")), "<item-not-found");
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<index>-1</index>")), "<bad-request");
    rig_close(&rig);
}

/* Only occupants may list the occupants of a hidden room, or of any room if so configured. */
static void test_occupants_private(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_publicroom", "0")));
    rig_drain(&rig);
    ANSWER(&rig, JULIET, WHO(JULIET, ""), "<query xmlns='" NS_DISCO_ITEMS "'/>");
    ANSWER(&rig, JULIET, WHO(JULIET, SET("<max>0</max>")), "<query xmlns='" NS_DISCO_ITEMS "'/>");
    ANSWER(&rig, ROMEO, WHO(ROMEO, ""), NICK("Romeo"));
    rig_send(&rig, CONFIGURE(FIELD("muc#roomconfig_publicroom", "1")));
    rig_drain(&rig);
    ANSWER(&rig, JULIET, WHO(JULIET, ""), NICK("Romeo"));
    rig.settings.list_occupants = false;
    rig_restart(&rig);
    ANSWER(&rig, JULIET, WHO(JULIET, ""), "<query xmlns='" NS_DISCO_ITEMS "'/>");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rooms),     cmocka_unit_test(test_rooms_large),
        cmocka_unit_test(test_rooms_far), cmocka_unit_test(test_rooms_count),
        cmocka_unit_test(test_occupants), cmocka_unit_test(test_occupants_private),
    };
    return cmocka_run_group_tests_name("disco lists", tests, NULL, NULL);
}
