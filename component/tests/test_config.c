/* Each error in the command line or the file is one line on stderr that says what is wrong, and
 * where. */
#include "config_fixture.h"

#define LINE_OF_50  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LINE_OF_200 LINE_OF_50 LINE_OF_50 LINE_OF_50 LINE_OF_50

static void test_a_wrong_line(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second, *line;
    } wrong[] = {
        {"--bogus", NULL, "covend: unknown option --bogus; see covend --help\n"},
        {"-xyz", NULL, "covend: unknown option -x; see covend --help\n"},
        {"--check=1", NULL, "covend: unknown option --check=1; see covend --help\n"},
        {"--server", NULL, "covend: option --server needs a value; see covend --help\n"},
        {"--config", "", "covend: option --config needs a value; see covend --help\n"},
        {"stray", NULL, "covend: unexpected argument \"stray\"; see covend --help\n"},
        {"--domain", "a@b", "covend: domain must be a domain name, not \"a@b\"\n"},
        {"--domain", "a\nb", "covend: domain must be a domain name, not \"a?b\"\n"},
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
        assert_string_equal(config.link.host, servers[i].host);
        assert_int_equal(config.link.port, servers[i].port);
        config_free(&config);
    }
}

/* One error gives one line, with its place in the file, and no other. */
static void test_a_wrong_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line; /* after the path of the file */
    } wrong[] = {
        {"[link]\nserver\n", ":2: expected key = value or [section]\n"},
        {"junk\n[link]\n", ":1: expected key = value or [section]\n"},
        {"[link\n", ":1: the section name has no closing ]\n"},
        {"[link] server = a\n", ":1: a section must be on a line of its own\n"},
        {"[lnk]\nserver = a\n", ":2: unknown section [lnk]\n"},
        {"[ link ]\nserver = a\n", ":2: unknown section [ link ]\n"},
        {"server = a\n", ":1: \"server\" comes before the first [section]\n"},
        {"[link]\nnope = 1\n", ":2: unknown key \"nope\" in section [link]\n"},
        {"[link]\nsecret = " SECRET, ":2: unknown key \"secret\" in section [link]\n"},
        {"[link]\nrooms = 7\n", ":2: rooms belongs in section [limits], not [link]\n"},
        {"[link]\nserver = a\nserver = b\n", ":3: server is set twice, first in line 2\n"},
        {"[link]\nserver = a\n[log]\n[link]\nserver = a\n",
         ":5: server is set twice, first in line 2\n"},
        {"[service]\nname = \"Rooms\"\n", ":2: remove the quotation marks around the value\n"},
        {"[service]\nname = 'Rooms'\n", ":2: remove the quotation marks around the value\n"},
        {"[service]\nname = Rooms # of ours\n", ":2: a comment must be on a line of its own\n"},
        {"[service]\nname = Rooms ; of ours\n", ":2: a comment must be on a line of its own\n"},
        {"[service]\nname = Rooms\v; of ours\n", ":2: a comment must be on a line of its own\n"},
        {"[service]\nname ; of ours = Rooms\n", ":2: a comment must be on a line of its own\n"},
        {"[service]\nname = Rooms\n\vof = ours\n", ":3: a line must not begin with a space\n"},
        {"[store]\ndata =  # none\n", ":2: a comment must be on a line of its own\n"},
        {"[service]\nname = Rooms\n restart = stop\n", ":3: a line must not begin with a space\n"},
        {"[service]\nname = Rooms\n\tof ours\n", ":3: a line must not begin with a space\n"},
        {"[service]\nname =\n", ":2: name has no value\n"},
        {"[link]\n\nserver = a:x\n", ":3: server must be HOST:PORT, not \"a:x\"\n"},
        {"[link]\nserver = a:99999\n", ":2: server must be HOST:PORT, not \"a:99999\"\n"},
        {"[link]\ndomain = a b", ":2: domain must be a domain name, not \"a b\"\n"},
        {"[log]\nlevel = loud", ":2: level must be error, warn, info or debug, not \"loud\"\n"},
        {"[service]\nrestart = no\n", ":2: restart must be silent or stop, not \"no\"\n"},
        {"[store]\nsynchronous = yes\n", ":2: synchronous must be normal or full, not \"yes\"\n"},
        {"[service]\nadmin = a@b/c\n",
         ":2: admin must be user@domain or a domain, not \"a@b/c\"\n"},
        {"[service]\nadmin = a@b\nadmin = @\n",
         ":3: admin must be user@domain or a domain, not \"@\"\n"},
        {"[service]\nname = a\x1b[1m",
         ":2: name must be UTF-8 without control characters, not \"a?[1m\"\n"},
        {"[service]\nname = \xC3",
         ":2: name must be UTF-8 without control characters, not \"?\"\n"},
        {"[service]\nlogs_url = logs.example.org\n",
         ":2: logs_url must be an address that begins with http:// or https://, not "
         "\"logs.example.org\"\n"},
        {"[service]\nlogs_url = https://a.b/x y\n",
         ":2: logs_url must be an address that begins with http:// or https://, not "
         "\"https://a.b/x y\"\n"},
        {"[service]\nlogs_url = https:///x\n",
         ":2: logs_url must be an address that begins with http:// or https://, not "
         "\"https:///x\"\n"},
        {"[service]\nlist_occupants = yes\n", ":2: list_occupants must be 0 or 1, not \"yes\"\n"},
        {"[service]\ncreation = some\n",
         ":2: creation must be everybody, local or listed, not \"some\"\n"},
        {"[service]\ncreation = everybody\ncreator = a@b\n",
         ":3: creation = everybody leaves creator without effect: remove one of them\n"},
        {"[link]\ndomain = rooms\n[service]\ncreation = local\n",
         ":4: creation = local needs local_domain\n"},
        {"[room]\nwhoix = anyone\n", ":2: unknown key \"whoix\" in section [room]\n"},
        {"[room]\nmuc#roomconfig_whois = anyone\n",
         ":2: unknown key \"muc#roomconfig_whois\" in section [room]\n"},
        {"[room]\nrooms = 7\n", ":2: rooms belongs in section [limits], not [room]\n"},
        {"[service]\nwhois = anyone\n", ":2: whois belongs in section [room], not [service]\n"},
        {"[room]\nwhois = nobody\n", ":2: whois must be moderators or anyone, not \"nobody\"\n"},
        {"[room]\nwhois =\n", ":2: whois has no value\n"},
        {"[room]\nwhois = anyone\nwhois = anyone\n", ":3: whois is set twice, first in line 2\n"},
        {"[room]\nroomsecret = " SECRET,
         ":2: roomsecret has no default, because each room needs a password of its own\n"},
        {"[limits]\nhistory = 50\n[room]\nmaxhistoryfetch = -1\n",
         ":4: maxhistoryfetch must be a whole number between 0 and 50, not \"-1\"\n"},
        {"[room]\nfixed = whois nope\n",
         ":2: fixed must be names of a room's options, each once, not \"whois nope\"\n"},
        {"[room]\nfixed = whois\nfixed = lang whois\n",
         ":3: fixed must be names of a room's options, each once, not \"lang whois\"\n"},
        {"[limits]\nrooms = 1e5", ":2: rooms must be a number from 1 to 100000000, not \"1e5\"\n"},
        {"[limits]\nrooms = -1", ":2: rooms must be a number from 1 to 100000000, not \"-1\"\n"},
        {"[limits]\nrooms = 0", ":2: rooms must be a number from 1 to 100000000, not \"0\"\n"},
        {"[limits]\nqueue_high_mib = 64M",
         ":2: queue_high_mib must be a number from 1 to 65536, not \"64M\"\n"},
        {"[limits]\nqueue_high_mib = 8\n", ":2: queue_low_mib must not be above queue_high_mib\n"},
        {"[limits]\nqueue_high_mib = 8\nqueue_low_mib = 9\n",
         ":3: queue_low_mib must not be above queue_high_mib\n"},
        {"[link]\nbackoff_min_seconds = 61\n",
         ":2: backoff_min_seconds must not be above backoff_max_seconds\n"},
        {"\n[link]\nserver = " LINE_OF_200 "\n",
         ":3: the line is longer than 198 bytes or contains NUL\n"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char line[512];
        snprintf(line, sizeof line, "covend: %s%s", path, wrong[i].line);
        write_file(wrong[i].text, strlen(wrong[i].text));
        char *argv[] = {"covend", "--config", path, NULL};
        assert_refused(3, argv, line);
    }
}

