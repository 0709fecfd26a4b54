/* The table of commands, and the reading of arguments. */

#include <ctype.h>

#include "coven/command.h"
#include "unit.h"

/* ---- The table ---- */

static void check_argument(const struct command *command, const struct command_argument *argument)
{
    const struct command_argument *next = argument + 1;
    if (!argument->label || !argument->help || argument->help[strlen(argument->help) - 1] != '.')
        fail_msg("%s: %s has no help", command->name, argument->name);
    if ((argument->kind == ARGUMENT_WORD) != (argument->words != NULL))
        fail_msg("%s: %s: words", command->name, argument->name);
    for (; next->name; next++) {
        if (strcmp(next->name, argument->name) == 0)
            fail_msg("%s: %s twice", command->name, argument->name);
        if (!argument->named && !next->named &&
            (argument->many || (!argument->required && next->required)))
            fail_msg("%s: nobody could tell %s from %s", command->name, argument->name, next->name);
    }
}

static void every_command_is_explained(void **state)
{
    const struct command *command;
    size_t count = 0;
    (void)state;
    for (; (command = command_at(count)); count++) {
        assert_int_equal(command_id_of(command), count);
        assert_ptr_equal(command_find(command->name), command);
        assert_true(islower((unsigned char)*command->summary));
        assert_non_null(command->examples);
        assert_int_equal(command->shape == SHAPE_NOTHING, command->fields == NULL);
        assert_true(command->shape == SHAPE_TABLE || !command->none);
        for (size_t i = 0; command->arguments && command->arguments[i].name; i++)
            check_argument(command, &command->arguments[i]);
    }
    assert_int_equal(count, COMMAND_COUNT);
}

/* What the owners of a room may do names that room first. */
static void rights_of_owners_are_about_a_room(void **state)
{
    const struct command *command;
    (void)state;
    for (size_t i = 0; (command = command_at(i)); i++) {
        if (command->right != RIGHT_OPERATOR)
            assert_int_equal(command->arguments[0].kind, ARGUMENT_ROOM);
    }
}

/* ---- Reading ---- */

