/*
 * The lexer finds the tags, and libxml2 receives whole tags only. So reading stays linear however
 * the bytes arrive, the bounds of a stanza's inner bytes are known, and no unread tail is left
 * when the parser is replaced.
 */
#include "wire/stream.h"

#include <stdlib.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "wire/stream_private.h"

#define STANZA_BYTES (256u * 1024)
#define STANZA_DEPTH 64

/* A larger buffer of pending bytes is freed after its stanza. */
#define PENDING_KEPT (16u * 1024)
/* How many bytes are added to the pending ones at a time. */
#define PIECE 4096u

const char *wire_fault_condition(enum wire_fault fault)
{
    static const char *const conditions[] = {
        [WIRE_OK] = "undefined-condition",        [WIRE_NOT_WELL_FORMED] = "not-well-formed",
        [WIRE_RESTRICTED_XML] = "restricted-xml", [WIRE_BAD_NAMESPACE] = "bad-namespace-prefix",
        [WIRE_TOO_LARGE] = "policy-violation",
    };
    return conditions[fault];
}

/* ---- Tokens ---- */

static enum wire_fault take_header(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = stream_parse_to(stream, in, stream->lexer.at);
    if (fault != WIRE_OK)
        return fault;
    stream->opened = true;
    stream->lexer.prolog_allowed = false;
    stream->events.opened(stream->events.user, &stream->stanza.root);
    stream_parser_renew(stream);
    return WIRE_OK;
}

static enum wire_fault take_end_of_stream(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = stream_parse_to(stream, in, stream->lexer.at);
    if (fault != WIRE_OK)
        return fault;
    stream->closed = true;
    stream->events.closed(stream->events.user);
    return WIRE_OK;
}

static enum wire_fault take_stanza(struct wire_stream *stream, struct span in, size_t inner_end)
{
    struct wire_stanza *stanza = &stream->stanza;
    enum wire_fault fault = stream_parse_to(stream, in, stream->lexer.at);
    if (fault != WIRE_OK)
        return fault;
    stanza->inner = (struct span){in.at + stream->inner, inner_end - stream->inner};
    stanza->whole = (struct span){in.at + stream->start, stream->lexer.at - stream->start};
    stanza->tree = stream->trees ? xmlDocGetRootElement(stream->parser->myDoc)->last : NULL;
    stream->events.stanza(stream->events.user, stanza);
    if (stanza->tree) {
        xmlUnlinkNode(stanza->tree);
        xmlFreeNode(stanza->tree);
    }
    if (stream_parser_has_grown(stream))
        stream_parser_renew(stream);
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

/* An empty element that is a whole stanza. Within a stanza there is nothing to do. */
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

/* The XML declaration at the beginning is the only allowed processing instruction. */
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

/* Skips white space between stanzas. */
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

/* An offset after the bytes before the present stanza are dropped. */
static size_t rebased(const struct wire_stream *stream, size_t offset)
{
    return offset > stream->start ? offset - stream->start : 0;
}

/*
 * Keeps an unfinished stanza for the next feed. The parser receives its whole tags now, so that
 * errors are found at once.
 */
static enum wire_fault keep_rest(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = stream_parse_to(stream, in, stream->whole);
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
    stream_parser_free(stream);
}

static bool goes_on(const struct wire_stream *stream, enum wire_fault fault)
{
    return fault == WIRE_OK && !stream->restart && !stream->closed;
}

/* Reads bytes that begin with the present stanza, as far as possible. */
static enum wire_fault read_tokens(struct wire_stream *stream, struct span in)
{
    enum wire_fault fault = WIRE_OK;
    for (bool more = false; !more && goes_on(stream, fault);)
        fault = read_token(stream, in, &more);
    return goes_on(stream, fault) ? keep_rest(stream, in) : fault;
}

/*
 * Continues an unfinished stanza: adds a piece of the new bytes to the pending ones. When what is
 * left unread lies within that piece, reading continues in place. Returns how many of the new
 * bytes have been processed.
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
    stream_parser_take(stream);
    enum wire_fault fault = read_bytes(stream, (struct span){bytes, len});
    if (!stream->restart)
        stream->fault = fault;
    stream_parser_leave(stream);
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
    stream_parser_free(stream);
    buf_free(&stream->header);
    buf_free(&stream->values);
    buf_free(&stream->pending);
    free(stream);
}

void wire_stream_restart(struct wire_stream *stream)
{
    stream->restart = true;
}

void wire_stream_share(struct wire_stream *stream, struct wire_spare *spare)
{
    coven_assert(!stream->trees);
    stream->spare = spare;
}
