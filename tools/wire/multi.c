#include "wire/multi.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "coven/ns.h"

#define OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)

static bool attr_is(const struct wire_stanza *stanza, const char *name, const char *value)
{
    const char *found = wire_attr(&stanza->root, name);
    return found && strcmp(found, value) == 0;
}

static bool has_list(const struct wire_stanza *stanza)
{
    return stanza->payload_name && strcmp(stanza->payload_name, "multi") == 0 &&
           strcmp(stanza->payload_ns, NS_MULTI) == 0;
}

/* ---- The question ---- */

bool wire_multi_asks(const struct wire_stanza *stanza, const char *domain)
{
    return strcmp(stanza->root.name, "iq") == 0 && attr_is(stanza, "type", "get") &&
           attr_is(stanza, "from", domain) && attr_is(stanza, "to", domain) && has_list(stanza);
}

void wire_multi_write_terms(const char *key, struct buf *out)
{
    buf_printf(out, "<multi xmlns='" NS_MULTI "' key='%s' recipients='%u' bytes='%u'/>", key,
               WIRE_MULTI_RECIPIENTS, WIRE_MULTI_BYTES);
}

/* ---- The list ---- */

/* Does this document consist of one element with one text? Takes both out of it. */
static bool take_list(struct wire_multi *multi, xmlDoc *doc)
{
    xmlNode *list = doc ? xmlDocGetRootElement(doc) : NULL, *text = list ? list->children : NULL;
    if (!text || text->next || text->type != XML_TEXT_NODE)
        return false;
    xmlChar *key = xmlGetNoNsProp(list, BAD_CAST "key");
    multi->key = mem_string(key ? (const char *)key : "");
    multi->list = mem_string((const char *)text->content);
    xmlFree(key);
    return true;
}

/* The list holds no elements, so the first closing tag is its own. */
static bool read_list(struct wire_multi *multi)
{
    struct span inner = multi->stanza->inner;
    const char *close = inner.at[0] == '<' ? memmem(inner.at, inner.len, "</", 2) : NULL;
    if (!close)
        return false;
    const char *end = inner.at + inner.len;
    const char *after = (const char *)memchr(close, '>', (size_t)(end - close)) + 1;
    xmlDoc *doc = xmlReadMemory(inner.at, (int)(after - inner.at), NULL, "UTF-8", OPTIONS);
    bool ok = take_list(multi, doc);
    xmlFreeDoc(doc);
    multi->rest = (struct span){after, (size_t)(end - after)};
    return ok;
}

static uint32_t count_recipients(const char *list)
{
    uint32_t count = 0;
    for (; *(list += strspn(list, "\t")); count++)
        list += strcspn(list, "\t");
    return count;
}

static void make_copy(struct wire_multi *multi)
{
    multi->copy = mem_new(sizeof *multi->copy);
    *multi->copy = *multi->stanza;
    multi->copy->inner = multi->rest;
    multi->copy->whole = (struct span){NULL, 0};
    multi->copy->payload_name = multi->copy->payload_ns = NULL;
    if (!multi->copy->tree)
        return;
    xmlNode *list = multi->copy->tree->children;
    xmlUnlinkNode(list);
    xmlFreeNode(list);
}

bool wire_multi_open(struct wire_multi *multi, const struct wire_stanza *stanza, const char *domain,
                     const char *key)
{
    *multi = (struct wire_multi){.stanza = stanza};
    bool ok = strcmp(stanza->root.name, "iq") != 0 && attr_is(stanza, "to", domain) &&
              has_list(stanza) && stanza->whole.len <= WIRE_MULTI_BYTES && read_list(multi) &&
              strcmp(multi->key, key) == 0;
    uint32_t count = ok ? count_recipients(multi->list) : 0;
    multi->at = multi->list;
    if (count > 0 && count <= WIRE_MULTI_RECIPIENTS)
        make_copy(multi);
    else
        wire_multi_close(multi);
    return multi->copy != NULL;
}

void wire_multi_close(struct wire_multi *multi)
{
    free(multi->key);
    free(multi->list);
    free(multi->copy);
    *multi = (struct wire_multi){.stanza = NULL};
}

const struct wire_stanza *wire_multi_next(struct wire_multi *multi)
{
    struct wire_root *root = &multi->copy->root;
    char *address = multi->at + strspn(multi->at, "\t");
    if (*address == '\0')
        return NULL;
    multi->at = address + strcspn(address, "\t");
    if (*multi->at != '\0')
        *multi->at++ = '\0';
    for (int i = 0; i < root->attr_count; i++) {
        if (strcmp(root->attrs[i].name, "to") == 0)
            root->attrs[i].value = address;
    }
    return multi->copy;
}
