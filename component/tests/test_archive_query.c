/* Which part of an archive a query gets, and which queries are refused. */

#include "archive_fixture.h"

/* ---- Parts ---- */

static void pages_follow_each_other(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 7);
    char *second = id_of(&rig, 1), *third = id_of(&rig, 2);
    struct buf text = BUF_INIT;
    ask(&rig, MERCUTIO, SET("<max>3</max>"));
    expect_page(&rig, MERCUTIO, "m0 m1 m2", "complete='false'", "<first index='0'>", third,
                "<count>7</count>", NULL);
    buf_printf(&text, SET("<max>3</max><after>%s</after>"), third);
    ask(&rig, MERCUTIO, text.data);
    expect_page(&rig, MERCUTIO, "m3 m4 m5", "complete='false'", "<first index='3'>", NULL);
    ask(&rig, MERCUTIO, SET("<max>3</max><before/>"));
    expect_page(&rig, MERCUTIO, "m4 m5 m6", "complete='false'", "<first>", "<count>7</count>",
                NULL);
    buf_clear(&text);
    buf_printf(&text, SET("<max>3</max><before>%s</before>"), third);
    ask(&rig, MERCUTIO, text.data);
    expect_page(&rig, MERCUTIO, "m0 m1", "complete='true'", "<first>", second, NULL);
    ask(&rig, MERCUTIO, SET("<max>2</max><index>5</index>"));
    expect_page(&rig, MERCUTIO, "m5 m6", "complete='true'", "<first index='5'>", NULL);
    ask(&rig, MERCUTIO, SET("<max>2</max><index>7</index>"));
    expect_page(&rig, MERCUTIO, "", "complete='true'", "<count>7</count>", NULL);
    ask(&rig, MERCUTIO, SET("<max>0</max>"));
    expect_page(&rig, MERCUTIO, "", "<count>7</count>", NULL);
    ask(&rig, MERCUTIO, "<flip-page/>" SET("<max>3</max><before/>"));
    expect_page(&rig, MERCUTIO, "m6 m5 m4", "<first>", NULL);
    ask(&rig, MERCUTIO, "<flip-page/>" SET("<max>2</max>"));
    expect_page(&rig, MERCUTIO, "m1 m0", "<first index='0'>", NULL);
    buf_free(&text);
    free(second);
    free(third);
    rig_close(&rig);
}

static void no_page_is_larger_than_the_limit(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    for (unsigned i = 0; i < 51; i++)
        say(&rig, JULIET, "m", "<body>hello</body>");
    ask(&rig, ROMEO, SET("<max>999999999</max>"));
    for (unsigned i = 0; i < 50; i++)
        rig_expect(&rig, ROMEO, "<forwarded", NULL);
    rig_expect(&rig, ROMEO, "complete='false'", "<count>51</count>", NULL);
    rig_expect_nothing(&rig, ROMEO);
    rig_close(&rig);
}

static void a_page_is_bounded_in_bytes(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    struct buf body = BUF_INIT;
    buf_add_text(&body, "<body>");
    memset(buf_reserve(&body, 60000), 'x', 60000);
    body.len += 60000;
    buf_add_text(&body, "</body>");
    for (unsigned i = 0; i < 12; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%u", i);
        say(&rig, JULIET, id, body.data);
    }
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "m0 m1 m2 m3 m4 m5 m6 m7", "complete='false'", NULL);
    ask(&rig, ROMEO, SET("<before/>"));
    expect_page(&rig, ROMEO, "m4 m5 m6 m7 m8 m9 m10 m11", "complete='false'", "<first>", NULL);
    /* Forwarded, a message can be larger than a stanza may be. */
    buf_clear(&body);
    buf_add_text(&body, "<body>");
    memset(buf_reserve(&body, 65000), 'y', 65000);
    body.len += 65000;
    buf_add_text(&body, "</body>");
    say(&rig, JULIET, "huge", body.data);
    ask(&rig, ROMEO, SET("<before/><max>1</max>"));
    rig_expect(&rig, ROMEO, "<forwarded xmlns='urn:xmpp:forward:0'><delay ", "/></forwarded>",
               NULL);
    rig_expect(&rig, ROMEO, "<fin", NULL);
    buf_free(&body);
    rig_close(&rig);
}

