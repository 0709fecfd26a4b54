/*
 * The lexer finds the tags, libxml2 is given whole ones only: that keeps reading linear however the
 * bytes arrive, tells where a stanza's inner bytes begin and end, and leaves no unread tail when
 * the parser is replaced.
 */
#include "wire/stream.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdint.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/utf8.h"
#include "coven/xml.h"
#include "wire/lexer.h"
#include "wire/root.h"

#define STANZA_BYTES (256u * 1024)
#define STANZA_DEPTH 64

/* A parser is replaced when it has read that many bytes or knows that many names. */
#define PARSER_BYTES (1024u * 1024)
#define PARSER_NAMES 2048
/* Pending bytes are released instead of kept for the next stanza above this. */
#define PENDING_KEPT (16u * 1024)
/* How much is read at a time while bytes are pending. */
#define PIECE 4096u

struct wire_stream {
    struct wire_events events;
    struct wire_limits limits;
    bool trees;

    xmlParserCtxt *parser;
    size_t parser_bytes;
    int parser_depth;          /* elements open in the parser, the stream's included */
    struct buf header;         /* an opening tag that binds what a stanza may use of the real one */
    bool foreign_prefix;       /* the stream's prefix is not `stream` */
    struct buf values;         /* of the root's attributes */
    struct wire_stanza stanza; /* the present one; of the header, the root only */

    struct lexer lexer;
    struct buf pending; /* bytes of an unfinished stanza, from its first */
    size_t start;       /* where the present stanza begins */
    size_t parsed;      /* up to where the parser was fed */
    size_t whole;       /* where the last whole tag ends */
    size_t inner;       /* where the inner bytes begin */
    int depth;          /* elements open, the stream's included */
    bool opened, closed, restart;
    enum wire_fault fault;
};

const char *wire_fault_condition(enum wire_fault fault)
{
    static const char *const conditions[] = {
        [WIRE_OK] = "undefined-condition",        [WIRE_NOT_WELL_FORMED] = "not-well-formed",
        [WIRE_RESTRICTED_XML] = "restricted-xml", [WIRE_BAD_NAMESPACE] = "bad-namespace-prefix",
        [WIRE_TOO_LARGE] = "policy-violation",
    };
    return conditions[fault];
}

/* ---- What the parser says ---- */

static void add_space(struct buf *header, const char *prefix, const char *ns)
{
    buf_printf(header, " xmlns%s%s='", prefix ? ":" : "", prefix ? prefix : "");
    xml_escape_attr(header, span_of(ns));
    buf_add_char(header, '\'');
}

/*
 * The opening tag that a new parser is given in the place of the stream's own: it binds the
 * stream's prefix and the default, nothing else.
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

/* A prefix that only this stream's header binds: the bytes would mean nothing elsewhere. */
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

/* That a namespace is no proper URI troubles nobody in XMPP. */
static void on_error(void *context, xmlError *error)
{
    xmlParserCtxt *parser = context;
    struct wire_stream *stream = parser->_private;
    bool ignored = error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE;
    if (error->domain == XML_FROM_NAMESPACE && !ignored && stream->fault == WIRE_OK)
        stream->fault = WIRE_BAD_NAMESPACE;
}

/* ---- The parser's life ---- */

static void parser_free(struct wire_stream *stream)
{
    if (!stream->parser)
        return;
    xmlFreeDoc(stream->parser->myDoc);
    xmlFreeParserCtxt(stream->parser);
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
    parser_free(stream);
    stream->parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
    if (!stream->parser)
        mem_exhausted();
    xmlCtxtUseOptions(stream->parser, XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOCDATA);
    stream->parser->_private = stream;
    stream->parser_bytes = 0;
    stream->parser_depth = 0;
}

/* What the parser knows of the stream is its opening tag, and of that only what stanzas may use. */
static void parser_replace(struct wire_stream *stream)
{
    parser_new(stream);
    xmlParseChunk(stream->parser, stream->header.data, (int)stream->header.len, 0);
}

static bool parser_has_grown(const struct wire_stream *stream)
{
    return stream->parser_bytes > PARSER_BYTES || xmlDictSize(stream->parser->dict) > PARSER_NAMES;
}

/* The parser lets some overlong forms pass. Mostly there is nothing but ASCII, which it judges
 * well.
 */
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

/* Whole tags leave nothing open: a parser that waits for more read them in another way than we. */
static bool parser_agrees(const struct wire_stream *stream)
{
    const xmlParserCtxt *parser = stream->parser;
    return parser->wellFormed && stream->parser_depth == stream->depth &&
           parser->input->cur == parser->input->end;
}

/* Feeds the parser up to `end`, which is the end of a tag. */
static enum wire_fault parse_to(struct wire_stream *stream, struct span in, size_t end)
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

/* ---- Tokens ---- */