static char *read_as_text(const char *name, int argc, char *const *argv, struct buf *why)
{
    const struct command *command = command_find(name);
    json_t *given = command_line_read(command, argc, argv, why);
    json_t *args =
        given ? command_read(command, given, span_of("conference.localhost"), why) : NULL;
    char *text = args ? json_dumps(args, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(given);
    json_decref(args);
    return text;
}

#define WORDS(...) (sizeof((char *[]){__VA_ARGS__}) / sizeof(char *)), ((char *[]){__VA_ARGS__})

static void expect_read(const char *name, const char *json, int argc, char *const *argv)
{
    struct buf why = BUF_INIT;
    char *text = read_as_text(name, argc, argv, &why);
    if (!text)
        fail_msg("%s", why.data);
    assert_string_equal(text, json);
    free(text);
    buf_free(&why);
}

static void expect_wrong(const char *name, const char *fault, int argc, char *const *argv)
{
    struct buf why = BUF_INIT;
    char *text = read_as_text(name, argc, argv, &why);
    if (text)
        fail_msg("%s", text);
    if (!strstr(why.data, fault))
        fail_msg("%s", why.data);
    buf_free(&why);
}

static void command_lines(void **state)
{
    (void)state;
    expect_read("rooms", "{}", 0, NULL);
    expect_read("rooms", "{\"limit\":5,\"match\":\"a*\",\"state\":\"empty\"}",
                WORDS("--limit", "5", "a*", "--state=empty"));
    expect_read("kick", "{\"nick\":\"--x\",\"room\":\"a@conference.localhost\"}",
                WORDS("A", "--", "--x"));
    expect_read("invite", "{\"room\":\"a@conference.localhost\",\"users\":[\"b@c\",\"d@e\"]}",
                WORDS("xmpp:a@conference.localhost", "b@C", "d@e/f"));
    expect_read("purge", "{\"dry_run\":true,\"jid\":\"a@b\"}", WORDS("--dry-run", "a@b"));
    expect_read("deny", "{\"address\":\"spam.example\",\"for\":2592000}",
                WORDS("spam.example", "--for", "30d"));
    expect_read("deny", "{\"address\":\"localhost\"}", WORDS("@localhost"));
    expect_read("deny", "{\"address\":\"a@b\"}", WORDS("xmpp:a@b"));
    expect_read("destroy",
                "{\"room\":\"a@conference.localhost\",\"venue\":\"b@conference.localhost\"}",
                WORDS("a", "--venue", "b"));
    expect_read("destroy", "{\"room\":\"a@conference.localhost\",\"venue\":\"b@else.where\"}",
                WORDS("a", "--venue", "b@else.where"));
    expect_read("set", "{\"options\":[\"a=\",\"b=c=d\"],\"room\":\"x@conference.localhost\"}",
                WORDS("x", "a=", "b=c=d"));
    expect_read("subject", "{\"room\":\"x@conference.localhost\",\"text\":\"\"}", WORDS("x", ""));
}

static void wrong_command_lines(void **state)
{
    (void)state;
    expect_wrong("rooms", "rooms has no --limits", WORDS("--limits", "5"));
    expect_wrong("rooms", "--limit wants a value", WORDS("--limit"));
    expect_wrong("rooms", "takes no further \"b\"", WORDS("a", "b"));
    expect_wrong("rooms", "limit is given twice", WORDS("--limit", "1", "--limit", "2"));
    expect_wrong("rooms", "limit must be a whole number", WORDS("--limit", "-1"));
    expect_wrong("rooms", "limit must be a whole number", WORDS("--limit", "1234567890"));
    expect_wrong("rooms", "state must be public, hidden", WORDS("--state", "x"));
    expect_wrong("kick", "kick: nick is missing", WORDS("a"));
    expect_wrong("kick", "room must be the name of a room", WORDS("a@elsewhere.example", "b"));
    expect_wrong("kick", "room must be the name of a room", WORDS("a/b", "b"));
    expect_wrong("user", "jid must be an address", WORDS("example.org"));
    expect_wrong("deny", "for must be a number with a unit", WORDS("a@b", "--for", "soon"));
    expect_wrong("deny", "for must be", WORDS("a@b", "--for", "0d"));
    expect_wrong("deny", "for must be", WORDS("a@b", "--for", "7"));
    expect_wrong("deny", "address must be an address such as", WORDS("mallory"));
    expect_wrong("affiliation", "jid must be", WORDS("lobby", "romeo", "outcast"));
    expect_wrong("destroy", "venue must be the name of a room", WORDS("lobby", "--venue", "@x"));
    expect_wrong("deny", "of 30 years at most", WORDS("a@b", "--for", "1700w"));
    expect_wrong("set", "options must be OPTION=VALUE", WORDS("a", "b"));
    expect_wrong("subject", "not valid UTF-8", WORDS("a", "\xFF"));
    expect_wrong("purge", "dry_run must be true or false", WORDS("a@b", "--dry-run=maybe"));
}

static void expect_json(const char *name, const char *given, const char *read)
{
    struct buf why = BUF_INIT;
    json_t *json = json_loads(given, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    json_t *args = command_read(command_find(name), json, span_of("conference.localhost"), &why);
    char *text = args ? json_dumps(args, JSON_COMPACT | JSON_SORT_KEYS) : strdup(why.data);
    assert_string_equal(text, read);
    free(text);
    json_decref(args);
    json_decref(json);
    buf_free(&why);
}

/* Programs may send numbers, flags and lists as such. */
static void arguments_in_json(void **state)
{
    (void)state;
    expect_json("rooms", "{\"limit\": 5, \"match\": null}", "{\"limit\":5}");
    expect_json("rooms", "{\"limit\": \"\"}", "{}");
    expect_json("rooms", "{\"limit\": 5.5}", "limit must be text");
    expect_json("rooms", "{\"limit\": [5]}", "limit must be text");
    expect_json("rooms", "{\"limit\": -5}", "limit must be a whole number from 0 to 999999999");
    expect_json("purge", "{\"jid\": \"a@b\", \"dry_run\": true}",
                "{\"dry_run\":true,\"jid\":\"a@b\"}");
    expect_json("invite", "{\"room\": \"r\", \"users\": \"a@b\"}",
                "{\"room\":\"r@conference.localhost\",\"users\":[\"a@b\"]}");
    expect_json("invite", "{\"room\": \"r\", \"users\": []}", "invite: users is missing");
    expect_json("invite", "{\"room\": \"r\", \"users\": [{}]}", "users must be text");
    expect_json("stats", "[]", "the arguments must be an object");
    expect_json("stats", "{\"x\": 1}", "stats has no argument \"x\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_explained),
        cmocka_unit_test(rights_of_owners_are_about_a_room),
        cmocka_unit_test(command_lines),
        cmocka_unit_test(wrong_command_lines),
        cmocka_unit_test(arguments_in_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