static void times_narrow_the_range(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 5);
    ask(&rig, ROMEO, MAM_FORM(FIELD("start", "2026-01-01T00:00:02Z")));
    expect_page(&rig, ROMEO, "m2 m3 m4", "<first index='0'>", "<count>3</count>", NULL);
    ask(&rig, ROMEO, MAM_FORM(FIELD("end", "2026-01-01T01:00:02+01:00")));
    expect_page(&rig, ROMEO, "m0 m1 m2", "<count>3</count>", NULL);
    ask(&rig, ROMEO,
        MAM_FORM(FIELD("start", "2026-01-01T00:00:01Z") FIELD("end", "2026-01-01T00:00:03Z"))
            SET("<max>2</max><index>1</index>"));
    expect_page(&rig, ROMEO, "m2 m3", "<first index='1'>", "<count>3</count>", NULL);
    ask(&rig, ROMEO,
        MAM_FORM(FIELD("start", "2026-01-01T00:00:03Z") FIELD("end", "2026-01-01T00:00:01Z")));
    expect_page(&rig, ROMEO, "", "complete='true'", "<count>0</count>", NULL);
    ask(&rig, ROMEO,
        MAM_FORM(FIELD("start", "0001-01-01T00:00:00Z") FIELD("end", "9999-12-31T23:59:59Z")));
    expect_page(&rig, ROMEO, "m0 m1 m2 m3 m4", NULL);
    ask(&rig, ROMEO, MAM_FORM(FIELD("start", "9999-12-31T23:59:59Z")));
    expect_page(&rig, ROMEO, "", "complete='true'", NULL);
    rig_close(&rig);
}

static void ids_narrow_the_range(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 5);
    say(&rig, ROMEO, "r", "<body>hello</body>");
    char *second = id_of(&rig, 1), *fourth = id_of(&rig, 3), *last = id_of(&rig, 5);
    struct buf text = BUF_INIT;
    buf_printf(&text, MAM_FORM(FIELD("after-id", "%s") FIELD("before-id", "%s")), second, fourth);
    ask(&rig, ROMEO, text.data);
    expect_page(&rig, ROMEO, "m2", "complete='true'", "<count>1</count>", NULL);
    buf_clear(&text);
    buf_printf(&text,
               MAM_FORM("<field var='ids'><value>%s</value><value>%s</value><value>%s</value>"
                        "<value>%s</value></field>"),
               last, second, fourth, second);
    ask(&rig, ROMEO, text.data);
    expect_page(&rig, ROMEO, "m1 m3 r", "complete='true'", "<count>3</count>", "<first index='0'>",
                NULL);
    buf_printf(&text, SET("<max>1</max><after>%s</after>"), second);
    ask(&rig, ROMEO, text.data);
    expect_page(&rig, ROMEO, "m3", "complete='false'", "<count>3</count>", "<first index='1'>",
                NULL);
    buf_clear(&text);
    buf_printf(&text,
               MAM_FORM("<field var='ids'><value>%s</value><value>%s</value></field>" FIELD(
                   "with", ROOM "/Juliet")) SET("<before/>"),
               last, second);
    ask(&rig, ROMEO, text.data);
    expect_page(&rig, ROMEO, "m1", "complete='true'", "<count>1</count>", "<first>", NULL);
    buf_free(&text);
    free(second);
    free(fourth);
    free(last);
    rig_close(&rig);
}

