/* The beginning of log lines, and text that must not get into them. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "coven/log.h"
#include "log_fixture.h"

static void assert_matches(const char *text, const char *pattern)
{
    regex_t regex;
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&regex, text, 0, NULL, 0) != 0)
        fail_msg("\"%s\" is not %s", text, pattern);
    regfree(&regex);
}

/* Sets it as systemd does, to the device and inode of stderr. */
static void name_journal(int fd)
{
    struct stat status;
    char stream[64];
    assert_int_equal(fstat(fd, &status), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
}

static void test_plain(void **state)
{
    (void)state;
    struct listener listener = listen_to_log();
    log_open("covend", LOG_INFO);
    log_fatal("why %d", 1);
    log_warn("lost");
    log_debug("not wanted");
    char *log = end_listening(&listener);
    assert_string_equal(log, "covend: why 1\ncovend: warn: lost\n");
    free(log);
}

static void test_stamps(void **state)
{
    (void)state;
    struct listener listener = listen_to_log();
    log_open("covend", LOG_INFO);
    log_stamp();
    log_info("up");
    char *log = end_listening(&listener);
    assert_matches(log, "^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z "
                        "covend: info: up\n$");
    free(log);
}

static void test_journal(void **state)
{
    (void)state;
    struct listener listener = listen_to_log();
    name_journal(STDERR_FILENO);
    log_open("covend", LOG_DEBUG);
    log_stamp();
    log_fatal("why");
    log_error("a");
    log_warn("b");
    log_info("c");
    log_debug("d");
    char *log = end_listening(&listener);
    assert_string_equal(log, "<3>why\n<3>a\n<4>b\n<6>c\n<7>d\n");
    free(log);
    unsetenv("JOURNAL_STREAM");
}

/* The variable is inherited by a process whose stderr goes elsewhere. */
static void test_another_stream(void **state)
{
    (void)state;
    name_journal(STDIN_FILENO);
    struct listener listener = listen_to_log();
    log_open("covend", LOG_INFO);
    log_info("c");
    char *log = end_listening(&listener);
    assert_string_equal(log, "covend: info: c\n");
    free(log);
    unsetenv("JOURNAL_STREAM");
}

static void test_level(void **state)
{
    (void)state;
    struct listener listener = listen_to_log();
    log_open("covend", LOG_INFO);
    log_set_level(LOG_ERROR);
    log_warn("a");
    log_set_level(LOG_DEBUG);
    log_debug("b");
    char *log = end_listening(&listener);
    assert_string_equal(log, "covend: debug: b\n");
    free(log);
}

static void test_foreign_text(void **state)
{
    (void)state;
    struct listener listener = listen_to_log();
    log_open("covend", LOG_INFO);
    log_info("nick %s", "a\nb\x1b[31m\xE2\x80\xAE\xE2\x80\xA8\xC3");
    char *log = end_listening(&listener);
    assert_string_equal(log, "covend: info: nick a?b?[31m???\n");
    free(log);
}

/* Most warnings of a flood are dropped, errors never. */
static void test_flood(void **state)
{
    (void)state;
    unsigned lines = 0;
    struct listener listener = listen_to_log();
    log_open("covend", LOG_INFO);
    for (int i = 0; i < 1000; i++)
        log_warn("again");
    log_error("the end");
    char *log = end_listening(&listener);
    for (const char *at = log; (at = strchr(at, '\n')); at++)
        lines++;
    assert_in_range(lines, 5, 45); /* a second may begin meanwhile */
    assert_non_null(strstr(log, "covend: error: the end\n"));
    free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_stamps),
        cmocka_unit_test(test_journal), cmocka_unit_test(test_another_stream),
        cmocka_unit_test(test_level),   cmocka_unit_test(test_foreign_text),
        cmocka_unit_test(test_flood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
