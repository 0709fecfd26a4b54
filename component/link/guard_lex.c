#include <string.h>

#include "link/guard_parser.h"

#define ESSENTIAL_BYTES (32 * 1024) /* more than any escaped address */

/* Markup that ends differently from a tag, which ends at the first unquoted '>'. */
static const struct {
    const char *begin, *end;
} kinds[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static const char *skip_unquoted(const char *at, const char *end)
{
    while (at < end && *at != '>' && *at != '"' && *at != '\'')
        at++;
    return at;
}

static const char *skip_quoted(const char *at, const char *end, char *quote)
{
    const char *close = memchr(at, *quote, (size_t)(end - at));
    if (!close)
        return end;
    *quote = '\0';
    return close + 1;
}

static bool find_tag_end(struct guard_lexer *lexer, struct span bytes)
{
    const char *at = bytes.at + lexer->at, *end = bytes.at + bytes.len;
    bool found = false;
    while (at < end && !found) {
        if (lexer->quote) {
            at = skip_quoted(at, end, &lexer->quote);
            continue;
        }
        at = skip_unquoted(at, end);
        if (at == end)
            break;
        char byte = *at++;
        found = byte == '>';
        lexer->quote = found ? '\0' : byte;
    }
    lexer->at = (size_t)(at - bytes.at);
    return found;
}

/* The end may have begun in bytes that were examined before. */
static bool find_kind_end(struct guard_lexer *lexer, struct span bytes, size_t kind)
{
    size_t least = lexer->from + strlen(kinds[kind].begin);
    size_t len = strlen(kinds[kind].end);
    size_t from = lexer->at > least + len ? lexer->at - len : least;
    const char *end = memmem(bytes.at + from, bytes.len - from, kinds[kind].end, len);
    lexer->at = end ? (size_t)(end - bytes.at) + len : bytes.len;
    return end != NULL;
}

static bool find_end(struct guard_lexer *lexer, struct span bytes)
{
    const char *markup = bytes.at + lexer->from;
    size_t there = bytes.len - lexer->from;
    if (there > 1 && markup[1] != '!' && markup[1] != '?')
        return find_tag_end(lexer, bytes);
    for (size_t i = 0; i < KIND_COUNT; i++) {
        size_t len = strlen(kinds[i].begin);
        if (memcmp(markup, kinds[i].begin, there < len ? there : len) != 0)
            continue;
        return there < len ? false : find_kind_end(lexer, bytes, i);
    }
    return find_tag_end(lexer, bytes);
}

bool guard_lex(struct guard_lexer *lexer, struct span bytes)
{
    if (!lexer->open) {
        size_t rest = bytes.len - lexer->at;
        const char *begin = rest > 0 ? memchr(bytes.at + lexer->at, '<', rest) : NULL;
        lexer->from = lexer->at = begin ? (size_t)(begin - bytes.at) : bytes.len;
        lexer->open = begin != NULL;
    }
    if (!lexer->open || !find_end(lexer, bytes))
        return false;
    lexer->open = false;
    return true;
}

bool guard_markup_begins(struct span markup)
{
    return markup.len > 2 && !strchr("/!?", markup.at[1]);
}

int guard_markup_levels(struct span markup)
{
    if (guard_markup_begins(markup))
        return markup.at[markup.len - 2] == '/' ? 0 : 1;
    return markup.at[1] == '/' ? -1 : 0;
}

/* ---- Shorter tags ---- */

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct span skip_spaces(struct span rest)
{
    while (rest.len > 0 && is_space(*rest.at))
        rest = (struct span){rest.at + 1, rest.len - 1};
    return rest;
}

static bool ends_name(char byte)
{
    return is_space(byte) || byte == '=' || byte == '/' || byte == '>' || byte == '"' ||
           byte == '\'';
}

/* Cuts a name off the front of `rest`; it may be empty. */
static struct span cut_name(struct span *rest)
{
    size_t len = 0;
    while (len < rest->len && !ends_name(rest->at[len]))
        len++;
    struct span name = {rest->at, len};
    *rest = (struct span){rest->at + len, rest->len - len};
    return name;
}

/* Cuts ='value' off; `value` keeps its quotes. */
static bool cut_value(struct span *rest, struct span *value)
{
    *rest = skip_spaces(*rest);
    if (rest->len == 0 || *rest->at != '=')
        return false;
    *rest = skip_spaces((struct span){rest->at + 1, rest->len - 1});
    if (rest->len < 2 || (*rest->at != '"' && *rest->at != '\''))
        return false;
    const char *end = memchr(rest->at + 1, *rest->at, rest->len - 1);
    if (!end)
        return false;
    *value = (struct span){rest->at, (size_t)(end + 1 - rest->at)};
    *rest = (struct span){end + 1, rest->len - value->len};
    return true;
}

struct span guard_markup_name(struct span markup)
{
    size_t begin = markup.len > 1 && markup.at[1] == '/' ? 2 : 1;
    struct span rest = {markup.at + begin, markup.len - begin};
    return cut_name(&rest);
}

bool guard_shorten(struct span tag, struct buf *out)
{
    struct span rest = {tag.at + 1, tag.len - 1};
    struct span name = cut_name(&rest), value;
    if (name.len == 0 || name.len > ESSENTIAL_BYTES || memchr(name.at, ':', name.len))
        return false;
    buf_add_char(out, '<');
    buf_add_span(out, name);
    for (;;) {
        rest = skip_spaces(rest);
        name = cut_name(&rest);
        if (name.len == 0)
            break;
        if (!cut_value(&rest, &value))
            return false;
        if (value.len > ESSENTIAL_BYTES || !(guard_is_essential(name) || span_is(name, "xmlns")))
            continue;
        buf_add_char(out, ' ');
        buf_add_span(out, name);
        buf_add_char(out, '=');
        buf_add_span(out, value);
    }
    buf_add_text(out, "/>");
    return true;
}
