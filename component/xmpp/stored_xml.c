#include "coven/stored_xml.h"

#include <string.h>

#include "coven/utf8.h"
#include "coven/xml.h"
#include "xml_entity.h"

struct cursor {
    const char *at, *end;
};

static struct cursor cursor_of(struct span text)
{
    return (struct cursor){text.at, text.len > 0 ? text.at + text.len : text.at};
}

static struct span span_between(const char *from, const char *to)
{
    return (struct span){from, (size_t)(to - from)};
}

static bool take(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

/* ---- Characters ---- */

static bool take_word(struct cursor *cursor, const char *word)
{
    const char *at = cursor->at;
    while (*word && at < cursor->end && *at == *word)
        at++, word++;
    if (*word)
        return false;
    cursor->at = at;
    return true;
}

/* Takes an entity; NUL, and nothing is taken, when the writer writes no such entity. */
static char take_entity(struct cursor *cursor)
{
    for (size_t i = 0; i < sizeof xml_entities / sizeof *xml_entities; i++) {
        if (take_word(cursor, xml_entities[i].text))
            return xml_entities[i].character;
    }
    return '\0';
}

/* Takes text up to the character `stop`, which stays. */
static bool take_text(struct cursor *cursor, char stop, struct span *escaped_r)
{
    size_t left = (size_t)(cursor->end - cursor->at);
    const char *end = left > 0 ? memchr(cursor->at, stop, left) : NULL;
    if (!end)
        return false;
    *escaped_r = span_between(cursor->at, end);
    struct cursor inside = cursor_of(*escaped_r);
    if (memchr(inside.at, '<', escaped_r->len))
        return false;
    while ((inside.at = memchr(inside.at, '&', (size_t)(end - inside.at)))) {
        if (!take_entity(&inside))
            return false;
    }
    cursor->at = end;
    return true;
}

/* Appends text that take_text() took. */
static void unescape(struct span escaped, struct buf *out)
{
    struct cursor cursor = cursor_of(escaped);
    while (cursor.at < cursor.end) {
        const char *entity = memchr(cursor.at, '&', (size_t)(cursor.end - cursor.at));
        buf_add_span(out, span_between(cursor.at, entity ? entity : cursor.end));
        if (!entity)
            return;
        cursor.at = entity;
        buf_add_char(out, take_entity(&cursor));
    }
}

static bool unescapes_to(struct span escaped, struct span value)
{
    struct cursor cursor = cursor_of(escaped);
    size_t i = 0;
    for (; cursor.at < cursor.end && i < value.len; i++) {
        char c = *cursor.at == '&' ? take_entity(&cursor) : *cursor.at++;
        if (c != value.at[i])
            return false;
    }
    return cursor.at == cursor.end && i == value.len;
}

/* ---- Attributes ---- */

static struct span take_name(struct cursor *cursor)
{
    static const bool ends_name[256] = {
        ['\t'] = true, ['\n'] = true, ['\r'] = true, [' '] = true, ['"'] = true, ['&'] = true,
        ['\''] = true, ['/'] = true,  ['<'] = true,  ['='] = true, ['>'] = true, ['\0'] = true};
    const char *from = cursor->at;
    while (cursor->at < cursor->end && !ends_name[(unsigned char)*cursor->at])
        cursor->at++;
    return span_between(from, cursor->at);
}

static bool take_attribute(struct cursor *cursor, struct span *name_r, struct span *escaped_r)
{
    if (!take(cursor, ' '))
        return false;
    *name_r = take_name(cursor);
    return name_r->len > 0 && take(cursor, '=') && take(cursor, '\'') &&
           take_text(cursor, '\'', escaped_r) && take(cursor, '\'');
}

/* Maximum for one element: more than the guard lets in, each with a declaration. */
#define ATTRIBUTES_MAX 130

struct attribute_names {
    struct span list[ATTRIBUTES_MAX];
    unsigned count;
};

static bool is_declared(const struct attribute_names *all, struct span prefix)
{
    static const char xmlns[] = "xmlns:";
    size_t len = sizeof xmlns - 1;
    for (unsigned i = 0; i < all->count; i++) {
        struct span name = all->list[i];
        if (name.len > len && memcmp(name.at, xmlns, len) == 0 &&
            span_equal((struct span){name.at + len, name.len - len}, prefix))
            return true;
    }
    return false;
}

/* The writer declares a prefix on the element that uses it. */
static bool is_attribute(const struct attribute_names *all, struct span name)
{
    const char *colon = memchr(name.at, ':', name.len);
    if (!colon)
        return xml_is_name(name);
    struct span prefix = span_between(name.at, colon);
    return xml_is_name((struct span){colon + 1, name.len - prefix.len - 1}) &&
           (span_is(prefix, "xml") || span_is(prefix, "xmlns") || is_declared(all, prefix));
}

static bool are_sound(const struct attribute_names *all)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (!is_attribute(all, all->list[i]))
            return false;
        for (unsigned k = 0; k < i; k++) {
            if (span_equal(all->list[i], all->list[k]))
                return false;
        }
    }
    return true;
}