/* Not a text file, and not a file. */
static void test_not_a_text_file(void **state)
{
    (void)state;
    char line[256];
    char *argv[] = {"covend", "--config", path, NULL};
    snprintf(line, sizeof line, "covend: %s:1: the line is longer than 198 bytes or contains NUL\n",
             path);
    write_file("[\0l\0i\0n\0k\0]\0", 12);
    assert_refused(3, argv, line);
    char *of_folder[] = {"covend", "--config", folder, NULL};
    snprintf(line, sizeof line, "covend: %s: Is a directory\n", folder);
    assert_refused(3, of_folder, line);
}

/* Every error is reported, and the good lines between them count. */
static void test_every_error_is_reported(void **state)
{
    static const char text[] = "\xEF\xBB\xBF# comment\r\n"
                               "[link]\r\n"
                               "server = a:x\r\n"
                               "junk\r\n"
                               "\r\n"
                               "; comment\r\n"
                               "connect_seconds = 5\r\n"
                               "[limits]   # of ours\r\n"
                               "romms = 1\r\n"
                               "rooms: many\r\n";
    struct config config;
    char *argv[] = {"covend", "--config", path, NULL}, expected[1024];
    (void)state;
    write_file(text, sizeof text - 1);
    assert_false(reads(3, argv, &config));
    snprintf(expected, sizeof expected,
             "covend: %s:3: server must be HOST:PORT, not \"a:x\"\n"
             "covend: %s:4: expected key = value or [section]\n"
             "covend: %s:9: unknown key \"romms\" in section [limits]\n"
             "covend: %s:10: rooms must be a number from 1 to 100000000, not \"many\"\n",
             path, path, path, path);
    assert_string_equal(said, expected);
    assert_int_equal(config.faults, 4);
    assert_int_equal(config.link.connect_ms, 5000);
    config_free(&config);
}

