/* A stream's reader from within, and the parser behind it; of tools/wire only. */
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

    xmlParserCtxt *parser; /* NULL: it has none at present */
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

/* ---- The parser (stream_parser.c) ---- */

/* Before bytes are read the stream takes a parser, if it has none, and when they are read it leaves
 * it to others, if it can: see wire_stream_share(). */
void stream_parser_take(struct wire_stream *stream);
void stream_parser_leave(struct wire_stream *stream);
void stream_parser_free(struct wire_stream *stream);

/* Between stanzas: another parser in the place of this one, and of all that it knows. */
void stream_parser_renew(struct wire_stream *stream);
bool stream_parser_has_grown(const struct wire_stream *stream);

/* Feeds the parser up to `end`, which is the end of a tag. */
enum wire_fault stream_parse_to(struct wire_stream *stream, struct span in, size_t end);

#endif
