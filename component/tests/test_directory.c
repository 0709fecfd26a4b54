/* Public rooms for directories. */

#include "command_fixture.h"
#include "coven/directory.h"

struct told {
    unsigned count;
    char *json; /* NULL: it failed */
};

static void on_told(void *user, struct buf *json)
{
    struct told *told = user;
    told->count++;
    told->json = json ? buf_take(json) : NULL;
}

static struct told read_page(struct rig *rig, const char *after, unsigned limit)
{
    struct told told = {0};
    directory_ask(rig->service, span_of(after), limit, on_told, &told);
    rig_run_tasks(rig);
    assert_int_equal(told.count, 1);
    return told;
}

static void expect_page(struct rig *rig, const char *after, unsigned limit, const char *json)
{
    struct told told = read_page(rig, after, limit);
    assert_string_equal(told.json, json);
    free(told.json);
}

#define ENTRY(name, more) "{\"address\":\"" name "@conference.localhost\"," more "}"
#define OPEN              "\"is_open\":true,\"is_anonymous\":true"

static void pages(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    expect_page(&rig, "", 10, "{\"rooms\":[],\"total\":0}");
    command_do(&rig, "create", "{'room':'b','options':['roomname=B \\\" \\n</script>\xc2\x85']}");
    command_do(&rig, "create", "{'room':'a','options':['publicroom=0']}");
    command_do(&rig, "create",
               "{'room':'c','options':['membersonly=1','presencebroadcast=moderator']}");
    command_do(&rig, "create", "{'room':'d','options':['roomdesc=All','lang=en','whois=anyone']}");
#define B ENTRY("b", "\"name\":\"B \\\" \\n</script>\xc2\x85\",\"occupants\":0," OPEN)
#define C ENTRY("c", "\"name\":\"c\",\"is_open\":false,\"is_anonymous\":true")
#define D                                                                                          \
    ENTRY("d", "\"name\":\"d\",\"occupants\":0,\"description\":\"All\",\"language\":\"en\","       \
               "\"is_open\":true,\"is_anonymous\":false")
    expect_page(&rig, "", 10, "{\"rooms\":[" B "," C "," D "],\"total\":3}");
    expect_page(&rig, "", 1, "{\"rooms\":[" B "],\"total\":3,\"next\":\"b@conference.localhost\"}");
    expect_page(&rig, "b@conference.localhost", 1,
                "{\"rooms\":[" C "],\"total\":3,\"next\":\"c@conference.localhost\"}");
    expect_page(&rig, "c", 1, "{\"rooms\":[" D "],\"total\":3}");
    expect_page(&rig, "d", 0, "{\"rooms\":[],\"total\":3}");
    expect_page(&rig, "\xff", 9999, "{\"rooms\":[],\"total\":3}");
    rig_close(&rig);
}

static void occupants_are_counted(void **state)
{
    struct rig rig;
    (void)state;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    struct told told = read_page(&rig, "", 10);
    assert_non_null(strstr(told.json, "\"occupants\":3,"));
    free(told.json);
    rig_close(&rig);
}

/* Whoever asked has gone, or the service ends before the page is read. */
static void nobody_waits(void **state)
{
    struct rig rig;
    struct told gone = {0}, last = {0};
    (void)state;
    rig_open(&rig);
    directory_abandon(directory_ask(rig.service, span_of(""), 10, on_told, &gone));
    rig_run_tasks(&rig);
    assert_int_equal(gone.count, 0);
    directory_ask(rig.service, span_of(""), 10, on_told, &last);
    rig_close(&rig);
    assert_int_equal(last.count, 1);
    assert_null(last.json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages),
        cmocka_unit_test(occupants_are_counted),
        cmocka_unit_test(nobody_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