static void test_very_many_errors(void **state)
{
    struct config config;
    char *argv[] = {"covend", "--config", path, NULL}, text[1200];
    unsigned lines = 0;
    (void)state;
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "x\n", 2);
    write_file(text, sizeof text);
    assert_false(reads(3, argv, &config));
    for (const char *at = said; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, 51); /* the last says that more follow */
    assert_int_equal(config.faults, sizeof text / 2);
    config_free(&config);
}

/* No warning about the mode of a file that the service manager protects. */
static void test_a_credential(void **state)
{
    struct config config;
    char *argv[] = {"covend", "--secret-file", path, NULL};
    (void)state;
    write_file(SECRET "\n", sizeof SECRET);
    chmod(path, 0440);
    assert_true(reads(3, argv, &config));
    assert_non_null(strstr(said, "other accounts may read the secret"));
    config_free(&config);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_true(reads(3, argv, &config));
    assert_string_equal(said, "");
    config_free(&config);
    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(path);
}

static void test_a_wrong_secret(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } wrong[] = {{"", 0}, {"\n" SECRET, sizeof SECRET}, {SECRET "\0more", sizeof SECRET + 4}};
    char line[256];
    snprintf(line, sizeof line,
             "covend: %s: the first line must be the secret, and contain no NUL\n", path);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        write_file(wrong[i].bytes, wrong[i].len);
        char *argv[] = {"covend", "--secret-file", path, NULL};
        assert_refused(3, argv, line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wrong_line),     cmocka_unit_test(test_a_wrong_server),
        cmocka_unit_test(test_servers),          cmocka_unit_test(test_a_wrong_file),
        cmocka_unit_test(test_not_a_text_file),  cmocka_unit_test(test_every_error_is_reported),
        cmocka_unit_test(test_very_many_errors), cmocka_unit_test(test_a_credential),
        cmocka_unit_test(test_a_wrong_secret),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
