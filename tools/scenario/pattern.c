#include "pattern.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>

#include "coven/buf.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "element.h"

#define PARSE_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOCDATA)

/* libxml2's messages about unclosed elements show the wrapper's name. */
static void wrap(struct buf *out, struct span text)
{
    buf_add_text(out, "<end-of-block xmlns='" NS_CLIENT "' xmlns:scansion='" NS_SCANSION "'>");
    buf_add_span(out, text);
    buf_add_text(out, "</end-of-block>");
}

/* Only the first error is noted: the others follow from it. */
static void note_error(void *context, xmlError *error)
{
    struct pattern_error *noted = ((xmlParserCtxt *)context)->_private;
    bool ignored = error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE;
    if (ignored || noted->what[0])
        return;
    const char *message = error->message ? error->message : "malformed XML";
    noted->line = error->line;
    snprintf(noted->what, sizeof noted->what, "%.*s", (int)strcspn(message, "\n"), message);
}

/* The parser counts from `line`, so its messages have the line of the script. */
static xmlDoc *parse(const struct buf *text, int line, struct pattern_error *error)
{
    xmlParserCtxt *context = xmlCreateMemoryParserCtxt(text->data, (int)text->len);
    if (!context)
        mem_exhausted();
    xmlCtxtUseOptions(context, PARSE_OPTIONS);
    context->sax->serror = note_error;
    context->_private = error;
    context->input->line = line;
    xmlParseDocument(context);
    xmlDoc *doc = context->myDoc;
    xmlFreeParserCtxt(context);
    return doc;
}

xmlDoc *pattern_parse(struct span text, int line, struct pattern_error *error_r)
{
    struct pattern_error error = {0};
    struct buf wrapped = BUF_INIT;
    wrap(&wrapped, text);
    xmlDoc *doc = parse(&wrapped, line, &error);
    buf_free(&wrapped);
    if (!error.what[0] && doc && pattern_first(doc))
        return doc;
    if (!error.what[0])
        error = (struct pattern_error){line, "the block has no element"};
    xmlFreeDoc(doc);
    *error_r = error;
    return NULL;
}

xmlNode *pattern_first(const xmlDoc *doc)
{
    return element_first(xmlDocGetRootElement(doc));
}