static void authors_are_found(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_join(&rig, PHONE, ROOM "/Juliet");
    say(&rig, JULIET, "j1", "<body>hello</body>");
    say(&rig, ROMEO, "r1", "<body>hello</body>");
    say(&rig, PHONE, "p1", "<body>hello</body>");
    ask(&rig, MERCUTIO, MAM_FORM(FIELD("with", ROOM "/Juliet")));
    expect_page(&rig, MERCUTIO, "j1 p1", "complete='true'", NULL);
    ask(&rig, MERCUTIO, MAM_FORM(FIELD("with", ROOM "/Juliet")) SET("<max>1</max><before/>"));
    expect_page(&rig, MERCUTIO, "p1", "complete='false'", NULL);
    ask(&rig, MERCUTIO, MAM_FORM(FIELD("with", ROOM)));
    expect_page(&rig, MERCUTIO, "j1 r1 p1", NULL);
    ask(&rig, MERCUTIO, MAM_FORM(FIELD("with", ROOM "/Nobody")));
    expect_page(&rig, MERCUTIO, "", "complete='true'", NULL);
    /* Real JIDs go to those who may see them; everybody may see their own. */
    ask(&rig, MERCUTIO, MAM_FORM(FIELD("with", "juliet@capulet.lit")));
    expect_error(&rig, MERCUTIO, "<forbidden");
    ask(&rig, ROMEO, MAM_FORM(FIELD("with", "juliet@capulet.lit")));
    expect_page(&rig, ROMEO, "j1 p1", NULL);
    ask(&rig, ROMEO, MAM_FORM(FIELD("with", PHONE)));
    expect_page(&rig, ROMEO, "p1", NULL);
    ask(&rig, JULIET, MAM_FORM(FIELD("with", "juliet@capulet.lit")));
    expect_page(&rig, JULIET, "j1 p1", NULL);
    ask(&rig, ROMEO, MAM_FORM(FIELD("with", "juliet@capulet.lit")) SET("<index>1</index>"));
    expect_error(&rig, ROMEO, "<feature-not-implemented");
    rig_close(&rig);
}

