#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/options.h"

/* Reads a command line that ends with NULL. */
static enum options_result read_line(struct options *options, char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    return options_read(options, argc, argv);
}

static void has_defaults(void **state)
{
    (void)state;
    char *argv[] = {"x", "a.scs", NULL};
    struct options options;
    assert_int_equal(read_line(&options, argv), OPTIONS_PLAY);
    assert_string_equal(options.server.host, "127.0.0.1");
    assert_string_equal(options.server.port, "5222");
    assert_null(options.remote.host);
    assert_string_equal(options.domain, "localhost");
    assert_int_equal(options.jobs, 1);
    assert_int_equal(options.timeout_ms, 5000);
    assert_int_equal(options.quiet_ms, 300);
    assert_null(options.service);
    assert_null(options.junit);
    assert_false(options.verbose);
    assert_int_equal(options.path_count, 1);
    options_free(&options);
}

static void reads_all(void **state)
{
    (void)state;
    char *argv[] = {"x",         "--server",  "[::1]:15222", "--domain",  "d.example",
                    "a",         "--jobs",    "4",           "--timeout", "0.25",
                    "--quiet=1", "--service", "prosody",     "--junit",   "j.xml",
                    "--verbose", "b",         "--remote",    "r:1",       NULL};
    struct options options;
    assert_int_equal(read_line(&options, argv), OPTIONS_PLAY);
    assert_string_equal(options.server.host, "::1");
    assert_string_equal(options.server.port, "15222");
    assert_string_equal(options.remote.host, "r");
    assert_string_equal(options.remote.port, "1");
    assert_string_equal(options.domain, "d.example");
    assert_int_equal(options.jobs, 4);
    assert_int_equal(options.timeout_ms, 250);
    assert_int_equal(options.quiet_ms, 1000);
    assert_string_equal(options.service, "prosody");
    assert_string_equal(options.junit, "j.xml");
    assert_true(options.verbose);
    assert_int_equal(options.path_count, 2);
    assert_string_equal(options.paths[1], "b");
    options_free(&options);
}

static void reads_servers(void **state)
{
    (void)state;
    static const struct {
        char *value;
        const char *host, *port; /* NULL: refused */
    } cases[] = {
        {"example.org:1", "example.org", "1"},
        {"example.org", "example.org", "5222"},
        {"[::1]", "::1", "5222"},
        {"[::1]:2", "::1", "2"},
        {":5222", NULL, NULL},
        {"a:", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *argv[] = {"x", "--server", cases[i].value, "a", NULL};
        struct options options;
        enum options_result result = read_line(&options, argv);
        assert_int_equal(result, cases[i].host ? OPTIONS_PLAY : OPTIONS_WRONG);
        if (cases[i].host) {
            assert_string_equal(options.server.host, cases[i].host);
            assert_string_equal(options.server.port, cases[i].port);
        }
        options_free(&options);
    }
}

static void refuses(void **state)
{
    (void)state;
    char *lines[][4] = {
        {"x", NULL},
        {"x", "--unknown", "a", NULL},
        {"x", "--jobs=0", "a", NULL},
        {"x", "--jobs=2x", "a", NULL},
        {"x", "--timeout=0", "a", NULL},
        {"x", "--timeout=nan", "a", NULL},
        {"x", "--timeout=", "a", NULL},
        {"x", "--domain=", "a", NULL},
        {"x", "--remote=", "a", NULL},
        {"x", "--junit", NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct options options;
        assert_int_equal(read_line(&options, lines[i]), OPTIONS_WRONG);
        options_free(&options);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_defaults),
        cmocka_unit_test(reads_all),
        cmocka_unit_test(reads_servers),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
