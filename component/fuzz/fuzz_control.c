/* Any line that reaches the control socket is read within its bounds, and what it asks for becomes
 * arguments that are valid when they are read again. A fuzzer seldom writes JSON, so an input is
 * that only if it begins with a brace. Else its first byte chooses a command, and each line behind
 * it is an argument: a byte chooses its name, the next one its type, and the rest is the value. */
#include "coven/bug.h"
#include "coven/command.h"

static void check(const struct command *command, json_t *given)
{
    struct span domain = span_of("rooms.example.org");
    struct buf why = BUF_INIT;
    json_t *args = command_read(command, given, domain, &why);
    coven_assert(args || why.len > 0);
    if (args) {
        json_t *again = command_read(command, args, domain, &why);
        coven_assert(again && json_equal(args, again));
        json_decref(again);
    }
    json_decref(args);
    buf_free(&why);
}

/* ---- A request ---- */

static void check_request(struct span line)
{
    json_t *request = json_loadb(line.at, line.len, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(request, "command"));
    const struct command *command = name ? command_find(name) : NULL;
    if (command)
        check(command, json_object_get(request, "arguments"));
    json_decref(request);
}

/* ---- Lines ---- */

/* What is not UTF-8 cannot come as JSON, and is no value here either. */
static json_t *make_value(char type, struct span text)
{
    json_t *value = json_stringn(text.at, text.len);
    switch (value ? type : 'n') {
    case 'l':
        return json_pack("[o, s]", value, "a@b.c");
    case 'o':
        return json_pack("{s: o}", "x", value);
    case 't':
        json_decref(value);
        return json_true();
    case 'i':
        json_decref(value);
        return json_integer((json_int_t)1 << (text.len % 63));
    case 'n':
        json_decref(value);
        return json_null();
    default:
        return value;
    }
}

static const char *choose_name(const struct command *command, unsigned char choice)
{
    const struct command_argument *arguments = command->arguments;
    for (unsigned i = 0; arguments && arguments[i].name; i++) {
        if (i == choice % 16)
            return arguments[i].name;
    }
    return "nothing";
}

static void check_lines(struct span rest, const struct command *command)
{
    json_t *given = json_object();
    while (rest.len >= 2) {
        const char *end = memchr(rest.at + 2, '\n', rest.len - 2);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        struct span text = {rest.at + 2, len - 2};
        json_object_set_new(given, choose_name(command, (unsigned char)rest.at[0]),
                            make_value(rest.at[1], text));
        rest = (struct span){rest.at + len, rest.len - len};
        if (rest.len > 0)
            rest = (struct span){rest.at + 1, rest.len - 1};
    }
    check(command, given);
    json_decref(given);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct span input = {(const char *)bytes, len};
    if (len > 0 && *bytes == '{')
        check_request(input);
    else if (len > 0)
        check_lines((struct span){input.at + 1, len - 1}, command_at(*bytes % COMMAND_COUNT));
    return 0;
}
