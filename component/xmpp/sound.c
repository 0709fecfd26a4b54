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

/* The ampersand was taken. The character, or NUL: it is none that the writer writes. */
static char take_entity(struct reader *reader)
{
    static const struct {
        const char *name;
        char character;
    } entities[] = {{"amp;", '&'},   {"lt;", '<'},  {"gt;", '>'},   {"quot;", '"'},
                    {"apos;", '\''}, {"#9;", '\t'}, {"#10;", '\n'}, {"#13;", '\r'}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t len = strlen(entities[i].name);
        if ((size_t)(reader->end - reader->at) >= len &&
            !memcmp(reader->at, entities[i].name, len)) {
            reader->at += len;
            return entities[i].character;
        }
    }
    return '\0';
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

#define ATTRIBUTES_MAX                                                                             \
    130 /* of one element: more than the guard lets in, each with a declaration */

struct attributes {
    struct span names[ATTRIBUTES_MAX];
    unsigned count;
};

static bool is_declared(const struct attributes *all, struct span prefix)
{
    static const char xmlns[] = "xmlns:";
    size_t len = sizeof xmlns - 1;
    for (unsigned i = 0; i < all->count; i++) {
        struct span name = all->names[i];
        if (name.len > len && memcmp(name.at, xmlns, len) == 0 &&
            span_equal((struct span){name.at + len, name.len - len}, prefix))
            return true;
    }
    return false;
}

/* A prefix is declared beside it, as the writer does. */
static bool is_attribute(const struct attributes *all, struct span name)
{
    const char *colon = memchr(name.at, ':', name.len);
    if (!colon)
        return xml_is_name(name);
    struct span prefix = {name.at, (size_t)(colon - name.at)};
    return xml_is_name((struct span){colon + 1, name.len - prefix.len - 1}) &&
           (span_is(prefix, "xml") || span_is(prefix, "xmlns") || is_declared(all, prefix));
}

static bool are_sound(const struct attributes *all)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (!is_attribute(all, all->names[i]))
            return false;
        for (unsigned k = 0; k < i; k++) {
            if (span_equal(all->names[i], all->names[k]))
                return false;
        }
    }
    return true;
}

static bool take_attributes(struct reader *reader)
{
    struct attributes all;
    for (all.count = 0; take(reader, ' '); all.count++) {
        if (all.count == ATTRIBUTES_MAX)
            return false;
        all.names[all.count] = take_name(reader);
        if (all.names[all.count].len == 0 || !take(reader, '=') || !take(reader, '\'') ||
            !take_text(reader, '\'') || !take(reader, '\''))
            return false;
    }
    return are_sound(&all);
}

static bool take_tag(struct reader *reader)
{
    bool ends = take(reader, '/');
    struct span name = take_name(reader);
    if (!xml_is_name(name))
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
    if (text.len == 0)
        return false;
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

bool sound_sender(struct span stanza, struct span address)
{
    static const char before[] = " from='";
    size_t len = sizeof before - 1;
    const char *at = stanza.len > 0 ? memchr(stanza.at, ' ', stanza.len) : NULL;
    size_t left = at ? stanza.len - (size_t)(at - stanza.at) : 0;
    return left > len + address.len && !memcmp(at, before, len) &&
           !memcmp(at + len, address.at, address.len) && strchr("'/", at[len + address.len]) &&
           at[len + address.len];
}

void sound_sender_resource(struct span stanza, struct span address, struct buf *resource)
{
    const char *from = memchr(stanza.at, '\'', stanza.len);
    struct reader reader = {.at = from + 1 + address.len, .end = stanza.at + stanza.len};
    buf_clear(resource);
    if (!take(&reader, '/'))
        return;
    for (char c; reader.at < reader.end && (c = *reader.at++) != '\'';)
        buf_add_char(resource, c == '&' ? take_entity(&reader) : c);
}
