/* libxml2's push parser: its callbacks, its lifetime, and how streams share it. */
#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>
#include <stdint.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/utf8.h"
#include "coven/xml.h"
#include "wire/root.h"
#include "wire/stream_private.h"

/* A parser is replaced after so many bytes or names. */
#define PARSER_BYTES (1024u * 1024)
#define PARSER_NAMES 2048

/* ---- What the parser says ---- */

static void add_space(struct buf *header, const char *prefix, const char *ns)
{
    buf_printf(header, " xmlns%s%s='", prefix ? ":" : "", prefix ? prefix : "");
    xml_escape_attr(header, span_of(ns));
    buf_add_char(header, '\'');
}

/*
 * Keeps an opening tag for new parsers in place of the stream's own. It binds the stream's prefix
 * and the default namespace, nothing else.
 */
static void header_keep(struct wire_stream *stream, const struct sax_element *element)
{
    const char *prefix = (const char *)element->prefix;
    struct buf *header = &stream->header;
    stream->foreign_prefix = prefix && strcmp(prefix, "stream") != 0;
    buf_clear(header);
    buf_printf(header, "<%s%s%s", prefix ? prefix : "", prefix ? ":" : "", element->name);
    if (prefix)
        add_space(header, prefix, sax_text(element->ns));
    for (int i = 0; i < element->space_count; i++)
        if (!element->spaces[2 * i])
            add_space(header, NULL, sax_text(element->spaces[2 * i + 1]));
    buf_add_char(header, '>');
}

/* Is a prefix used that only this stream's header binds? The bytes would be meaningless elsewhere.
 */
static bool uses_stream_prefix(const struct sax_element *element)
{
    if (element->prefix && xmlStrEqual(element->ns, BAD_CAST NS_STREAM))
        return true;
    for (int i = 0; i < element->attr_count; i++)
        if (element->attrs[i].prefix && xmlStrEqual(element->attrs[i].ns, BAD_CAST NS_STREAM))
            return true;
    return false;
}

static void take_header_element(struct wire_stream *stream, const struct sax_element *element)
{
    root_take(&stream->stanza.root, &stream->values, element);
    header_keep(stream, element);
}

static void take_stanza_element(struct wire_stream *stream, const struct sax_element *element)
{
    struct wire_stanza *stanza = &stream->stanza;
    if (stream->parser_depth == 2) {
        stanza->payload_name = stanza->payload_ns = NULL;
        root_take(&stanza->root, &stream->values, element);
        return;
    }
    if (stream->parser_depth == 3 && !stanza->payload_name) {
        stanza->payload_name = (const char *)element->name;
        stanza->payload_ns = sax_text(element->ns);
    }
    if (stream->foreign_prefix && uses_stream_prefix(element))
        stream->fault = WIRE_BAD_NAMESPACE;
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns,
                     int space_count, const xmlChar **spaces, int attr_count, int defaulted,
                     const xmlChar **attrs)
{
    xmlParserCtxt *parser = context;
    struct wire_stream *stream = parser->_private;
    struct sax_element element = {
        name, prefix, ns, spaces, space_count, (const struct sax_attr *)attrs, attr_count};
    stream->parser_depth++;
    if (!stream->opened)
        take_header_element(stream, &element);
    else if (stream->parser_depth > 1)
        take_stanza_element(stream, &element);
    if (stream->trees)
        xmlSAX2StartElementNs(parser, name, prefix, ns, space_count, spaces, attr_count, defaulted,
                              attrs);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *ns)
{
    xmlParserCtxt *parser = context;
    struct wire_stream *stream = parser->_private;
    stream->parser_depth--;
    if (stream->trees)
        xmlSAX2EndElementNs(parser, name, prefix, ns);
}

/* XMPP does not care whether a namespace is a proper URI. */
static void on_error(void *context, xmlError *error)
{
    xmlParserCtxt *parser = context;
    struct wire_stream *stream = parser->_private;
    bool ignored = error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE;
    if (error->domain == XML_FROM_NAMESPACE && !ignored && stream->fault == WIRE_OK)
        stream->fault = WIRE_BAD_NAMESPACE;
}

/* ---- The parser's life ---- */

static void parser_free(xmlParserCtxt *parser)
{
    if (!parser)
        return;
    xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
}

void stream_parser_free(struct wire_stream *stream)
{
    parser_free(stream->parser);
    stream->parser = NULL;
}

