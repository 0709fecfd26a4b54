/* What a configuration without errors means: checked on the machine, reloaded, and for rooms. */
#include "config_fixture.h"
#include "coven/room_option.h"

/* ---- --check ---- */

static void assert_check_says(const char *text, const char *line)
{
    struct config config;
    char *argv[] = {"covend", "--check", "--config", path, NULL}, expected[512];
    write_file(text, strlen(text));
    assert_true(reads(4, argv, &config));
    assert_string_equal(said, "");
    assert_int_equal(config.action, CONFIG_CHECK);
    struct listener listener = listen_to_log();
    bool good = config_check(&config);
    char *log = end_listening(&listener);
    snprintf(expected, sizeof expected, "covend: %s%s", path, line ? line : "");
    assert_string_equal(log, line ? expected : "");
    assert_int_equal(good, !line);
    free(log);
    config_free(&config);
}

static void test_check(void **state)
{
    (void)state;
    char text[256], line[512];
    assert_check_says("[link]\nserver = 127.0.0.1\n", NULL);
    assert_check_says("[store]\ndata = /nowhere/at/all\n",
                      ":2: data: /nowhere/at/all: No such file or directory\n");
    snprintf(text, sizeof text, "[store]\ndata = %s\n", path);
    snprintf(line, sizeof line, ":2: data: %s is not a folder\n", path);
    assert_check_says(text, line);
    snprintf(text, sizeof text, "[store]\ndata = %s\n", folder);
    assert_check_says(text, NULL);
}

static void test_check_resolves_the_server(void **state)
{
    struct config config;
    char *argv[] = {"covend", "--check", "--server", "no.such.host.invalid", NULL};
    (void)state;
    assert_true(reads(4, argv, &config));
    struct listener listener = listen_to_log();
    assert_false(config_check(&config));
    char *log = end_listening(&listener);
    assert_non_null(strstr(log, "covend: server: no.such.host.invalid: "));
    free(log);
    config_free(&config);
}

static void assert_http(const char *listen, bool good)
{
    char text[128], line[256];
    char *argv[] = {"covend", "--check", "--config", path, NULL};
    snprintf(text, sizeof text, "[http]\nlisten = %s\n", listen);
    snprintf(line, sizeof line,
             "covend: %s:2: listen: %s is no ADDRESS:PORT, such as 127.0.0.1:5281\n", path, listen);
    if (good) {
        assert_check_says(text, NULL);
        return;
    }
    write_file(text, strlen(text));
    assert_refused(4, argv, line);
}

