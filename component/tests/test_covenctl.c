/* covenctl: what it writes, and how it splits lines. */

#include <locale.h>

#include "covenctl/batch.h"
#include "covenctl/cell.h"
#include "unit.h"

static void expect_cell(const json_t *value, enum command_type type, bool person, const char *text)
{
    struct buf out = BUF_INIT;
    cell_write(&out, value, type, person);
    assert_string_equal(out.data ? out.data : "", text);
    buf_free(&out);
}

/* Names are chosen by people, who may want to deceive the operator. */
static void harmful_characters_are_shown(void **state)
{
    static const struct {
        const char *text, *shown;
    } cases[] = {{"plain", "plain"},
                 {"a\nb\tc", "a\\nb\\tc"},
                 {"\x1b[31mred", "\\u{1B}[31mred"},
                 {"x\xE2\x80\xAEy", "x\\u{202E}y"},
                 {"\xC2\x9B", "\\u{9B}"},
                 {"\xC3\xA9", "\xC3\xA9"},
                 {"a\xFF", "a\xEF\xBF\xBD"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf out = BUF_INIT;
        cell_text(&out, cases[i].text);
        assert_string_equal(out.data, cases[i].shown);
        buf_free(&out);
    }
}

static void values(void **state)
{
    (void)state;
    json_t *list = json_pack("[s, s]", "a", "b\x07");
    json_t *number = json_integer(3 << 20), *flag = json_true(), *text = json_string("x");
    json_t *time = json_string("2026-01-31T12:00:00Z");
    setenv("TZ", "UTC-1", 1);
    expect_cell(list, TYPE_LIST, true, "a, b\\u{7}");
    expect_cell(number, TYPE_NUMBER, true, "3145728");
    expect_cell(number, TYPE_BYTES, true, "3.0 MiB");
    expect_cell(number, TYPE_BYTES, false, "3145728");
    expect_cell(flag, TYPE_FLAG, true, "yes");
    expect_cell(text, TYPE_TIME, true, "x");
    expect_cell(time, TYPE_TIME, true, "2026-01-31 13:00:00");
    expect_cell(time, TYPE_TIME, false, "2026-01-31T12:00:00Z");
    expect_cell(NULL, TYPE_TEXT, true, "");
    json_decref(list);
    json_decref(number);
    json_decref(text);
    json_decref(time);
}

static void wide_characters_take_two_columns(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "C.UTF-8"))
        skip();
    struct span text = span_of("\xE6\x97\xA5\xE6\x9C\xAC!");
    assert_int_equal(cell_width(text), 5);
    assert_int_equal(cell_cut(text, 5), 7);
    assert_int_equal(cell_cut(text, 3), 3);
    assert_int_equal(cell_cut(text, 1), 0);
}

static void expect_words(const char *line, int count, const char *joined)
{
    char copy[256], *words[8];
    struct buf text = BUF_INIT;
    snprintf(copy, sizeof copy, "%s", line);
    assert_int_equal(batch_split(copy, words, 8), count);
    buf_add_text(&text, "");
    for (int i = 0; i < count; i++)
        buf_printf(&text, "[%s]", words[i]);
    assert_string_equal(text.data, joined);
    buf_free(&text);
}

static void lines_are_split_as_a_shell_does(void **state)
{
    (void)state;
    expect_words("", 0, "");
    expect_words("  # a comment", 0, "");
    expect_words("create a\n", 2, "[create][a]");
    expect_words("subject a 'Hello, \"all\"' # x", 3, "[subject][a][Hello, \"all\"]");
    expect_words("a\\ b \"c\\\"d\" ''", 3, "[a b][c\"d][]");
    expect_words("\"d\\27artagnan@x\" 'a\\b'", 2, "[d\\27artagnan@x][a\\b]");
    expect_words("a#b", 1, "[a#b]");
    expect_words("x=\"y z\"w", 1, "[x=y zw]");
    expect_words("'open", -1, "");
    expect_words("1 2 3 4 5 6 7 8 9", -1, "");
}

/* Up to a redirection. */
static void check_example(const char *text)
{
    char *words[32], *line = strdup(text);
    struct buf why = BUF_INIT;
    line[strcspn(line, ">")] = '\0';
    int count = batch_split(line, words, 32), first = strcmp(words[0], "--json") == 0;
    const struct command *command = command_find(words[first]);
    assert_non_null(command);
    json_t *given = command_line_read(command, count - first - 1, words + first + 1, &why);
    json_t *args =
        given ? command_read(command, given, span_of("conference.example.org"), &why) : NULL;
    if (!args)
        fail_msg("%s: %s", text, why.data);
    json_decref(given);
    json_decref(args);
    buf_free(&why);
    free(line);
}

static void examples_are_right(void **state)
{
    const struct command *command;
    (void)state;
    for (size_t i = 0; (command = command_at(i)); i++) {
        char *all = strdup(command->examples), *rest = NULL;
        for (char *line = strtok_r(all, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
            check_example(line);
        free(all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(harmful_characters_are_shown),
        cmocka_unit_test(values),
        cmocka_unit_test(examples_are_right),
        cmocka_unit_test(wide_characters_take_two_columns),
        cmocka_unit_test(lines_are_split_as_a_shell_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
