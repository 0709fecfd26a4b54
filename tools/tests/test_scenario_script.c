/* The language: heads, setups, steps, and errors with their lines. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/script.h"

static bool load(const char *path, struct buf *out)
{
    static const struct {
        const char *path, *text;
    } files[] = {
        {"folder/people.setup", "# People\n[Client] A\n\tjid: a@b\n[Client] B\n\tjid: b@b\n---\n"},
        {"folder/room.setup",
         "# A room\n# setup: people\n# not on: x because y\n---\n\nA connects\n"
         "A sends:\n\t<presence/>\n"},
        {"folder/sings.setup", "# setup: people\n---\n\nA sings\n"},
        {"folder/loop.setup", "# setup: loop\n---\n"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(path, files[i].path) != 0)
            continue;
        buf_add_text(out, files[i].text);
        return true;
    }
    errno = ENOENT;
    return false;
}

static struct script *parse(const char *text)
{
    struct script_error error = {0};
    struct script *script = script_parse("folder/a.scs", span_of(text), load, &error);
    if (!script)
        fail_msg("%s:%d: %s", error.path, error.line, error.what);
    return script;
}

#define HEADER                                                                                     \
    "# Title\n\n[Client] Romeo\n\tjid: user@localhost\n\tpassword: secret\n\n"                     \
    "// more\n[Client] Romeo's phone\n    password: p:w \n\tjid: user@localhost/phone\n"           \
    "[Client] Romeo's\n\tjid: three@localhost/x\n\tresource: y\n\tconnect_host: ::1\n"             \
    "\tconnect_port: 5333\n-----\n" /* 16 lines */

static void reads_the_head(void **state)
{
    (void)state;
    struct script *script = parse(HEADER);
    assert_string_equal(script->title, "Title");
    assert_int_equal(script->client_count, 3);
    const struct script_client *romeo = &script->clients[0], *phone = &script->clients[1],
                               *third = &script->clients[2];
    assert_string_equal(romeo->name, "Romeo");
    assert_string_equal(romeo->jid, "user@localhost");
    assert_string_equal(romeo->password, "secret");
    assert_null(romeo->resource);
    assert_null(romeo->connect_host);
    assert_string_equal(phone->name, "Romeo's phone");
    assert_string_equal(phone->jid, "user@localhost");
    assert_string_equal(phone->resource, "phone");
    assert_string_equal(phone->password, "p:w");
    assert_string_equal(third->jid, "three@localhost");
    assert_string_equal(third->resource, "y");
    assert_string_equal(third->connect_host, "::1");
    assert_string_equal(third->connect_port, "5333");
    assert_int_equal(third->line, 11);
    script_free(script);
}

static void reads_every_verb(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int client;
        enum script_verb verb;
    } cases[] = {
        {"Romeo connects", 0, SCRIPT_CONNECTS},
        {"Romeo connects:", 0, SCRIPT_CONNECTS},
        {"Romeo's phone connects", 1, SCRIPT_CONNECTS},
        {"Romeo's connects", 2, SCRIPT_CONNECTS},
        {"Romeo disconnects", 0, SCRIPT_DISCONNECTS},
        {"Romeo dies", 0, SCRIPT_DIES},
        {"Romeo sends:\n\t<presence/>", 0, SCRIPT_SENDS},
        {"Romeo sends\n <presence/>", 0, SCRIPT_SENDS},
        {"Romeo's phone receives:\n\t<presence/>", 1, SCRIPT_RECEIVES},
        {"Romeo's phone receives nothing", 1, SCRIPT_RECEIVES_NOTHING},
        {"Romeo receives nothing:", 0, SCRIPT_RECEIVES_NOTHING},
        {"Romeo receives in any order:\n\t<a/><b/>", 0, SCRIPT_RECEIVES_IN_ANY_ORDER},
        {"Romeo  connects \r", 0, SCRIPT_CONNECTS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf text = BUF_INIT;
        buf_printf(&text, HEADER "\n%s\n", cases[i].line);
        struct script *script = parse(text.data);
        assert_int_equal(script->step_count, 1);
        assert_int_equal(script->steps[0].client, cases[i].client);
        assert_int_equal(script->steps[0].verb, cases[i].verb);
        assert_int_equal(script->steps[0].line, 18);
        script_free(script);
        buf_free(&text);
    }
}