static enum wire_fault take_header(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = parse_to(stream, in, stream->lexer.at);
    if (fault != WIRE_OK)
        return fault;
    stream->opened = true;
    stream->lexer.prolog_allowed = false;
    stream->events.opened(stream->events.user, &stream->stanza.root);
    parser_replace(stream);
    return WIRE_OK;
}

static enum wire_fault take_end_of_stream(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = parse_to(stream, in, stream->lexer.at);
    if (fault != WIRE_OK)
        return fault;
    stream->closed = true;
    stream->events.closed(stream->events.user);
    return WIRE_OK;
}

static enum wire_fault take_stanza(struct wire_stream *stream, struct span in, size_t inner_end)
{
    struct wire_stanza *stanza = &stream->stanza;
    enum wire_fault fault = parse_to(stream, in, stream->lexer.at);
    if (fault != WIRE_OK)
        return fault;
    stanza->inner = (struct span){in.at + stream->inner, inner_end - stream->inner};
    stanza->tree = stream->trees ? xmlDocGetRootElement(stream->parser->myDoc)->last : NULL;
    stream->events.stanza(stream->events.user, stanza);
    if (stanza->tree) {
        xmlUnlinkNode(stanza->tree);
        xmlFreeNode(stanza->tree);
    }
    if (parser_has_grown(stream))
        parser_replace(stream);
    return WIRE_OK;
}

static enum wire_fault take_open(struct wire_stream *stream, struct span in)
{
    stream->depth++;
    if (stream->depth == 1)
        return take_header(stream, in);
    if (stream->depth == 2)
        stream->inner = stream->lexer.at;
    return stream->depth - 1 > stream->limits.depth ? WIRE_TOO_LARGE : WIRE_OK;
}

static enum wire_fault take_close(struct wire_stream *stream, struct span in, size_t inner_end)
{
    if (stream->depth == 0)
        return WIRE_NOT_WELL_FORMED;
    stream->depth--;
    if (stream->depth == 0)
        return take_end_of_stream(stream, in);
    return stream->depth == 1 ? take_stanza(stream, in, inner_end) : WIRE_OK;
}

/* An empty element that is a whole stanza; within a stanza, the parser comes to it later. */
static enum wire_fault take_empty(struct wire_stream *stream, struct span in)
{
    if (stream->depth > stream->limits.depth)
        return WIRE_TOO_LARGE;
    if (stream->depth == 1) {
        stream->inner = stream->lexer.at;
        return take_stanza(stream, in, stream->lexer.at);
    }
    return WIRE_OK;
}

/* The only processing instruction that a stream may have, at its very beginning. */
static enum wire_fault take_prolog(struct wire_stream *stream, struct span in)
{
    struct span text = {in.at + stream->start, stream->lexer.at - stream->start};
    stream->lexer.prolog_allowed = false;
    stream->parsed = stream->lexer.at;
    bool is_xml = text.len > 7 && memcmp(text.at, "<?xml", 5) == 0 && strchr(" \t\r\n", text.at[5]);
    return is_xml ? WIRE_OK : WIRE_RESTRICTED_XML;
}

static enum wire_fault take_token(struct wire_stream *stream, struct span in,
                                  enum lexer_token token)
{
    switch (token) {
    case LEXER_OPEN:
        return take_open(stream, in);
    case LEXER_EMPTY:
        return stream->depth ? take_empty(stream, in) : WIRE_NOT_WELL_FORMED;
    case LEXER_CLOSE:
        return take_close(stream, in, stream->lexer.tag);
    case LEXER_PROLOG:
        return take_prolog(stream, in);
    case LEXER_RESTRICTED:
        return WIRE_RESTRICTED_XML;
    case LEXER_CROWDED:
        return WIRE_TOO_LARGE;
    case LEXER_BROKEN:
    case LEXER_MORE:
        break;
    }
    return WIRE_NOT_WELL_FORMED;
}

/* ---- Bytes ---- */

/* Between stanzas: passes over white space to where the next one begins. */
static enum wire_fault skip_space(struct wire_stream *stream, struct span in)
{
    struct lexer *lexer = &stream->lexer;
    while (lexer->at < in.len && memchr(" \t\r\n", in.at[lexer->at], 4))
        lexer->at++;
    stream->start = stream->parsed = stream->whole = lexer->at;
    return lexer->at < in.len && in.at[lexer->at] != '<' ? WIRE_NOT_WELL_FORMED : WIRE_OK;
}

static bool between_stanzas(const struct wire_stream *stream)
{
    return stream->depth <= 1 && stream->lexer.state == LEXER_IN_TEXT;
}

