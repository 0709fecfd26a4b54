#include "wire/root.h"

#include <string.h>

const char *wire_attr(const struct wire_root *root, const char *name)
{
    for (int i = 0; i < root->attr_count; i++)
        if (strcmp(root->attrs[i].name, name) == 0)
            return root->attrs[i].value;
    return NULL;
}

static char *value_copy(struct buf *values, const struct sax_attr *attr)
{
    size_t len = (size_t)(attr->end - attr->value);
    char *copy = buf_reserve(values, len + 1);
    memcpy(copy, attr->value, len);
    copy[len] = '\0';
    values->len += len + 1;
    return copy;
}

static void take_attr(struct wire_root *root, struct buf *values, const struct sax_attr *attr)
{
    if (!attr->prefix)
        root->attrs[root->attr_count++] =
            (struct wire_attr){(const char *)attr->name, value_copy(values, attr)};
    else if (xmlStrEqual(attr->ns, XML_XML_NAMESPACE) && xmlStrEqual(attr->name, BAD_CAST "lang"))
        root->lang = value_copy(values, attr);
}

static void take_attrs(struct wire_root *root, struct buf *values, int count,
                       const struct sax_attr *attrs)
{
    size_t need = 0;
    for (int i = 0; i < count; i++)
        need += (size_t)(attrs[i].end - attrs[i].value) + 1;
    buf_clear(values);
    buf_reserve(values, need); /* the values do not move while they are added */
    for (int i = 0; i < count; i++)
        take_attr(root, values, &attrs[i]);
}

static void take_spaces(struct wire_root *root, int count, const xmlChar **spaces)
{
    for (int i = 0; i < count; i++)
        if (spaces[2 * i])
            root->spaces[root->space_count++] =
                (struct wire_attr){(const char *)spaces[2 * i], sax_text(spaces[2 * i + 1])};
}

void root_take(struct wire_root *root, struct buf *values, const struct sax_element *element)
{
    root->name = (const char *)element->name;
    root->ns = sax_text(element->ns);
    root->lang = NULL;
    root->attr_count = root->space_count = 0;
    take_spaces(root, element->space_count, element->spaces);
    take_attrs(root, values, element->attr_count, element->attrs);
}
