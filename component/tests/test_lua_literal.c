/* Literals of Lua, as Prosody writes them. */
#include "import/lua_literal.h"
#include "literal_fixture.h"

struct pair {
    const char *text, *expected;
};

static void files_are_read(void **state)
{
    static const struct pair pairs[] = {
        {"", ""},
        {" \n-- nothing\n", ""},
        {"return {\n\t[\"_affiliation_data\"] = {};\n\t[\"_jid\"] = "
         "\"destroyed@conference.localhost\";\n"
         "\t[\"_data\"] = {\n\t\t[\"destroyed\"] = true;\n\t\t[\"locked\"] = "
         "1798685175;\n\t};\n};\n",
         "{\"_affiliation_data\":{},\"_jid\":\"destroyed@conference.localhost\","
         "\"_data\":{\"destroyed\":true,\"locked\":1798685175}}"},
        {"return{1,'two',{3};}", "{\"__array\":[1,\"two\",{\"__array\":[3]}]}"},
        {"return {name='body', 'text'};", "{\"name\":\"body\",\"__array\":[\"text\"]}"},
        {"return {[1]=1;[2.0]=2;[1e3]=3;[-1.5]=4;[true]=5;[false]=6;[ [[x]] ]=7};",
         "{\"1\":1,\"2\":2,\"1000\":3,\"-1.5\":4,\"true\":5,\"false\":6,\"x\":7}"},
        {"return {nil, nil; a = nil; b = false; ['nil'] = 'nil'}", "{\"b\":false,\"nil\":\"nil\"}"},
        {"--[==[ a ]] ]==] return --x\n { --[[ y ]] a --[[z]] = --\n 1 --[x\n } --", "{\"a\":1}"},
        {"return \"x\"", "\"x\""},
        {"return nil", "null"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        expect_records(lua_literal_read, pairs[i].text, pairs[i].expected);
}

static void strings_are_read(void **state)
{
    static const struct pair pairs[] = {
        {"return \"j\\195\\188rgen \\\\20 \\9x\\0650\"", "\"jürgen \\\\20 \\txA0\""},
        {"return '\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\''", "\"\\u0007\\b\\f\\n\\r\\t\\u000B\\\\\\\"'\""},
        {"return 'a\\\nb\\x41\\z  \n  c'", "\"a\\nbAc\""},
        {"return [[\na\\n]=]b]]", "\"a\\\\n]=]b\""},
        {"return [==[]]]=]==]", "\"]]]=\""},
        {"return {[[a]], [=[b]=]; c = [[d]]}", "{\"c\":\"d\",\"__array\":[\"a\",\"b\"]}"},
        {"return 'a\nb'", "line 1: a string does not end"},
        {"return 'a", "line 1: this ends too early"},
        {"return 'a\\q'", "line 1: this is no escape"},
        {"return '\\256'", "line 1: this is no byte"},
        {"return '\\xg1'", "line 1: this is no hexadecimal digit"},
        {"return '\\0'", "line 1: a string has a NUL in it"},
        {"return [[a]", "line 1: this ends too early"},
        {"return [=a]]", "line 1: this is no literal"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        expect_records(lua_literal_read, pairs[i].text, pairs[i].expected);
}

static void numbers_are_read(void **state)
{
    static const struct pair pairs[] = {
        {"return {1796006770.5, -3, 0x10, -0xA, 1e2, .5, 5., 1.5E-1, 0x.8p1, 010}",
         "{\"__array\":[1796006770.5,-3,16,-10,100.0,0.5,5.0,0.14999999999999999,1.0,10]}"},
        {"return {9223372036854775807, -9223372036854775808, 9223372036854775808}",
         "{\"__array\":[9223372036854775807,-9223372036854775808,9.2233720368547758e18]}"},
        {"return {1/0, -1/0, 0/0, (0/0), ( - 1 / 0 ), math.huge, -math.huge, 1e999}",
         "{\"__array\":[null,null,null,null,null,null,null,null]}"},
        {"return {a = 1/0}", "{\"a\":null}"},
        {"return 1/2", "line 1: this is no literal"},
        {"return 1+1", "line 1: this is no literal"},
        {"return 1x;", "line 1: this is no literal"},
        {"return -x;", "line 1: this is no literal"},
        {"return - -1;", "line 1: this is no literal"},
        {"return 0x;", "line 1: this is no literal"},
        {"return .;", "line 1: this is no literal"},
        {"return 1..2;", "line 1: this is no literal"},
        {"return (1", "line 1: this ends too early"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        expect_records(lua_literal_read, pairs[i].text, pairs[i].expected);
}

static void what_is_no_literal_is_told(void **state)
{
    static const struct pair pairs[] = {
        {"return function() end", "line 1: this is no literal"},
        {"return os.exit()", "line 1: this is no literal"},
        {"return {\n\n a.b = 1}", "line 3: this is no literal"},
        {"return {f()}", "line 1: this is no literal"},
        {"return {'a'..'b'}", "line 1: this is no literal"},
        {"return {[nil]=1}", "line 1: this is no key"},
        {"return {[0/0]=1}", "line 1: this is no key"},
        {"return {[{}]=1}", "line 1: this is no key"},
        {"return {['a'=1}", "line 1: ] is missing"},
        {"return {['a'] 1}", "line 1: = is missing"},
        {"return {a=}", "line 1: this is no literal"},
        {"return {a=1", "line 1: this ends too early"},
        {"return {;}", "line 1: this is no literal"},
        {"return {} {}", "line 1: this is no literal"},
        {"return {};;", "line 1: this is no literal"},
        {"return", "line 1: this ends too early"},
        {"local x", "line 1: this is no literal"},
        {"--[[ return {}", "line 1: this ends too early"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        expect_records(lua_literal_read, pairs[i].text, pairs[i].expected);
}

static void items_are_read(void **state)
{
    static const struct pair pairs[] = {
        {"", ""},
        {"item({\n\t{\n\t\t\"Gr\\195\\188\\195\\159e\";\n\t\t[\"name\"] = "
         "\"body\";\n\t\t[\"attr\"] = {};\n"
         "\t};\n\t[\"when\"] = 1796006770.5;\n});\nitem({});\n",
         "{\"when\":1796006770.5,\"__array\":[{\"name\":\"body\",\"attr\":{},"
         "\"__array\":[\"Grüße\"]}]}\n{}"},
        {"item({})  ; \n item\n( 1 ) ;item(2);", "{}\n1\n2"},
        {"item({})\nitem(2);\nitem(3);", "line 2: ; is missing\n2\n3"},
        {"item({ x y });\n item(1);\nitem(2);", "line 1: this is no literal\n2"},
        {"item({ a = 'b\nitem(2);", "line 1: a string does not end\n2"},
        {"item({ a = 'b',\nitem(2);", "line 2: this is no literal\n2"},
        {"item({ a = item(2);item(3);", "line 1: this is no literal\n2\n3"},
        {"item({ a = 'b'\nitem(2);", "line 2: this is no literal\n2"},
        {"junk\nitems\nitem(2);\nite",
         "line 1: this is no literal\n2\nline 4: this ends too early"},
        {"item(1)", "line 1: this ends too early"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++)
        expect_records(lua_literal_item, pairs[i].text, pairs[i].expected);
}

static void expect_limited(struct literal_limits limits, const char *text, const char *expected)
{
    struct buf out = BUF_INIT;
    read_all(&out, lua_literal_item, text, strlen(text), limits);
    assert_string_equal(out.data, expected);
    buf_free(&out);
}

static void limits_hold(void **state)
{
    (void)state;
    expect_limited((struct literal_limits){12, 2, 9},
                   "\n\n\n\n\n--[[ this is long ]]\n\nitem('123');\nitem('12345678');\nitem(3);",
                   "\"123\"\nline 9: this is longer than 12 bytes\n3");
    expect_limited((struct literal_limits){100, 2, 9}, "item({{}});\nitem({{{}}});\nitem({1});",
                   "{\"__array\":[{}]}\nline 2: this is nested in more than 2 levels\n"
                   "{\"__array\":[1]}");
    expect_limited((struct literal_limits){100, 2, 3}, "item({1,2});\nitem({1,2,3});",
                   "{\"__array\":[1,2]}\nline 2: this has more than 3 values");
    expect_limited((struct literal_limits){0, 0, 0}, "item(1);\nitem(2);",
                   "line 1: this is longer than 0 bytes\nline 2: this is longer than 0 bytes");
}

static void nesting_has_an_end(void **state)
{
    struct buf text = BUF_INIT, out = BUF_INIT;
    (void)state;
    buf_add_text(&text, "item(");
    for (int i = 0; i < 100000; i++)
        buf_add_char(&text, '{');
    read_all(&out, lua_literal_item, text.data, text.len,
             (struct literal_limits){1 << 20, 1 << 20, 1 << 20});
    assert_string_equal(out.data, "line 1: this is nested in more than 100 levels");
    buf_free(&text);
    buf_free(&out);
}

static void bytes_may_be_anything(void **state)
{
    static const char text[] = "item('\xff\x80\r');\nitem('\0');\nitem(\0);";
    struct source_file file;
    struct literal_limits limits = LIMITS;
    struct buf why = BUF_INIT;
    json_t *value;
    (void)state;
    source_file_open_bytes(&file, text, sizeof text - 1);
    assert_int_equal(lua_literal_item(&file, &limits, &value, &why), READ_OK);
    assert_string_equal(json_string_value(value), "\xff\x80\r");
    json_decref(value);
    assert_int_equal(lua_literal_item(&file, &limits, &value, &why), READ_BAD);
    assert_string_equal(why.data, "line 2: a string has a NUL in it");
    assert_int_equal(lua_literal_item(&file, &limits, &value, &why), READ_BAD);
    assert_int_equal(lua_literal_item(&file, &limits, &value, &why), READ_END);
    assert_false(file.failed);
    buf_free(&why);
    source_file_close(&file);
}

static void files_that_cannot_be_read_are_told(void **state)
{
    struct source_file file;
    struct buf why = BUF_INIT;
    (void)state;
    assert_false(source_file_open(&file, "/nowhere/at/all", &why));
    assert_string_equal(why.data, "/nowhere/at/all: No such file or directory");
    buf_clear(&why);
    assert_false(source_file_open(&file, "/", &why));
    assert_string_equal(why.data, "/: Is a directory");
    assert_true(source_file_open(&file, "/dev/null", &why));
    assert_int_equal(source_file_peek(&file), -1);
    assert_false(file.failed);
    source_file_close(&file);
    buf_free(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(strings_are_read),
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(what_is_no_literal_is_told),
        cmocka_unit_test(items_are_read),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(bytes_may_be_anything),
        cmocka_unit_test(files_that_cannot_be_read_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