static void wrong_queries_are_refused(void **state)
{
    (void)state;
    static const char unknown[] = "0123456789abcdef0123456789abcdef";
    static const struct {
        const char *query, *condition;
    } wrong[] = {
        {MAM_FORM(FIELD("start", "yesterday")), "<bad-request"},
        {MAM_FORM(FIELD("start", "0000-01-01T00:00:00Z")), "<bad-request"},
        {MAM_FORM(FIELD("end", "2026-02-30T00:00:00Z")), "<bad-request"},
        {MAM_FORM(FIELD("with", "@")), "<jid-malformed"},
        {MAM_FORM(FIELD("with", "")), "<jid-malformed"},
        {MAM_FORM(FIELD("colour", "red")), "<feature-not-implemented"},
        {MAM_FORM(FIELD("ids", "nonsense")), "<item-not-found"},
        {MAM_FORM(FIELD("ids", "0123456789abcdef0123456789abcdef")), "<item-not-found"},
        {MAM_FORM(FIELD("after-id", "")), "<item-not-found"},
        {MAM_FORM(FIELD("before-id", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")), "<item-not-found"},
        {"<x xmlns='jabber:x:data' type='submit'>" FIELD("with", ROOM) "</x>", "<bad-request"},
        {"<x xmlns='jabber:x:data' type='submit'>" FIELD("FORM_TYPE", "urn:other") "</x>",
         "<bad-request"},
        {"<x xmlns='jabber:x:data' type='cancel'/>", "<bad-request"},
        {SET("<max>-1</max>"), "<bad-request"},
        {SET("<max>abc</max>"), "<bad-request"},
        {SET("<max/>"), "<bad-request"},
        {SET("<before/><after>x</after>"), "<bad-request"},
        {SET("<index>-1</index>"), "<bad-request"},
        {SET("<after>x</after>"), "<item-not-found"},
        {SET("<before>0123456789abcdef0123456789abcdef</before>"), "<item-not-found"},
    };
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 2);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        ask(&rig, ROMEO, wrong[i].query);
        expect_error(&rig, ROMEO, wrong[i].condition);
    }
    /* Only the whole id finds a message, not the time in it. */
    char *id = id_of(&rig, 0);
    struct buf text = BUF_INIT;
    memcpy(id + 16, unknown, 16);
    buf_printf(&text, MAM_FORM(FIELD("ids", "%s")), id);
    ask(&rig, ROMEO, text.data);
    expect_error(&rig, ROMEO, "<item-not-found");
    buf_free(&text);
    free(id);
    rig_close(&rig);
}

static void form_and_metadata_tell_what_there_is(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_send(&rig,
             "<iq type='get' id='f' from='" ROMEO "' to='" ROOM "'><query xmlns='" MAM "'/></iq>");
    rig_expect(&rig, ROMEO, "type='form'", "<field var='with' type='jid-single'/>",
               "<field var='start' type='text-single'/>", "<field var='end' type='text-single'/>",
               "<field var='before-id' type='text-single'/>",
               "<field var='after-id' type='text-single'/>",
               "<field var='ids' type='list-multi'><validate "
               "xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'><open/>",
               NULL);
    static const char metadata[] =
        "<iq type='get' id='m' from='" ROMEO "' to='" ROOM "'><metadata xmlns='" MAM "'/></iq>";
    rig_send(&rig, metadata);
    rig_expect(&rig, ROMEO, "type='result'", "<metadata xmlns='" MAM "'/>", NULL);
    say_some(&rig, 3);
    char *first = id_of(&rig, 0), *last = id_of(&rig, 2);
    struct buf start = BUF_INIT, end = BUF_INIT;
    buf_printf(&start, "<start id='%s' timestamp='2026-01-01T00:00:00Z'/>", first);
    buf_printf(&end, "<end id='%s' timestamp='2026-01-01T00:00:02Z'/>", last);
    rig_send(&rig, metadata);
    rig_expect(&rig, ROMEO, start.data, end.data, NULL);
    buf_free(&start);
    buf_free(&end);
    free(first);
    free(last);
    rig_close(&rig);
}

/* A query that would take long is refused. */
static void no_query_takes_long(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("whois", "anyone")));
    say_some(&rig, 1);
    static const char stanza[] = "<message from='" ROOM "/Juliet' type='groupchat' id='x' to=''>"
                                 "<body>hello</body></message>";
    struct store_message row = {
        .key = key_at(rig.now_ms),
        .room = 1,
        .number = 2,
        .author = span_of("juliet@capulet.lit"),
        .resource = span_of("balcony"),
        .nick = span_of("Juliet"),
        .stanza = span_of(stanza),
        .to_at = (uint32_t)(strstr(stanza, "'>") - stanza),
    };
    for (unsigned i = 0; i < 30000; i++, row.key++, row.number++)
        assert_int_equal(store_message_add(rig.store, &row), STORE_OK);
    assert_int_equal(store_commit(rig.store), STORE_OK);
    rig_restart(&rig); /* the service takes these keys for its own */
    ask(&rig, TYBALT, MAM_FORM(FIELD("with", "juliet@capulet.lit")));
    expect_error(&rig, TYBALT, "<resource-constraint"); /* too many messages to index at once */
    while (store_upkeep(rig.store) == STORE_OK)
        continue;
    for (unsigned i = 0; i < 30; i++) {
        ask(&rig, TYBALT,
            MAM_FORM(FIELD("with", "juliet@capulet.lit")) SET("<before/><max>1</max>"));
        expect_page(&rig, TYBALT, "x", NULL);
        ask(&rig, TYBALT, MAM_FORM(FIELD("with", JULIET)) SET("<max>1</max>"));
        expect_page(&rig, TYBALT, "m0", NULL);
        ask(&rig, TYBALT, SET("<max>1</max><index>29999</index>"));
        expect_page(&rig, TYBALT, "x", "<count>30001</count>", NULL);
    }
    rig.settings.limits.search_ms = 1;
    service_configure(rig.service, &rig.settings);
    ask(&rig, TYBALT, MAM_FORM(FIELD("with", PHONE)));
    expect_error(&rig, TYBALT, "<resource-constraint");
    rig_close(&rig);
}

