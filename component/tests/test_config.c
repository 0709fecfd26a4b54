/* What is wrong with the command line or the file is said in one line that says what and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"
#include "coven/log.h"

#define SECRET "hunter2"

static char folder[] = "/tmp/coven-config-XXXXXX";
static char path[64], said[4096];

static void write_file(const void *bytes, size_t len)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

/* Runs config_read() and keeps what it writes to stderr in `said`. */
static bool reads(int argc, char **argv, struct config *config)
{
    FILE *file = tmpfile();
    int old = dup(STDERR_FILENO);
    assert_non_null(file);
    dup2(fileno(file), STDERR_FILENO);
    bool good = config_read(config, argc, argv);
    dup2(old, STDERR_FILENO);
    close(old);
    rewind(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    fclose(file);
    return good;
}

static void assert_refused(int argc, char **argv, const char *line)
{
    struct config config;
    assert_false(reads(argc, argv, &config));
    assert_string_equal(said, line);
    config_free(&config);
}

static void test_a_wrong_line(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second, *line;
    } wrong[] = {
        {"--bogus", NULL, "covend: --bogus is no option of covend; see covend --help\n"},
        {"-xyz", NULL, "covend: -x is no option of covend; see covend --help\n"},
        {"--check=1", NULL, "covend: --check=1 is no option of covend; see covend --help\n"},
        {"--server", NULL, "covend: --server needs a value; see covend --help\n"},
        {"--config", "", "covend: --config needs a value; see covend --help\n"},
        {"stray", NULL, "covend: \"stray\" is no option; see covend --help\n"},
        {"--domain", "a@b", "covend: domain must be the name of a domain, not \"a@b\"\n"},
        {"--domain", "a\nb", "covend: domain must be the name of a domain, not \"a?b\"\n"},
        {"--config", "/nowhere/a", "covend: /nowhere/a: No such file or directory\n"},
        {"--secret-file", "/nowhere/b", "covend: /nowhere/b: No such file or directory\n"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *argv[] = {"covend", (char *)wrong[i].first, (char *)wrong[i].second, NULL};
        assert_refused(wrong[i].second ? 3 : 2, argv, wrong[i].line);
    }
}

static void test_a_wrong_server(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        ":",    ":1",     "a:",     "a:0",   "a:65536", "a:1x",  "a: 1",   "a:+1", "a:-1",
        "[::1", "[::1]x", "[::1]:", "[a]:1", "::1:5x",  "a b:1", "a\tb:1", "[]:1", "a/b:1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *argv[] = {"covend", "--server", (char *)wrong[i], NULL};
        struct config config;
        assert_false(reads(3, argv, &config));
        assert_non_null(strstr(said, "covend: server must be HOST:PORT, not \""));
        assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
        config_free(&config);
    }
}

static void test_servers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host;
        uint16_t port;
    } servers[] = {
        {"a.example:1", "a.example", 1},
        {"a-b", "a-b", 5347},
        {"127.0.0.1:65535", "127.0.0.1", 65535},
        {"::1", "::1", 5347},
        {"[::1]", "::1", 5347},
        {"[fe80::1]:12", "fe80::1", 12},
    };
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        char *argv[] = {"covend", "--server", (char *)servers[i].text, NULL};
        struct config config;
        assert_true(reads(3, argv, &config));
        assert_string_equal(said, "");
        assert_string_equal(config.host, servers[i].host);
        assert_int_equal(config.port, servers[i].port);
        config_free(&config);
    }
}

static void test_a_wrong_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line; /* behind the name of the file */
    } wrong[] = {
        {"[link]\nserver\n", ":2: this is neither key = value nor [section]\n"},
        {"[link\nserver = a\n", ":1: this is neither key = value nor [section]\n"},
        {"junk\n[link]\nnope = 1\n", ":1: this is neither key = value nor [section]\n"},
        {"[link]\nnope = 1\njunk\n", ":2: there is no key \"nope\" in the section [link]\n"},
        {"[link]\n\nserver = a:x\n", ":3: server must be HOST:PORT, not \"a:x\"\n"},
        {"[link]\ndomain = a b", ":2: domain must be the name of a domain, not \"a b\"\n"},
        {"[log]\nlevel = loud", ":2: level must be error, warn, info or debug, not \"loud\"\n"},
        {"[service]\nname = a\x1b[1m",
         ":2: name must be UTF-8 without control characters, not \"a?[1m\"\n"},
        {"[service]\nname = \xC3",
         ":2: name must be UTF-8 without control characters, not \"?\"\n"},
        {"[limits]\nrooms = 1e5", ":2: rooms must be a number from 1 to 100000000, not \"1e5\"\n"},
        {"[link]\nsecret = " SECRET, ":2: there is no key \"secret\" in the section [link]\n"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[512];
        snprintf(line, sizeof line, "covend: %s%s", path, wrong[i].line);
        write_file(wrong[i].text, strlen(wrong[i].text));
        char *argv[] = {"covend", "--config", path, NULL};
        assert_refused(3, argv, line);
    }
}

static void test_a_wrong_secret(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } wrong[] = {{"", 0}, {"\n" SECRET, sizeof SECRET}, {SECRET "\0more", sizeof SECRET + 4}};
    char line[256];
    snprintf(line, sizeof line, "covend: %s: its first line must be the secret, without NUL\n",
             path);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_file(wrong[i].bytes, wrong[i].len);
        char *argv[] = {"covend", "--secret-file", path, NULL};
        assert_refused(3, argv, line);
    }
}

static int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    log_open("covend", LOG_INFO);
    return setenv("COVEN_SECRET", SECRET, 1);
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wrong_line),   cmocka_unit_test(test_a_wrong_server),
        cmocka_unit_test(test_servers),        cmocka_unit_test(test_a_wrong_file),
        cmocka_unit_test(test_a_wrong_secret),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
