#include "coven/stanza.h"

#include <stdlib.h>
#include <string.h>

#include "coven/buf.h"
#include "coven/mem.h"
#include "coven/ns.h"

/* Most names differ in their first letter. */
static bool is_same(const char *a, const char *b)
{
    return *a == *b && strcmp(a, b) == 0;
}

bool stanza_is(xmpp_stanza_t *element, const char *name, const char *ns)
{
    const char *own = xmpp_stanza_get_name(element); /* NULL for a text node */
    return own && (!name || is_same(own, name)) && (!ns || is_same(stanza_ns(element), ns));
}

const char *stanza_ns_or_null(xmpp_stanza_t *element)
{
    const char *ns = xmpp_stanza_get_ns(element);
    return ns && strcmp(ns, NS_COMPONENT) == 0 ? NS_CLIENT : ns;
}

const char *stanza_ns(xmpp_stanza_t *element)
{
    const char *ns = stanza_ns_or_null(element);
    return ns ? ns : "";
}

const char *stanza_attr(xmpp_stanza_t *element, const char *name)
{
    return xmpp_stanza_get_attribute(element, name);
}

static xmpp_stanza_t *first_from(xmpp_stanza_t *element, const char *name, const char *ns)
{
    while (element && !stanza_is(element, name, ns))
        element = xmpp_stanza_get_next(element);
    return element;
}

xmpp_stanza_t *stanza_child(xmpp_stanza_t *element, const char *name, const char *ns)
{
    return first_from(xmpp_stanza_get_children(element), name, ns);
}

xmpp_stanza_t *stanza_next(xmpp_stanza_t *element, const char *name, const char *ns)
{
    return first_from(xmpp_stanza_get_next(element), name, ns);
}

char *stanza_text(xmpp_stanza_t *element)
{
    struct buf text = BUF_INIT;
    xmpp_stanza_t *child = xmpp_stanza_get_children(element);
    for (; child; child = xmpp_stanza_get_next(child)) {
        const char *piece = xmpp_stanza_is_text(child) ? xmpp_stanza_get_text_ptr(child) : NULL;
        if (piece)
            buf_add_text(&text, piece);
    }
    return buf_take(&text);
}

char *stanza_child_text(xmpp_stanza_t *element, const char *name, const char *ns)
{
    xmpp_stanza_t *child = stanza_child(element, name, ns);
    return child ? stanza_text(child) : NULL;
}

bool stanza_has_text(xmpp_stanza_t *element)
{
    xmpp_stanza_t *child = xmpp_stanza_get_children(element);
    for (; child; child = xmpp_stanza_get_next(child)) {
        const char *piece = xmpp_stanza_is_text(child) ? xmpp_stanza_get_text_ptr(child) : NULL;
        if (piece && *piece)
            return true;
    }
    return false;
}

bool stanza_says(xmpp_stanza_t *element, const char *name, const char *ns)
{
    xmpp_stanza_t *child = stanza_child(element, name, ns);
    while (child && !stanza_has_text(child))
        child = stanza_next(child, name, ns);
    return child != NULL;
}

#define ATTRS_FEW 32

void stanza_attrs(xmpp_stanza_t *element,
                  void (*each)(void *user, const char *name, const char *value), void *user)
{
    const char *few[2 * ATTRS_FEW];
    int count = 2 * xmpp_stanza_get_attribute_count(element);
    const char **all = count > 2 * ATTRS_FEW ? mem_new((size_t)count * sizeof *all) : few;
    count = xmpp_stanza_get_attributes(element, all, count);
    for (int i = 0; i + 1 < count; i += 2)
        if (strcmp(all[i], "xmlns") != 0)
            each(user, all[i], all[i + 1]);
    if (all != few)
        free(all);
}
