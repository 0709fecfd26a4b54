/* An archive with messages sent while the clock was wrong: what queries find, and what is kept. */

#include "clock_fixture.h"

#define TEN "hello hello hello hello hello hello hello hello hello hello "

/* ---- Asking for times ---- */

static void times_are_those_of_the_stamps(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(""));
    const struct {
        const char *inner, *stamped, *text, *other;
    } cases[] = {
        {MAM_FORM(FIELD("start", "2027-01-01T00:00:00Z")), "c@34560002", "index='0'", "<count>1<"},
        {MAM_FORM(FIELD("end", AT("04"))), "a@0 b@1 d@3 e@4", "index='0'", "<count>4</count>"},
        {MAM_FORM(FIELD("start", AT("02"))), "c@34560002 d@3 e@4", "index='0'", "<count>3</count>"},
        {MAM_FORM(BETWEEN("01", "03")), "b@1 d@3", "complete='true'", "<count>2</count>"},
        {MAM_FORM(BETWEEN("02", "02")), "", "complete='true'", "<count>0</count>"},
        {MAM_FORM(BETWEEN("01", "03")) SET("<max>0</max>"), "", "'false'", "<count>2</count>"},
        {MAM_FORM(BETWEEN("01", "03")) SET("<max>1</max>"), "b@1", "'false'", "<first index='0'>"},
        {MAM_FORM(BETWEEN("01", "03")) SET("<max>2</max>"), "b@1 d@3", "'true'",
         "<first index='0'>"},
        {MAM_FORM(BETWEEN("01", "03")) SET("<max>1</max><before/>"), "d@3", "'false'",
         "<count>2</count>"},
        {MAM_FORM(BETWEEN("01", "04")) SET("<max>2</max><before/>"), "d@3 e@4", "'false'",
         "<first>"},
        {MAM_FORM(BETWEEN("01", "04")) SET("<max>1</max><index>2</index>"), "e@4", "'true'",
         "<first index='2'>"},
        {MAM_FORM(BETWEEN("01", "03") FIELD("with", ROOM "/Juliet")), "b@1 d@3", "'true'",
         "<first>"},
        {MAM_FORM(BETWEEN("01", "03") FIELD("with", ROOM "/Juliet")) SET("<max>1</max><before/>"),
         "d@3", "'false'", "<last>"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        expect_archive(&rig, cases[i].inner, cases[i].stamped, cases[i].text, cases[i].other);
    rig_close(&rig);
}

static void pages_go_on_from_one_era_to_the_next(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(""));
    char *b = id_of(&rig, 1), *c = id_of(&rig, 2), *d = id_of(&rig, 3);
    struct buf text = BUF_INIT;
    buf_printf(&text, MAM_FORM(BETWEEN("00", "04")) SET("<max>1</max><after>%s</after>"), b);
    expect_archive(&rig, text.data, "d@3", "<first index='2'>", "<count>4</count>");
    buf_clear(&text);
    buf_printf(&text, MAM_FORM(BETWEEN("00", "04")) SET("<max>1</max><before>%s</before>"), d);
    expect_archive(&rig, text.data, "b@1", "<first>", "<count>4</count>");
    buf_clear(&text);
    buf_printf(&text, MAM_FORM(BETWEEN("00", "04") FIELD("after-id", "%s")), b);
    expect_archive(&rig, text.data, "d@3 e@4", "<first index='0'>", "<count>2</count>");
    buf_clear(&text);
    buf_printf(&text,
               MAM_FORM(BETWEEN("00", "03") "<field var='ids'><value>%s</value><value>%s</value>"
                                            "<value>%s</value></field>"),
               b, c, d);
    expect_archive(&rig, text.data, "b@1 d@3", "<first index='0'>", "<count>2</count>");
    buf_free(&text);
    free(b);
    free(c);
    free(d);
    rig_close(&rig);
}