/* ---- A store that fails ---- */

/* Asserts that the answer is a page of that many messages, or an error, or nothing (if the asking
 * turn was dropped). */
static void expect_whole_or_refused(struct rig *rig, unsigned call, unsigned messages)
{
    unsigned came = 0;
    char *stanza;
    bool refused = false, ended = false;
    while ((stanza = rig_receive(rig, ROMEO))) {
        came += strncmp(stanza, "<message", 8) == 0;
        refused = refused || strstr(stanza, "<resource-constraint");
        ended = strstr(stanza, "<fin ") != NULL;
        free(stanza);
    }
    bool whole = ended && came == messages;
    if (!whole && !(came == 0 && !ended))
        fail_msg("call %u failed, and %u of %u messages came", call, came, messages);
    assert_false(whole && refused);
}

/* A query gets a whole page or an error, whichever call fails. */
static void a_failing_store_is_no_empty_archive(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 3);
    char *id = id_of(&rig, 1);
    struct buf by_id = BUF_INIT;
    buf_printf(&by_id, MAM_FORM(FIELD("ids", "%s")), id);
    const struct {
        const char *text;
        unsigned messages;
    } queries[] = {{"", 3},
                   {SET("<index>1</index>"), 2},
                   {by_id.data, 1},
                   {MAM_FORM(FIELD("with", ROOM "/Juliet")), 3},
                   {MAM_FORM(FIELD("{urn:xmpp:fulltext:0}fulltext", "hello")), 3}};
    for (size_t i = 0; i < COUNT(queries); i++) {
        unsigned k = 0;
        do {
            rig.fail_at = ++k;
            ask(&rig, ROMEO, queries[i].text);
            if (rig.fail_at == 0)
                expect_whole_or_refused(&rig, k, queries[i].messages);
            rig_expect_nothing(&rig, TYBALT);
        } while (rig.fail_at == 0);
        assert_true(k > 2);
    }
    rig.fail_at = 0;
    buf_free(&by_id);
    free(id);
    rig_close(&rig);
}

/* ---- Keys and ids ---- */

static void ids_are_read_as_they_are_printed(void **state)
{
    (void)state;
    char text[MESSAGE_ID_SIZE];
    struct message_id id = {INT64_C(0x19b7712c00000001), UINT64_C(0xfedcba9876543210)};
    message_id_print(id, text);
    assert_string_equal(text, "19b7712c00000001fedcba9876543210");
    struct message_id read = {0, 0};
    assert_true(message_id_parse(text, &read));
    assert_int_equal(read.key, id.key);
    assert_true(read.noise == id.noise);
    static const char *const wrong[] = {
        "",
        "19b7712c00000001fedcba987654321",
        "19b7712c00000001fedcba98765432100",
        "19B7712C00000001FEDCBA9876543210",
        "0x9b7712c00000001fedcba9876543210",
        " 9b7712c00000001fedcba9876543210",
    };
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(message_id_parse(wrong[i], &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_follow_each_other),
        cmocka_unit_test(no_page_is_larger_than_the_limit),
        cmocka_unit_test(a_page_is_bounded_in_bytes),
        cmocka_unit_test(times_narrow_the_range),
        cmocka_unit_test(ids_narrow_the_range),
        cmocka_unit_test(authors_are_found),
        cmocka_unit_test(wrong_queries_are_refused),
        cmocka_unit_test(form_and_metadata_tell_what_there_is),
        cmocka_unit_test(no_query_takes_long),
        cmocka_unit_test(a_failing_store_is_no_empty_archive),
        cmocka_unit_test(ids_are_read_as_they_are_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