static bool take_attributes(struct cursor *cursor, struct span *attributes_r)
{
    struct attribute_names all;
    struct span escaped;
    const char *from = cursor->at;
    for (all.count = 0; cursor->at < cursor->end && *cursor->at == ' '; all.count++) {
        if (all.count == ATTRIBUTES_MAX || !take_attribute(cursor, &all.list[all.count], &escaped))
            return false;
    }
    *attributes_r = span_between(from, cursor->at);
    return are_sound(&all);
}

/* ---- Elements ---- */

struct nest {
    struct span open[XML_DEPTH_MAX]; /* names of the elements around the cursor */
    int depth;
};

struct tag {
    struct span name, attributes;
};

static bool take_tag(struct cursor *cursor, struct nest *nest, struct tag *tag_r)
{
    if (!take(cursor, '<'))
        return false;
    bool closes = take(cursor, '/');
    tag_r->name = take_name(cursor);
    if (closes)
        return nest->depth > 0 && span_equal(tag_r->name, nest->open[--nest->depth]) &&
               take(cursor, '>');
    if (!xml_is_name(tag_r->name) || nest->depth == XML_DEPTH_MAX ||
        !take_attributes(cursor, &tag_r->attributes))
        return false;
    if (!take(cursor, '/'))
        nest->open[nest->depth++] = tag_r->name;
    return take(cursor, '>');
}

/* Takes an element; its text goes to `text`, if there is one. */
static bool take_element(struct cursor *cursor, struct stored_xml *element_r, struct buf *text)
{
    struct nest nest;
    struct tag tag, inside;
    struct span escaped;
    const char *from = cursor->at;
    nest.depth = 0;
    if (!take_tag(cursor, &nest, &tag))
        return false;
    const char *inner = cursor->at, *inner_end = inner;
    while (nest.depth > 0) {
        if (!take_text(cursor, '<', &escaped))
            return false;
        if (text)
            unescape(escaped, text);
        inner_end = cursor->at;
        if (!take_tag(cursor, &nest, &inside))
            return false;
    }
    *element_r = (struct stored_xml){
        .text = span_between(from, cursor->at),
        .name = tag.name,
        .attributes = tag.attributes,
        .inner = span_between(inner, inner_end),
    };
    return true;
}

bool stored_xml_read(struct span text, const char *name, struct stored_xml *element_r)
{
    struct cursor cursor = cursor_of(text);
    return text.len > 0 && utf8_is_xml(text) && take_element(&cursor, element_r, NULL) &&
           span_is(element_r->name, name) && cursor.at == cursor.end;
}

bool stored_xml_is_element(struct span text, const char *name)
{
    struct stored_xml element;
    return stored_xml_read(text, name, &element);
}