static enum wire_fault read_token(struct wire_stream *stream, struct span in, bool *more_r)
{
    enum wire_fault fault = between_stanzas(stream) ? skip_space(stream, in) : WIRE_OK;
    if (fault != WIRE_OK)
        return fault;
    stream->lexer.outside = stream->depth <= 1;
    enum lexer_token token = lexer_next(&stream->lexer, in);
    if (stream->lexer.at - stream->start > stream->limits.stanza_bytes)
        return WIRE_TOO_LARGE;
    *more_r = token == LEXER_MORE;
    if (*more_r)
        return WIRE_OK;
    stream->whole = stream->lexer.at;
    return take_token(stream, in, token);
}

/* An offset, once the bytes before the present stanza are gone. */
static size_t rebased(const struct wire_stream *stream, size_t offset)
{
    return offset > stream->start ? offset - stream->start : 0;
}

/*
 * What is unfinished stays for the next feed; the parser is told of it up to its last whole tag, so
 * that what is wrong is found out at once.
 */
static enum wire_fault keep_rest(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = parse_to(stream, in, stream->whole);
    if (stream->pending.len)
        buf_consume(&stream->pending, stream->start);
    else
        buf_add(&stream->pending, in.at + stream->start, in.len - stream->start);
    if (stream->pending.len == 0 && stream->pending.cap > PENDING_KEPT)
        buf_free(&stream->pending);
    stream->lexer.at = rebased(stream, stream->lexer.at);
    stream->lexer.tag = rebased(stream, stream->lexer.tag);
    stream->parsed = rebased(stream, stream->parsed);
    stream->whole = rebased(stream, stream->whole);
    stream->inner = rebased(stream, stream->inner);
    stream->start = 0;
    return fault;
}

static void stream_reset(struct wire_stream *stream)
{
    buf_free(&stream->pending);
    stream->lexer = (struct lexer){.prolog_allowed = true};
    stream->start = stream->parsed = stream->whole = stream->inner = 0;
    stream->depth = 0;
    stream->opened = stream->closed = stream->restart = false;
    stream->foreign_prefix = false;
    stream->fault = WIRE_OK;
    parser_new(stream);
}

static bool goes_on(const struct wire_stream *stream, enum wire_fault fault)
{
    return fault == WIRE_OK && !stream->restart && !stream->closed;
}

/* Reads what can be read of bytes that begin with the present stanza. */
static enum wire_fault read_tokens(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = WIRE_OK;
    for (bool more = false; !more && goes_on(stream, fault);)
        fault = read_token(stream, in, &more);
    return goes_on(stream, fault) ? keep_rest(stream, in) : fault;
}

/*
 * Reads on where an unfinished stanza waits: its bytes are joined by a piece of the new ones. If
 * then all that is left comes from that piece, it can be read where it lies, with everything behind
 * it. Returns how much of the new bytes is done with.
 */
static size_t read_pending(struct wire_stream *stream, struct span bytes, enum wire_fault *fault)
{
    size_t piece = bytes.len < PIECE ? bytes.len : PIECE;
    buf_add(&stream->pending, bytes.at, piece);
    *fault = read_tokens(stream, buf_span(&stream->pending));
    size_t rest = stream->pending.len;
    if (piece == bytes.len || rest > piece)
        return piece;
    buf_clear(&stream->pending);
    return piece - rest;
}

static enum wire_fault read_bytes(struct wire_stream *stream, struct span bytes)
{
    enum wire_fault fault = WIRE_OK;
    while (bytes.len && goes_on(stream, fault)) {
        size_t done = bytes.len;
        if (stream->pending.len)
            done = read_pending(stream, bytes, &fault);
        else
            fault = read_tokens(stream, bytes);
        bytes = (struct span){bytes.at + done, bytes.len - done};
    }
    return fault;
}

enum wire_fault wire_stream_feed(struct wire_stream *stream, const char *bytes, size_t len)
{
    if (stream->restart)
        stream_reset(stream);
    if (stream->fault != WIRE_OK || stream->closed)
        return stream->fault;
    enum wire_fault fault = read_bytes(stream, (struct span){bytes, len});
    if (!stream->restart)
        stream->fault = fault;
    return fault;
}

struct wire_stream *wire_stream_new(const struct wire_events *events,
                                    const struct wire_limits *limits, bool trees)
{
    struct wire_stream *stream = mem_new(sizeof *stream);
    stream->events = *events;
    if (limits)
        stream->limits = *limits;
    if (stream->limits.stanza_bytes == 0)
        stream->limits.stanza_bytes = STANZA_BYTES;
    if (stream->limits.depth == 0)
        stream->limits.depth = STANZA_DEPTH;
    stream->trees = trees;
    stream_reset(stream);
    return stream;
}

void wire_stream_free(struct wire_stream *stream)
{
    if (!stream)
        return;
    parser_free(stream);
    buf_free(&stream->header);
    buf_free(&stream->values);
    buf_free(&stream->pending);
    free(stream);
}

void wire_stream_restart(struct wire_stream *stream)
{
    stream->restart = true;
}
