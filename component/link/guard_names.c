#include <string.h>

#include "link/guard_parser.h"

/* A name as expat gives it: "local", "uri local" or "uri local prefix". */
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

/* Adds a NUL-ended string to `names`, in which room was made before. */
static const char *spell(struct buf *names, const char *head, struct span tail)
{
    const char *text = names->data + names->len;
    buf_add_text(names, head);
    buf_add_span(names, tail);
    buf_add_char(names, '\0');
    return text;
}

static void add(struct guard_attributes *out, const char *name, const char *value)
{
    out->list[out->used++] = name;
    out->list[out->used++] = value;
}

static bool is_declared(const struct guard_attributes *out, const char *name)
{
    for (size_t i = 0; i < out->used; i += 2) {
        if (strcmp(out->list[i], name) == 0)
            return true;
    }
    return false;
}

/* The name that stood in the XML; its prefix is declared on the element itself. */
static void add_prefixed(struct guard_attributes *out, const struct triplet *parts,
                         const char *value)
{
    struct buf *names = &out->names;
    const char *name = names->data + names->len;
    buf_add_span(names, parts->prefix);
    spell(names, ":", parts->local);
    add(out, name, value);
    if (span_is(parts->prefix, "xml"))
        return;
    const char *declaration = spell(names, "xmlns:", parts->prefix);
    if (!is_declared(out, declaration))
        add(out, declaration, spell(names, "", parts->uri));
}

/* The most that spelling a name anew can take: "p:local", "xmlns:p" and "uri", each with a NUL. */
static size_t spelled_size(const XML_Char *name)
{
    return 2 * strlen(name) + sizeof "xmlns:" + 3;
}

static void begin(struct guard_attributes *out, const XML_Char **attributes)
{
    size_t size = 0;
    for (; *attributes; attributes += 2)
        size += spelled_size(*attributes);
    out->used = 0;
    out->list[0] = NULL;
    buf_clear(&out->names);
    buf_reserve(&out->names, size);
}

static size_t finish(struct guard_attributes *out)
{
    size_t bytes = 0;
    for (size_t i = 0; i < out->used; i++)
        bytes += strlen(out->list[i]);
    out->list[out->used] = NULL;
    return bytes;
}

static void add_any(struct guard_attributes *out, const XML_Char *name, const XML_Char *value)
{
    struct triplet parts = triplet_split(name);
    if (parts.uri.at)
        add_prefixed(out, &parts, value);
    else
        add(out, name, value);
}

size_t guard_name_attributes(struct guard_attributes *out, const XML_Char **attributes)
{
    begin(out, attributes);
    for (size_t i = 0; attributes[i] && i < 2 * GUARD_MAX_ATTRIBUTES; i += 2)
        add_any(out, attributes[i], attributes[i + 1]);
    return finish(out);
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
            add(out, attributes[0], attributes[1]);
    }
    return finish(out);
}

void guard_name_unspaced(struct guard_attributes *out)
{
    add(out, "xmlns", "");
    out->list[out->used] = NULL;
}
