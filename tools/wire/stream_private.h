/* A stream's reader and its parser, for wire/stream*.c only. */
#ifndef WIRE_STREAM_PRIVATE_H
#define WIRE_STREAM_PRIVATE_H

#include <libxml/parser.h>

#include "coven/buf.h"
#include "wire/lexer.h"
#include "wire/stream.h"

struct wire_stream {
    struct wire_events events;
    struct wire_limits limits;
    bool trees;
    struct wire_spare *spare; /* NULL: the parser is not shared */

    xmlParserCtxt *parser; /* NULL: it has none now */
    size_t parser_bytes;
    int parser_depth;    /* elements open in the parser, the stream's included */
    struct buf header;   /* an opening tag with the bindings of the real one that stanzas may use */
    bool foreign_prefix; /* the stream's prefix is not `stream` */
    struct buf values;   /* of the root's attributes */
    struct wire_stanza stanza; /* the present one; for the header only its root */

    struct lexer lexer;
    struct buf pending; /* an unfinished stanza, from its first byte */
    size_t start;       /* where the present stanza begins */
    size_t parsed;      /* the parser was fed up to here */
    size_t whole;       /* where the last whole tag ends */
    size_t inner;       /* where the inner bytes begin */
    int depth;          /* elements open, the stream's included */
    bool opened, closed, restart;
    enum wire_fault fault;
};

/* ---- The parser (stream_parser.c) ---- */

/* Takes a parser before bytes are read, and gives it back afterwards if possible: see
 * wire_stream_share(). */
void stream_parser_take(struct wire_stream *stream);
void stream_parser_leave(struct wire_stream *stream);
void stream_parser_free(struct wire_stream *stream);

/* Replaces the parser between stanzas. */
void stream_parser_renew(struct wire_stream *stream);
bool stream_parser_has_grown(const struct wire_stream *stream);

/* Feeds the parser up to `end`, the end of a tag. */
enum wire_fault stream_parse_to(struct wire_stream *stream, struct span in, size_t end);

#endif
