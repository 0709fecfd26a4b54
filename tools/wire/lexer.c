#include "wire/lexer.h"

#include "wire/stream.h"

static const char cdata_open[] = "[CDATA[";

static enum lexer_token read_text(struct lexer *lexer, struct span in)
{
    const char *found = memchr(in.at + lexer->at, '<', in.len - lexer->at);
    if (!found) {
        lexer->at = in.len;
        return LEXER_MORE;
    }
    lexer->tag = (size_t)(found - in.at);
    lexer->at = lexer->tag + 1;
    lexer->state = LEXER_IN_MARKUP;
    return LEXER_MORE;
}

static enum lexer_token read_markup(struct lexer *lexer, struct span in)
{
    char c = in.at[lexer->at];
    lexer->matched = 0;
    lexer->attrs = 0;
    lexer->last = 0;
    lexer->closing = c == '/';
    if (c == '!') {
        lexer->at++;
        lexer->state = LEXER_IN_BANG;
    } else if (c == '?') {
        if (!lexer->prolog_allowed)
            return LEXER_RESTRICTED;
        lexer->at++;
        lexer->state = LEXER_IN_PROLOG;
    } else {
        lexer->at += lexer->closing;
        lexer->state = LEXER_IN_TAG;
    }
    return LEXER_MORE;
}

static enum lexer_token tag_end(struct lexer *lexer, size_t next)
{
    lexer->at = next;
    lexer->state = LEXER_IN_TEXT;
    if (lexer->closing)
        return LEXER_CLOSE;
    return lexer->last == '/' ? LEXER_EMPTY : LEXER_OPEN;
}

static enum lexer_token read_tag(struct lexer *lexer, struct span in)
{
    for (size_t i = lexer->at; i < in.len; i++) {
        char c = in.at[i];
        switch (c) {
        case '>':
            return tag_end(lexer, i + 1);
        case '<':
            return LEXER_BROKEN;
        case '\'':
        case '"':
            lexer->quote = c;
            lexer->last = c;
            lexer->at = i + 1;
            lexer->state = LEXER_IN_QUOTE;
            return LEXER_MORE;
        case '=':
            if (++lexer->attrs > WIRE_ATTRS_MAX)
                return LEXER_CROWDED;
            break;
        default:
            break;
        }
        lexer->last = c;
    }
    lexer->at = in.len;
    return LEXER_MORE;
}

static enum lexer_token read_quote(struct lexer *lexer, struct span in)
{
    const char *end = memchr(in.at + lexer->at, lexer->quote, in.len - lexer->at);
    if (!end) {
        lexer->at = in.len;
        return LEXER_MORE;
    }
    lexer->at = (size_t)(end - in.at) + 1;
    lexer->state = LEXER_IN_TAG;
    return LEXER_MORE;
}

static enum lexer_token read_prolog(struct lexer *lexer, struct span in)
{
    char c = in.at[lexer->at++];
    if (c == '>' && lexer->last == '?') {
        lexer->state = LEXER_IN_TEXT;
        return LEXER_PROLOG;
    }
    lexer->last = c;
    return LEXER_MORE;
}

static enum lexer_token read_bang(struct lexer *lexer, struct span in)
{
    if (in.at[lexer->at++] != cdata_open[lexer->matched])
        return LEXER_RESTRICTED;
    if (cdata_open[++lexer->matched] == '\0') {
        if (lexer->outside)
            return LEXER_BROKEN;
        lexer->matched = 0;
        lexer->state = LEXER_IN_CDATA;
    }
    return LEXER_MORE;
}

static enum lexer_token read_cdata(struct lexer *lexer, struct span in)
{
    char c = in.at[lexer->at++];
    if (c == '>' && lexer->matched == 2)
        lexer->state = LEXER_IN_TEXT;
    else if (c != ']')
        lexer->matched = 0;
    else if (lexer->matched < 2)
        lexer->matched++;
    return LEXER_MORE;
}

enum lexer_token lexer_next(struct lexer *lexer, struct span in)
{
    static enum lexer_token (*const readers[])(struct lexer *, struct span) = {
        [LEXER_IN_TEXT] = read_text,   [LEXER_IN_MARKUP] = read_markup, [LEXER_IN_TAG] = read_tag,
        [LEXER_IN_QUOTE] = read_quote, [LEXER_IN_PROLOG] = read_prolog, [LEXER_IN_BANG] = read_bang,
        [LEXER_IN_CDATA] = read_cdata,
    };
    enum lexer_token token = LEXER_MORE;
    while (token == LEXER_MORE && lexer->at < in.len)
        token = readers[lexer->state](lexer, in);
    return token;
}
