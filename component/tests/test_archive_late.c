/* Searches of an archive that take longer than they may. */

#include "archive_fixture.h"

/* The linker puts __wrap_store_messages() in place of store_messages(): for as long as this is
 * true, each search ends after two messages. */
static bool is_late;

enum store_result __real_store_messages(struct store *store, const struct store_range *range,
                                        store_message_each *each, void *user);
enum store_result __wrap_store_messages(struct store *store, const struct store_range *range,
                                        store_message_each *each, void *user);

enum store_result __wrap_store_messages(struct store *store, const struct store_range *range,
                                        store_message_each *each, void *user)
{
    struct store_range few = *range;
    if (!is_late)
        return __real_store_messages(store, range, each, user);
    few.limit = 2;
    __real_store_messages(store, &few, each, user);
    return STORE_LATE;
}

/* A client that asks for the next pages gets everything. */
static void a_late_search_shows_what_it_found(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 3);
    is_late = true;
    ask(&rig, ROMEO, MAM_FORM(FIELD("with", ROOM "/Juliet")));
    expect_page(&rig, ROMEO, "m0 m1", "complete='false'", NULL);
    is_late = false;
    rig_close(&rig);
}

static void a_late_search_that_found_nothing_is_refused(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    say_some(&rig, 3);
    rig.settings.limits.search_ms = 0;
    service_configure(rig.service, &rig.settings);
    ask(&rig, ROMEO, MAM_FORM(FIELD("with", ROOM "/Juliet")));
    rig_expect(&rig, ROMEO, "<error type='wait'", "<resource-constraint", "took too long", NULL);
    rig_expect_nothing(&rig, ROMEO);
    ask(&rig, ROMEO, "");
    expect_page(&rig, ROMEO, "m0 m1 m2", "complete='true'", NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_late_search_shows_what_it_found),
        cmocka_unit_test(a_late_search_that_found_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
