#include <string.h>

#include "link/guard_parser.h"

/* A name of expat's: "local", "uri local" or "uri local prefix". */
struct triplet {
    struct span uri, local, prefix;
};

static struct span next_part(const char **at)
{
    const char *end = strchrnul(*at, GUARD_SEPARATOR);
    struct span part = {*at, (size_t)(end - *at)};
    *at = *end ? end + 1 : end;
    return part;
}

static struct triplet triplet_split(const XML_Char *name)
{
    struct triplet parts = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    const char *at = name;
    parts.local = next_part(&at);
    if (!*at)
        return parts;
    parts.uri = parts.local;
    parts.local = next_part(&at);
    parts.prefix = next_part(&at);
    return parts;
}

const XML_Char *guard_element_name(const XML_Char *triplet, struct buf *scratch)
{
    struct triplet parts = triplet_split(triplet);
    if (parts.prefix.len == 0)
        return triplet;
    buf_clear(scratch);
    buf_add(scratch, triplet, (size_t)(parts.local.at + parts.local.len - triplet));
    return scratch->data;
}

/* Adds a string to `names`, which attributes_begin() has made large enough to stay in place. */
static const char *spell(struct buf *names, const char *head, struct span tail)
{
    const char *text = names->data + names->len;
    buf_add_text(names, head);
    buf_add_span(names, tail);
    buf_add_char(names, '\0');
    return text;
}

static void attributes_add(struct guard_attributes *out, const char *name, const char *value)
{
    out->list[out->used++] = name;
    out->list[out->used++] = value;
}

static bool attributes_have(const struct guard_attributes *out, const char *name)
{
    for (size_t i = 0; i < out->used; i += 2) {
        if (strcmp(out->list[i], name) == 0)
            return true;
    }
    return false;
}

/* Restores the name in the XML, and declares its prefix on the element itself. */
static void attributes_add_prefixed(struct guard_attributes *out, const struct triplet *parts,
                                    const char *value)
{
    struct buf *names = &out->names;
    const char *name = names->data + names->len;
    buf_add_span(names, parts->prefix);
    spell(names, ":", parts->local);
    attributes_add(out, name, value);
    if (span_is(parts->prefix, "xml"))
        return;
    const char *declaration = spell(names, "xmlns:", parts->prefix);
    if (!attributes_have(out, declaration))
        attributes_add(out, declaration, spell(names, "", parts->uri));
}

/* Maximum bytes for a restored name: "p:local", "xmlns:p" and "uri", each with a NUL. */
static size_t restored_size(const XML_Char *name)
{
    return 2 * strlen(name) + sizeof "xmlns:" + 3;
}

static void attributes_begin(struct guard_attributes *out, const XML_Char **attributes)
{
    size_t size = 0;
    for (; *attributes; attributes += 2)
        size += restored_size(*attributes);
    out->used = 0;
    out->list[0] = NULL;
    buf_clear(&out->names);
    buf_reserve(&out->names, size);
}

static size_t attributes_finish(struct guard_attributes *out)
{
    size_t bytes = 0;
    for (size_t i = 0; i < out->used; i++)
        bytes += strlen(out->list[i]);
    out->list[out->used] = NULL;
    return bytes;
}

static void attributes_add_any(struct guard_attributes *out, const XML_Char *name,
                               const XML_Char *value)
{
    struct triplet parts = triplet_split(name);
    if (parts.uri.at)
        attributes_add_prefixed(out, &parts, value);
    else
        attributes_add(out, name, value);
}

size_t guard_name_attributes(struct guard_attributes *out, const XML_Char **attributes)
{
    attributes_begin(out, attributes);
    for (size_t i = 0; attributes[i] && i < 2 * GUARD_MAX_ATTRIBUTES; i += 2)
        attributes_add_any(out, attributes[i], attributes[i + 1]);
    return attributes_finish(out);
}

bool guard_is_essential(struct span name)
{
    static const char *const names[] = {"from", "to", "type", "id"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (span_is(name, names[i]))
            return true;
    }
    return false;
}

size_t guard_name_essential(struct guard_attributes *out, const XML_Char **attributes)
{
    out->used = 0;
    for (; *attributes; attributes += 2) {
        if (guard_is_essential(span_of(*attributes)))
            attributes_add(out, attributes[0], attributes[1]);
    }
    return attributes_finish(out);
}

void guard_name_unspaced(struct guard_attributes *out)
{
    attributes_add(out, "xmlns", "");
    out->list[out->used] = NULL;
}