/* Cuts the closing tag off; false when there is none. */
static bool cut_end(struct span *inner, struct span name)
{
    size_t len = name.len + sizeof "</>" - 1;
    if (inner->len < len)
        return false;
    const char *end = inner->at + inner->len - len;
    inner->len -= len;
    return memcmp(end, "</", 2) == 0 && memcmp(end + 2, name.at, name.len) == 0 &&
           end[len - 1] == '>';
}

bool stored_xml_open(struct span text, struct stored_xml *element_r)
{
    struct cursor cursor = cursor_of(text);
    struct span each, escaped;
    if (!take(&cursor, '<'))
        return false;
    struct span name = take_name(&cursor);
    const char *attributes = cursor.at;
    while (cursor.at < cursor.end && *cursor.at == ' ') {
        if (!take_attribute(&cursor, &each, &escaped))
            return false;
    }
    const char *attributes_end = cursor.at;
    bool is_empty = take(&cursor, '/');
    if (!take(&cursor, '>'))
        return false;
    struct span inner = span_between(cursor.at, cursor.end);
    if (is_empty ? inner.len > 0 : !cut_end(&inner, name))
        return false;
    *element_r = (struct stored_xml){text, name, span_between(attributes, attributes_end), inner};
    return true;
}

static bool is_named(const struct stored_xml *element, const char *name, const char *ns)
{
    struct span declared;
    if (!name)
        return true;
    if (!span_is(element->name, name))
        return false;
    return ns ? stored_xml_attr_is(element, "xmlns", span_of(ns))
              : !stored_xml_attr(element, "xmlns", &declared);
}

bool stored_xml_child(struct span *content, const char *name, const char *ns,
                      struct stored_xml *child_r)
{
    struct cursor cursor = cursor_of(*content);
    struct stored_xml child;
    struct span escaped;
    while (take_text(&cursor, '<', &escaped) && take_element(&cursor, &child, NULL)) {
        if (!is_named(&child, name, ns))
            continue;
        *content = span_between(cursor.at, cursor.end);
        *child_r = child;
        return true;
    }
    return false;
}

bool stored_xml_text(const struct stored_xml *element, struct buf *out)
{
    struct cursor cursor = cursor_of(element->text);
    struct stored_xml again;
    return take_element(&cursor, &again, out);
}

bool stored_xml_attr(const struct stored_xml *element, const char *name, struct span *escaped_r)
{
    struct cursor cursor = cursor_of(element->attributes);
    struct span each, escaped;
    while (take_attribute(&cursor, &each, &escaped)) {
        if (span_is(each, name)) {
            *escaped_r = escaped;
            return true;
        }
    }
    return false;
}

bool stored_xml_attr_is(const struct stored_xml *element, const char *name, struct span value)
{
    struct span escaped;
    return stored_xml_attr(element, name, &escaped) && unescapes_to(escaped, value);
}

/* ---- Stanzas ---- */

bool stored_xml_has_address(const struct stored_xml *stanza, size_t at)
{
    struct span to;
    return stored_xml_attr(stanza, "to", &to) && to.len == 0 &&
           (size_t)(to.at - stanza->text.at) == at;
}

bool stored_xml_has_sender(const struct stored_xml *stanza, struct span address)
{
    struct span from;
    if (!stored_xml_attr(stanza, "from", &from) || from.len < address.len ||
        memcmp(from.at, address.at, address.len) != 0)
        return false;
    return from.len == address.len || from.at[address.len] == '/';
}

void stored_xml_sender_resource(const struct stored_xml *stanza, struct span address,
                                struct buf *resource)
{
    struct span from;
    buf_clear(resource);
    if (stored_xml_attr(stanza, "from", &from) && from.len > address.len)
        unescape((struct span){from.at + address.len + 1, from.len - address.len - 1}, resource);
}