static void newcomers_ask_for_times_of_stamps(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(""));
    expect_history(&rig, "since='" AT("03") "'", "c@34560002 e@4");
    expect_history(&rig, "since='" AT("03") "' maxstanzas='1'", "e@4");
    expect_history(&rig, "since='" AT("00") "' maxstanzas='4'", "b@1 c@34560002 d@3 e@4");
    expect_history(&rig, "seconds='2'", "c@34560002 e@4");
    expect_history(&rig, "since='2027-06-01T00:00:00Z'", "");
    /* The first message that does not fit ends the history, even if a shorter one from an earlier
     * era would fit. */
    say(&rig, JULIET, "long", "<body>" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "</body>");
    expect_history(&rig, "since='" AT("03") "' maxchars='600'", "");
    expect_history(&rig, "since='" AT("03") "' maxchars='6000'", "c@34560002 e@4 long@5");
    rig_close(&rig);
}

/* The query comes before the clock is set; the page is read after that. */
static void a_page_uses_the_eras_of_its_request(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    speak(&rig, "a");
    rig.holds_tasks = true;
    ask(&rig, ROMEO, "");
    rig.ahead_ms = -DAY;
    speak(&rig, "b");
    rig_run_tasks(&rig);
    expect_page(&rig, ROMEO, "a", "complete='true'", "<count>1</count>", NULL);
    rig_close(&rig);
}

/* ---- Retention ---- */

static void limit_days(struct rig *rig, unsigned days)
{
    rig->settings.limits.archive_days = days;
    service_configure(rig->service, &rig->settings);
}

/* Messages sent while the clock was wrong are deleted together with those sent after. */
static void messages_of_the_future_hold_nothing_up(void **state)
{
    (void)state;
    struct rig rig;
    open_twisted(&rig, CONFIGURE(""));
    limit_days(&rig, 30);
    rig.now_ms += 20 * DAY;
    speak(&rig, "f");
    rig_wait(&rig, 1);
    expect_archive(&rig, "", TWISTED " f@1728005", "index", "");
    rig.now_ms += 10 * DAY;
    rig_wait(&rig, 1);
    expect_archive(&rig, "", "f@1728005", "<first index='0'>", "<count>1</count>");
    rig_close(&rig);
}

static void messages_of_the_past_are_as_old_as_those_before(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    limit_days(&rig, 30);
    speak(&rig, "a");
    rig.ahead_ms = -50 * DAY;
    speak(&rig, "b");
    rig.ahead_ms = 0;
    rig_wait(&rig, 7200);
    rig_wait(&rig, 7200);
    expect_archive(&rig, "", "a@0 b@-4319999", "index", "");
    rig.now_ms += 31 * DAY;
    rig_wait(&rig, 1);
    expect_archive(&rig, "", "", "complete", "");
    rig_close(&rig);
}

/* Deletion is final, so a new time is trusted only after a while. */
static void a_jump_deletes_nothing(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE("<field var='{urn:coven:0}archivedays'><value>20</value>"
                              "</field>"));
    limit_days(&rig, 30);
    speak(&rig, "a");
    rig.ahead_ms = FAR;
    for (int i = 0; i < 3; i++)
        rig_wait(&rig, 1);
    rig_restart(&rig);
    for (int i = 0; i < 3; i++)
        rig_wait(&rig, 1000);
    expect_archive(&rig, "", "a@0", "index", "");
    rig_wait(&rig, 1000);
    rig_wait(&rig, 2);
    expect_archive(&rig, "", "", "complete", "");
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_the_stamps),
        cmocka_unit_test(pages_go_on_from_one_era_to_the_next),
        cmocka_unit_test(newcomers_ask_for_times_of_stamps),
        cmocka_unit_test(a_page_uses_the_eras_of_its_request),
        cmocka_unit_test(messages_of_the_future_hold_nothing_up),
        cmocka_unit_test(messages_of_the_past_are_as_old_as_those_before),
        cmocka_unit_test(a_jump_deletes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
