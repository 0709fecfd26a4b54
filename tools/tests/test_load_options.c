/* The command line of coven-load. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "load/options.h"

#define READ(options, ...) read_words(options, (char *[]){"coven-load", __VA_ARGS__, NULL})

static enum arguments_result read_words(struct options *options, char **words)
{
    int count = 0;
    while (words[count])
        count++;
    return options_read(options, count, words);
}

static void a_role_and_its_numbers(void **state)
{
    (void)state;
    struct options options;
    assert_int_equal(READ(&options, "--listen", "[::1]:5347", "--rooms", "3", "--occupants", "4",
                          "--seconds", "0.5", "--work", "presence", "--watch", "1"),
                     ARGUMENTS_RUN);
    assert_string_equal(options.host, "::1");
    assert_string_equal(options.port, "5347");
    assert_int_equal(options.users, 12);
    assert_int_equal(options.ms, 500);
    assert_int_equal(options.work, WORK_PRESENCE);
    assert_int_equal(options.watch[0], 1);
    assert_string_equal(options.domain, "load.localhost");
    assert_string_equal(options.secret, "hush");
    options_free(&options);
}

static void the_work_sets_defaults_of_rooms(void **state)
{
    (void)state;
    struct options options;
    assert_int_equal(READ(&options, "--loopback"), ARGUMENTS_RUN);
    assert_false(options.quiet_rooms);
    assert_int_equal(options.joining, 1000);
    assert_int_equal(options_replayed(&options), 0);
    options_free(&options);
    assert_int_equal(READ(&options, "--loopback", "--work", "history"), ARGUMENTS_RUN);
    assert_true(options.quiet_rooms);
    assert_int_equal(options.fill, 20);
    assert_int_equal(options_replayed(&options), 20);
    options_free(&options);
    assert_int_equal(READ(&options, "--loopback", "--work", "archive", "--fill", "7"),
                     ARGUMENTS_RUN);
    assert_int_equal(options.page, 50);
    assert_int_equal(options_replayed(&options), 7);
    options_free(&options);
    assert_int_equal(READ(&options, "--listen", "h:1", "--flood", "9", "--rate", "5"),
                     ARGUMENTS_RUN);
    assert_true(options.quiet_rooms);
    options_free(&options);
    assert_int_equal(READ(&options, "--connect", "h:1", "--mirror", "[::1]:2"), ARGUMENTS_RUN);
    assert_string_equal(options.mirror_host, "::1");
    assert_string_equal(options.mirror_port, "2");
    options_free(&options);
}

static void clients_are_users_of_the_server(void **state)
{
    (void)state;
    struct options options;
    assert_int_equal(READ(&options, "--clients", "h:1", "--users", "99"), ARGUMENTS_RUN);
    assert_string_equal(options.domain, "localhost");
    assert_int_equal(options.users, 10);
    assert_false(options.tls || options.stream_management);
    options_free(&options);
    assert_int_equal(READ(&options, "--clients", "h:1", "--tls", "--stream-management"),
                     ARGUMENTS_RUN);
    assert_true(options.tls && options.stream_management);
    options_free(&options);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    struct options options;
    static char *const lines[][7] = {
        {"coven-load", NULL},
        {"coven-load", "--loopback", "--listen", "h:1", NULL},
        {"coven-load", "--listen", "h", NULL},
        {"coven-load", "--loopback", "--rooms", "0", NULL},
        {"coven-load", "--loopback", "--bytes", "5", NULL},
        {"coven-load", "--loopback", "--rate", "many", NULL},
        {"coven-load", "--loopback", "--work", "sleep", NULL},
        {"coven-load", "--loopback", "--users", "2", NULL},
        {"coven-load", "--loopback", "--mirror", "h:1", NULL},
        {"coven-load", "--listen", "h:1", "--flood", "5", NULL},
        {"coven-load", "--loopback", "--joining", "0", NULL},
        {"coven-load", "--loopback", "--tls", NULL},
        {"coven-load", "--listen", "h:1", "--stream-management", NULL},
        {"coven-load", "--clients", "h:1", "--stream-management", "--work", "archive", NULL},
        {"coven-load", "--loopback", "more", NULL},
        {"coven-load", "--loopback", "--secret-file", "/nowhere", NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *words[7];
        for (size_t k = 0; k < 7; k++)
            words[k] = lines[i][k];
        assert_int_equal(read_words(&options, words), ARGUMENTS_WRONG);
        options_free(&options);
    }
    unsetenv("COVEN_SECRET");
    assert_int_equal(READ(&options, "--listen", "h:1"), ARGUMENTS_WRONG);
    options_free(&options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_role_and_its_numbers),
        cmocka_unit_test(the_work_sets_defaults_of_rooms),
        cmocka_unit_test(clients_are_users_of_the_server),
        cmocka_unit_test(wrong_options_are_refused),
    };
    setenv("COVEN_SECRET", "hush", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
