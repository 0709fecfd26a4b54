#include "element.h"

#include <ctype.h>

const char *element_name(const xmlNode *element)
{
    return (const char *)element->name;
}

const char *element_ns(const xmlNode *element)
{
    return element->ns && element->ns->href ? (const char *)element->ns->href : "";
}

bool element_is(const xmlNode *element, const char *name, const char *ns)
{
    return strcmp(element_name(element), name) == 0 && strcmp(element_ns(element), ns) == 0;
}

static xmlNode *skip_to_element(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNode *element_first(const xmlNode *parent)
{
    return skip_to_element(parent->children);
}

xmlNode *element_next(const xmlNode *element)
{
    return skip_to_element(element->next);
}

int element_count(const xmlNode *parent)
{
    int count = 0;
    for (const xmlNode *child = element_first(parent); child; child = element_next(child))
        count++;
    return count;
}

xmlNode *element_child(const xmlNode *parent, const char *name, const char *ns)
{
    for (xmlNode *child = element_first(parent); child; child = element_next(child))
        if (element_is(child, name, ns))
            return child;
    return NULL;
}

void element_text(const xmlNode *element, struct buf *out)
{
    size_t start = out->len;
    for (const xmlNode *node = element->children; node; node = node->next)
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            buf_add_text(out, (const char *)node->content);
    size_t space = 0;
    while (out->len > start && isspace((unsigned char)out->data[out->len - 1]))
        buf_cut(out, out->len - 1);
    while (start + space < out->len && isspace((unsigned char)out->data[start + space]))
        space++;
    if (space == 0)
        return;
    memmove(out->data + start, out->data + start + space, out->len - start - space);
    buf_cut(out, out->len - space);
}

const char *attr_value(const xmlAttr *attr)
{
    return attr->children && attr->children->content ? (const char *)attr->children->content : "";
}

const char *attr_ns(const xmlAttr *attr)
{
    return attr->ns && attr->ns->href ? (const char *)attr->ns->href : "";
}

const char *element_attr(const xmlNode *element, const char *name)
{
    for (const xmlAttr *attr = element->properties; attr; attr = attr->next)
        if (!attr->ns && strcmp((const char *)attr->name, name) == 0)
            return attr_value(attr);
    return NULL;
}