static void test_check_http(void **state)
{
    static const char *const good[] = {"127.0.0.1:5281", "0.0.0.0:1", "[::1]:65535"};
    static const char *const wrong[] = {
        "5281",  "127.0.0.1",       "localhost:5281", "[::1]",     "::1:5281",       "127.0.0.1:0",
        ":5281", "127.0.0.1:65536", "127.0.0.1:+1",   "[::1:5281", "127.0.0.1:5281x"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_http(good[i], true);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_http(wrong[i], false);
}

static void test_token(void **state)
{
    struct config config;
    char *argv[] = {"covend", "--config", path, NULL}, line[256];
    static const char missing[] = "[http]\ntoken_file = /nowhere/token\n";
    (void)state;
    assert_check_says("[http]\ntoken_file = /run/credentials/coven.service/http-token\n", NULL);
    write_file(missing, sizeof missing - 1);
    snprintf(line, sizeof line, "covend: %s:2: /nowhere/token: No such file or directory\n", path);
    assert_refused(3, argv, line);
    /* The file is its own token: its first line. */
    char text[128];
    snprintf(text, sizeof text, "[http]\ntoken_file = %s\n", path);
    write_file(text, strlen(text));
    chmod(path, 0600);
    assert_true(reads(3, argv, &config));
    assert_string_equal(config.http_token, "[http]");
    config_free(&config);
}

/* ---- Reloading ---- */

static void test_adopt(void **state)
{
    struct config config, fresh;
    (void)state;
    read_text(&config, "[link]\ndomain = rooms.a.example\n[limits]\nrooms = 5\n");
    read_text(&fresh, "[link]\ndomain = rooms.b.example\nserver = b:7\n[service]\nadmin = a@b\n"
                      "[store]\ndata = /b\n[log]\nlevel = debug\n");
    struct listener listener = listen_to_log();
    config_adopt(&config, &fresh);
    char *log = end_listening(&listener);
    assert_string_equal(log,
                        "covend: warn: domain in [link] has changed: restart covend to apply it\n"
                        "covend: warn: data in [store] has changed: restart covend to apply it\n");
    assert_string_equal(config.service.domain, "rooms.a.example");
    assert_string_equal(config.service.local_domains[0], "a.example");
    assert_null(config.data);
    assert_string_equal(config.link.host, "b");
    assert_int_equal(config.link.port, 7);
    assert_string_equal(config.service.admins[0], "a@b");
    assert_int_equal(config.service.limits.rooms, 1000000);
    assert_int_equal(config.log_level, LOG_DEBUG);
    assert_string_equal(fresh.service.domain, "rooms.b.example");
    free(log);
    config_free(&config);
    config_free(&fresh);
}

/* Derived values follow from the domain and the data folder in force, not from the new ones. */
static void test_adopt_derives(void **state)
{
    struct config config, fresh;
    (void)state;
    read_text(&config, "[link]\ndomain = rooms.a.example\n[service]\nlocal_domain = c.example\n"
                       "[store]\ndata = /a\n");
    read_text(&fresh, "[link]\ndomain = rooms.b.example\n");
    assert_int_equal(fresh.service.limits.archive_keep, 1000);
    struct listener listener = listen_to_log();
    config_adopt(&config, &fresh);
    free(end_listening(&listener));
    assert_string_equal(config.link.domain, "rooms.a.example");
    assert_string_equal(config.service.local_domains[0], "a.example");
    assert_string_equal(config.data, "/a");
    assert_int_equal(config.service.limits.archive_keep, 0);
    config_free(&config);
    config_free(&fresh);
}

/* ---- Rooms ---- */

static const char *default_of(const struct config *config, const char *name)
{
    return config->service.defaults[room_option_find(span_of(name))];
}

static bool is_fixed(const struct config *config, const char *name)
{
    return config->service.fixed[room_option_find(span_of(name))];
}

/* Defaults of rooms, and fixed options; a reload replaces all of them. */
static void test_rooms(void **state)
{
    struct config config, fresh;
    (void)state;
    read_text(&config, "[room]\nwhois = anyone\nmaxusers = 200\ngetmemberlist =\n"
                       "fixed = whois\nfixed = roomname  lang\n");
    assert_string_equal(default_of(&config, "whois"), "anyone");
    assert_string_equal(default_of(&config, "maxusers"), "200");
    assert_string_equal(default_of(&config, "getmemberlist"), "");
    assert_null(default_of(&config, "lang"));
    assert_true(is_fixed(&config, "whois") && is_fixed(&config, "roomname"));
    assert_true(is_fixed(&config, "lang"));
    assert_false(is_fixed(&config, "maxusers"));
    read_text(&fresh, "[room]\npresencebroadcast = moderator participant\nfixed = maxusers\n");
    struct listener listener = listen_to_log();
    config_adopt(&config, &fresh);
    char *log = end_listening(&listener);
    assert_string_equal(log, "");
    assert_null(default_of(&config, "whois"));
    assert_string_equal(default_of(&config, "presencebroadcast"), "moderator participant");
    assert_true(is_fixed(&config, "maxusers"));
    assert_false(is_fixed(&config, "whois"));
    free(log);
    config_free(&config);
    config_free(&fresh);
}

/* Without the key a list of creators counts, as it did before there was one. */
static void test_who_creates(void **state)
{
    static const struct {
        const char *text;
        enum service_creation creation;
    } rows[] = {
        {"", CREATION_EVERYBODY},
        {"creation = everybody\n", CREATION_EVERYBODY},
        {"creation = local\n", CREATION_LOCAL},
        {"creation = listed\n", CREATION_LISTED},
        {"creator = a@b\n", CREATION_LISTED},
        {"creator = a@b\ncreation = local\n", CREATION_LOCAL},
        {"creator = a@b\ncreation = listed\n", CREATION_LISTED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config config;
        char text[256];
        snprintf(text, sizeof text, "[service]\n%s", rows[i].text);
        read_text(&config, text);
        assert_int_equal(config.service.creation, rows[i].creation);
        config_free(&config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check), cmocka_unit_test(test_check_http),
        cmocka_unit_test(test_token), cmocka_unit_test(test_check_resolves_the_server),
        cmocka_unit_test(test_adopt), cmocka_unit_test(test_adopt_derives),
        cmocka_unit_test(test_rooms), cmocka_unit_test(test_who_creates),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