static void parser_new(struct wire_stream *stream)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC};
    if (stream->trees)
        xmlSAXVersion(&sax, 2);
    sax.startElementNs = on_start;
    sax.endElementNs = on_end;
    sax.serror = on_error;
    stream->parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    if (!stream->parser)
        mem_exhausted();
    xmlCtxtUseOptions(stream->parser, XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOCDATA);
    stream->parser->_private = stream;
    stream->parser_bytes = 0;
    stream->parser_depth = 0;
}

/* A parser within a stream: it knows the kept opening tag. */
static void parser_new_within(struct wire_stream *stream)
{
    parser_new(stream);
    xmlParseChunk(stream->parser, stream->header.data, (int)stream->header.len, 0);
}

bool stream_parser_has_grown(const struct wire_stream *stream)
{
    return stream->parser_bytes > PARSER_BYTES || xmlDictSize(stream->parser->dict) > PARSER_NAMES;
}

/* ---- Sharing ---- */

struct wire_spare {
    xmlParserCtxt *parser; /* NULL: a stream has it */
    size_t bytes;
    struct buf header; /* the opening tag that it knows */
};

struct wire_spare *wire_spare_new(void)
{
    return mem_new(sizeof(struct wire_spare));
}

void wire_spare_free(struct wire_spare *spare)
{
    if (!spare)
        return;
    parser_free(spare->parser);
    buf_free(&spare->header);
    free(spare);
}

/* Between stanzas a parser knows nothing but the opening tag, so a stream with the same one can
 * take it. */
static bool take_spare(struct wire_stream *stream)
{
    struct wire_spare *spare = stream->spare;
    if (!spare || !spare->parser ||
        !span_equal(buf_span(&spare->header), buf_span(&stream->header)))
        return false;
    stream->parser = spare->parser;
    stream->parser->_private = stream;
    stream->parser_bytes = spare->bytes;
    stream->parser_depth = 1;
    spare->parser = NULL;
    return true;
}

void stream_parser_take(struct wire_stream *stream)
{
    if (stream->parser)
        return;
    if (!stream->opened)
        parser_new(stream);
    else if (!take_spare(stream))
        parser_new_within(stream);
}

void stream_parser_renew(struct wire_stream *stream)
{
    stream_parser_free(stream);
    stream_parser_take(stream);
}

static void leave_spare(struct wire_stream *stream)
{
    struct wire_spare *spare = stream->spare;
    spare->parser = stream->parser;
    spare->bytes = stream->parser_bytes;
    buf_clear(&spare->header);
    buf_add_span(&spare->header, buf_span(&stream->header));
    stream->parser = NULL;
}

void stream_parser_leave(struct wire_stream *stream)
{
    bool good = stream->fault == WIRE_OK, between = stream->opened && stream->parser_depth == 1;
    if (!stream->spare || (good && !between))
        return;
    if (good && !stream->spare->parser)
        leave_spare(stream);
    stream_parser_free(stream);
}

/* ---- Reading ---- */

/* libxml2 accepts some overlong forms, so anything but ASCII is checked. */
static bool is_utf8(struct span bytes)
{
    uint64_t seen = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= bytes.len; i += sizeof word) {
        memcpy(&word, bytes.at + i, sizeof word);
        seen |= word;
    }
    for (; i < bytes.len; i++)
        seen |= (unsigned char)bytes.at[i];
    return (seen & 0x8080808080808080u) == 0 || utf8_is_xml(bytes);
}

/* After whole tags nothing may be unread: else the parser saw other tags than the lexer. */
static bool parser_agrees(const struct wire_stream *stream)
{
    const xmlParserCtxt *parser = stream->parser;
    return parser->wellFormed && stream->parser_depth == stream->depth &&
           parser->input->cur == parser->input->end;
}

enum wire_fault stream_parse_to(struct wire_stream *stream, struct span in, size_t end)
{
    struct span bytes = {in.at + stream->parsed, end - stream->parsed};
    if (bytes.len == 0)
        return WIRE_OK;
    if (!is_utf8(bytes))
        return WIRE_NOT_WELL_FORMED;
    stream->parsed = end;
    stream->parser_bytes += bytes.len;
    xmlParseChunk(stream->parser, bytes.at, (int)bytes.len, 0);
    if (stream->fault != WIRE_OK)
        return stream->fault;
    return parser_agrees(stream) ? WIRE_OK : WIRE_NOT_WELL_FORMED;
}
