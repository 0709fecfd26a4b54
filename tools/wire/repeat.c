#include "wire/repeat.h"

#include "coven/utf8.h"

void repeat_free(struct repeat *repeat)
{
    buf_free(&repeat->text);
    buf_free(&repeat->to);
}

void repeat_forget(struct repeat *repeat)
{
    buf_clear(&repeat->text);
}

static const char *find_quote(const char *at, const char *end)
{
    while (at < end && *at != '\'' && *at != '"')
        at++;
    return at < end ? at : NULL;
}

/* What stands between the quotes behind ` to=`; quoted text may look like that, but is passed
 * over. */
static bool find_to(struct span tag, struct span *value_r)
{
    static const char name[] = {' ', 't', 'o', '='};
    const char *end = tag.at + tag.len, *open = tag.at, *close;
    while ((open = find_quote(open, end)) &&
           (close = memchr(open + 1, *open, (size_t)(end - open - 1)))) {
        *value_r = (struct span){open + 1, (size_t)(close - open - 1)};
        if ((size_t)(open - tag.at) > sizeof name &&
            memcmp(open - sizeof name, name, sizeof name) == 0)
            return true;
        open = close + 1;
    }
    return false;
}

void repeat_learn(struct repeat *repeat, struct span stanza, size_t tag_len)
{
    struct span value;
    repeat_forget(repeat);
    if (!find_to((struct span){stanza.at, tag_len}, &value))
        return;
    buf_add_span(&repeat->text, stanza);
    repeat->value = (size_t)(value.at - stanza.at);
    repeat->rest = repeat->value + value.len;
    repeat->behind = stanza.len - tag_len;
}

/* Is it itself, with nothing to unescape, to normalize or to refuse? */
static bool is_literal(struct span value)
{
    static const unsigned char special[256] = {[0 ... 31] = 1, ['<'] = 1, ['&'] = 1};
    unsigned char seen = 0, high = 0;
    for (size_t i = 0; i < value.len; i++) {
        seen |= special[(unsigned char)value.at[i]];
        high |= (unsigned char)value.at[i];
    }
    return !seen && (high < 128 || utf8_is_xml(value));
}

size_t repeat_match(struct repeat *repeat, struct span bytes)
{
    const char *text = repeat->text.data;
    size_t rest_len = repeat->text.len - repeat->rest;
    if (repeat->text.len == 0 || bytes.len < repeat->value + rest_len ||
        memcmp(bytes.at, text, repeat->value) != 0)
        return 0;
    const char *value = bytes.at + repeat->value;
    size_t most = bytes.len - repeat->value - rest_len + 1;
    const char *quote = memchr(value, text[repeat->rest], most);
    if (!quote || memcmp(quote, text + repeat->rest, rest_len) != 0)
        return 0;
    struct span to = {value, (size_t)(quote - value)};
    if (!is_literal(to))
        return 0;
    buf_clear(&repeat->to);
    buf_add_span(&repeat->to, to);
    return repeat->value + to.len + rest_len;
}
