#include "tree.h"

#include <stdio.h>
#include <string.h>

static bool is(const xmlNode *node, const xmlChar *name, const char *ns)
{
    if (node->type != XML_ELEMENT_NODE || !xmlStrEqual(node->name, name))
        return false;
    return !ns || (node->ns && strcmp((const char *)node->ns->href, ns) == 0);
}

xmlNode *tree_child(const xmlNode *element, const char *name, const char *ns)
{
    xmlNode *child = element ? element->children : NULL;
    while (child && !is(child, (const xmlChar *)name, ns))
        child = child->next;
    return child;
}

xmlNode *tree_next(const xmlNode *sibling)
{
    xmlNode *next = sibling->next;
    while (next && !is(next, sibling->name, NULL))
        next = next->next;
    return next;
}

bool tree_attr(const xmlNode *element, const char *name, struct buf *value)
{
    buf_clear(value);
    buf_add_text(value, "");
    xmlChar *text = element ? xmlGetNoNsProp(element, (const xmlChar *)name) : NULL;
    if (text)
        buf_add_text(value, (const char *)text);
    xmlFree(text);
    return text != NULL;
}

bool tree_attr_is(const xmlNode *element, const char *name, const char *value)
{
    struct buf text = BUF_INIT;
    bool same = tree_attr(element, name, &text) && strcmp(text.data, value) == 0;
    buf_free(&text);
    return same;
}

bool tree_has_status(const xmlNode *x, const char *code)
{
    for (xmlNode *status = tree_child(x, "status", NULL); status; status = tree_next(status)) {
        if (tree_attr_is(status, "code", code))
            return true;
    }
    return false;
}

void tree_text(const xmlNode *element, struct buf *text)
{
    buf_clear(text);
    buf_add_text(text, "");
    xmlChar *content = element ? xmlNodeGetContent(element) : NULL;
    if (content)
        buf_add_text(text, (const char *)content);
    xmlFree(content);
}

void tree_copy_attr(const xmlNode *element, const char *name, char *text, size_t size)
{
    struct buf value = BUF_INIT;
    tree_attr(element, name, &value);
    snprintf(text, size, "%s", value.data);
    buf_free(&value);
}

void tree_copy_text(const xmlNode *element, char *text, size_t size)
{
    struct buf content = BUF_INIT;
    tree_text(element, &content);
    snprintf(text, size, "%s", content.data);
    buf_free(&content);
}