static void reads_data_blocks(void **state)
{
    (void)state;
    struct script *script = parse(HEADER "Romeo sends:\n"
                                         "\t<presence>\n"
                                         "\n"
                                         "  </presence>\n"
                                         "\t<iq/>\n"
                                         "--- a comment\n"
                                         "Romeo receives:\n"
                                         "\t<message/>\n"
                                         "# Romeo receives:\n"
                                         "\t<presence/>\n"
                                         "Romeo connects\n"
                                         "// Romeo receives:\n"
                                         "\t<presence/>");
    assert_int_equal(script->step_count, 3);
    assert_string_equal(script->steps[0].text, "\t<presence>\n\n  </presence>\n\t<iq/>\n\n");
    assert_int_equal(script->steps[0].text_line, 18);
    assert_string_equal(script->steps[1].text, "\t<message/>\n\n\t<presence/>\n");
    assert_int_equal(script->steps[1].line, 23);
    assert_int_equal(script->steps[2].line, 27);
    assert_null(script->steps[2].text);
    script_free(script);
}

static void takes_the_path_for_a_missing_title(void **state)
{
    (void)state;
    struct script *script = parse("[Client] A\n\tjid: a@b\n---\n");
    assert_string_equal(script->title, "folder/a.scs");
    script_free(script);
}

static void knows_which_services_skip_it(void **state)
{
    (void)state;
    struct script *script = parse("# T\n# not on: prosody because it has no codes\n"
                                  "// not on: ejabberd because never locked\n"
                                  "[Client] A\n\tjid: a@b\n---\n");
    assert_string_equal(script_absence(script, "prosody"), "it has no codes");
    assert_string_equal(script_absence(script, "ejabberd"), "never locked");
    assert_null(script_absence(script, "covend"));
    assert_null(script_absence(script, NULL));
    script_free(script);
}

static void plays_a_setup_first(void **state)
{
    (void)state;
    struct script *script = parse("# T\n# setup: room\n[Client] C\n\tjid: c@b/phone\n---\n"
                                  "C connects\nB receives:\n\t<presence/>\n");
    assert_string_equal(script->title, "T");
    assert_int_equal(script->client_count, 3);
    assert_string_equal(script->clients[1].name, "B");
    assert_string_equal(script->clients[2].resource, "phone");
    assert_int_equal(script->step_count, 4);
    const struct script_step *last_of_setup = &script->steps[1], *first = &script->steps[2];
    assert_string_equal(last_of_setup->path, "folder/room.setup");
    assert_int_equal(last_of_setup->line, 7);
    assert_string_equal(last_of_setup->text, "\t<presence/>\n");
    assert_string_equal(first->path, "folder/a.scs");
    assert_int_equal(first->line, 6);
    assert_int_equal(first->client, 2);
    assert_int_equal(script->steps[3].client, 1);
    assert_string_equal(script_absence(script, "x"), "y");
    script_free(script);
}

static void refuses_in_the_right_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *path;
        int line;
        const char *what;
    } cases[] = {
        {"# T\n# setup: sings\n---\n", "folder/sings.setup", 4, "unknown verb \"sings\""},
        {"# T\n# setup: none\n---\n", "folder/a.scs", 2, "none.setup cannot be read: No such file"},
        {"# T\n# setup: \n---\n", "folder/a.scs", 2, "expected: # setup: NAME"},
        {"# T\n# setup: loop\n---\n", "folder/loop.setup", 1, "more than 8 setups"},
        {"# T\n# setup: room\n# setup: people\n---\n", "folder/a.scs", 3, "one setup"},
        {"# T\n[Client] C\n\tjid: c@b\n# setup: room\n---\n", "folder/a.scs", 4, "one setup"},
        {"# T\n# setup: room\n[Client] A\n\tjid: c@b\n---\n", "folder/a.scs", 3,
         "A is declared twice"},
        {"# T\n# setup: room\n\tresource: x\n---\n", "folder/a.scs", 3, "no [Client] above"},
        {"# T\n# setup: room\n---\n\t<presence/>\n", "folder/a.scs", 4, "indented lines belong"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct script_error error = {.line = -1};
        assert_null(script_parse("folder/a.scs", span_of(cases[i].text), load, &error));
        assert_string_equal(error.path, cases[i].path);
        assert_int_equal(error.line, cases[i].line);
        if (!strstr(error.what, cases[i].what))
            fail_msg("%zu: \"%s\" lacks \"%s\"", i, error.what, cases[i].what);
    }
}

