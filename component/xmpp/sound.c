#include "coven/sound.h"

#include <string.h>

#include "coven/utf8.h"
#include "coven/xml.h"

struct reader {
    const char *at, *end;
    struct span open[XML_DEPTH_MAX]; /* names of the elements around */
    int depth;
};

static bool take(struct reader *reader, char c)
{
    bool is_next = reader->at < reader->end && *reader->at == c;
    reader->at += is_next;
    return is_next;
}

/* Bytes up to one of those; more of them than none. */
static struct span take_name(struct reader *reader)
{
    const char *from = reader->at;
    while (reader->at < reader->end && !strchr(" \t\r\n/<>='\"&", *reader->at))
        reader->at++;
    return (struct span){from, (size_t)(reader->at - from)};
}

/* The ampersand was taken. */
static bool take_entity(struct reader *reader)
{
    static const char *const names[] = {"amp;",  "lt;", "gt;",  "quot;",
                                        "apos;", "#9;", "#10;", "#13;"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t len = strlen(names[i]);
        if ((size_t)(reader->end - reader->at) >= len && !memcmp(reader->at, names[i], len)) {
            reader->at += len;
            return true;
        }
    }
    return false;
}

/* Up to the character that ends it, which stays. */
static bool take_text(struct reader *reader, char behind)
{
    const char *stop = memchr(reader->at, behind, (size_t)(reader->end - reader->at));
    if (!stop || memchr(reader->at, '<', (size_t)(stop - reader->at)))
        return false;
    while ((reader->at = memchr(reader->at, '&', (size_t)(stop - reader->at)))) {
        reader->at++;
        if (!take_entity(reader) || reader->at > stop)
            return false;
    }
    reader->at = stop;
    return true;
}

static bool take_attributes(struct reader *reader)
{
    while (take(reader, ' ')) {
        if (take_name(reader).len == 0 || !take(reader, '=') || !take(reader, '\'') ||
            !take_text(reader, '\'') || !take(reader, '\''))
            return false;
    }
    return true;
}

static bool take_tag(struct reader *reader)
{
    bool ends = take(reader, '/');
    struct span name = take_name(reader);
    if (name.len == 0)
        return false;
    if (ends)
        return reader->depth > 0 && span_equal(name, reader->open[--reader->depth]) &&
               take(reader, '>');
    if (reader->depth == XML_DEPTH_MAX || !take_attributes(reader))
        return false;
    if (!take(reader, '/'))
        reader->open[reader->depth++] = name;
    return take(reader, '>');
}

bool sound_element(struct span text, const char *name)
{
    struct reader reader = {.at = text.at, .end = text.at + text.len};
    size_t len = strlen(name);
    bool named = text.len > len + 1 && !memcmp(text.at + 1, name, len) &&
                 strchr(" />", text.at[len + 1]) && text.at[len + 1];
    if (!named || !utf8_is_xml(text) || !take(&reader, '<') || !take_tag(&reader))
        return false;
    while (reader.depth > 0) {
        if (!take_text(&reader, '<') || !take(&reader, '<') || !take_tag(&reader))
            return false;
    }
    return reader.at == reader.end;
}

bool sound_address(struct span stanza, size_t at)
{
    static const char before[] = " to='";
    size_t len = sizeof before - 1;
    const char *tag_end = memchr(stanza.at, '>', stanza.len);
    return at >= len && at < stanza.len && tag_end && stanza.at + at < tag_end &&
           !memcmp(stanza.at + at - len, before, len) && stanza.at[at] == '\'';
}