static void refuses_with_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
        const char *what;
    } cases[] = {
        {"", 0, "no line of dashes"},
        {"# T\n[Client] A\n\tjid: a@b\n", 3, "no line of dashes"},
        {"# T\n-----\n", 2, "declares no [Client]"},
        {"# T\n\tjid: a@b\n---\n", 2, "no [Client] above"},
        {"[Client] A\n\tjid a@b\n---\n", 2, "key: value"},
        {"[Client] A\n\tjid: a@b\n\tcolour: red\n---\n", 3, "unknown key \"colour\""},
        {"[Client] A\n\tpassword: x\n---\n", 1, "A has no jid"},
        {"[Client] A\n\tjid: /x\n---\n", 1, "A has no jid"},
        {"[Client] A\n\tjid: a@b\n[Client] A\n", 3, "declared twice"},
        {"[Client] A\n\tjid: a@b\nClient B\n", 3, "expected a [Client]"},
        {"# not on: x\n[Client] A\n", 1, "because REASON"},
        {HEADER "Juliet connects\n", 17, "no declared client"},
        {HEADER "Romeo\n", 17, "no declared client"},
        {HEADER "Romeo sings:\n\t<a/>\n", 17, "unknown verb \"sings\""},
        {HEADER "Romeo sends:\n\n\nRomeo connects\n", 17, "needs XML"},
        {HEADER "Romeo connects\nRomeo receives:\n\t\n", 18, "needs XML"},
        {HEADER "Romeo connects\n\t<presence/>\n", 18, "indented lines belong"},
        {HEADER "\t<presence/>\n", 17, "indented lines belong"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct script_error error = {.line = -1};
        assert_null(script_parse("a.scs", span_of(cases[i].text), load, &error));
        assert_int_equal(error.line, cases[i].line);
        if (!strstr(error.what, cases[i].what))
            fail_msg("%zu: \"%s\" lacks \"%s\"", i, error.what, cases[i].what);
    }
}

static void refuses_a_nul(void **state)
{
    (void)state;
    static const char text[] = "# T\n[Client] A\n\tjid: a\0@b\n---\n";
    struct script_error error = {.line = -1};
    assert_null(script_parse("a.scs", (struct span){text, sizeof text - 1}, load, &error));
    assert_int_equal(error.line, 3);
}

static void says_which_file_is_missing(void **state)
{
    (void)state;
    struct script_error error;
    assert_null(script_read("/nowhere/a.scs", &error));
    assert_string_equal(error.path, "/nowhere/a.scs");
    assert_int_equal(error.line, 0);
    assert_non_null(strstr(error.what, "No such file"));
}

static void moves_whole_labels_only(void **state)
{
    (void)state;
    struct script *script =
        parse("# localhost\n[Client] A\n\tjid: a@localhost\n\tpassword: localhost\n"
              "\tconnect_host: localhost\n---\nA sends:\n"
              "\t<a to='r@conference.localhost/x' b='mylocalhost' c='localhosts' d='localhost-2'"
              " e='localhost'>localhost</a>\n");
    script_move(script, "h1.example");
    assert_string_equal(script->title, "localhost");
    assert_string_equal(script->clients[0].jid, "a@h1.example");
    assert_string_equal(script->clients[0].password, "localhost");
    assert_string_equal(script->clients[0].connect_host, "localhost");
    assert_string_equal(script->steps[0].text,
                        "\t<a to='r@conference.h1.example/x' b='mylocalhost' c='localhosts'"
                        " d='localhost-2' e='h1.example'>h1.example</a>\n");
    script_move(script, "h1.localhost");
    assert_string_equal(script->clients[0].jid, "a@h1.example");
    script_free(script);
}

static void knows_who_is_remote(void **state)
{
    (void)state;
    struct script *script = parse("[Client] A\n\tjid: a@localhost\n"
                                  "[Client] B\n\tjid: a@remote.localhost/phone\n"
                                  "[Client] C\n\tjid: a@remote.example.org\n---\n");
    assert_false(script->clients[0].is_remote);
    assert_true(script->clients[1].is_remote);
    assert_false(script->clients[2].is_remote);
    assert_true(script_is_remote(script));
    script_move(script, "h1.localhost");
    assert_string_equal(script->clients[1].jid, "a@remote.h1.localhost");
    assert_true(script_is_remote(script));
    script_free(script);
    script = parse("[Client] A\n\tjid: remote@localhost\n---\n");
    assert_false(script_is_remote(script));
    script_free(script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_head),
        cmocka_unit_test(reads_every_verb),
        cmocka_unit_test(reads_data_blocks),
        cmocka_unit_test(takes_the_path_for_a_missing_title),
        cmocka_unit_test(knows_which_services_skip_it),
        cmocka_unit_test(plays_a_setup_first),
        cmocka_unit_test(refuses_in_the_right_file),
        cmocka_unit_test(refuses_with_the_line),
        cmocka_unit_test(refuses_a_nul),
        cmocka_unit_test(says_which_file_is_missing),
        cmocka_unit_test(moves_whole_labels_only),
        cmocka_unit_test(knows_who_is_remote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
