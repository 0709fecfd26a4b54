/*
 * Finds where the tags of a stream begin and end, in one pass, so that the XML parser receives
 * whole tags only. Knows quotes and CDATA, and refuses what no stream may contain. The parser
 * checks names and characters.
 */
#ifndef WIRE_LEXER_H
#define WIRE_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/span.h"

enum lexer_token {
    LEXER_MORE,       /* everything is read, no tag has ended */
    LEXER_OPEN,       /* <name ...> */
    LEXER_EMPTY,      /* <name .../> */
    LEXER_CLOSE,      /* </name> */
    LEXER_PROLOG,     /* <?xml ...?>, where it is allowed */
    LEXER_RESTRICTED, /* a DOCTYPE, a comment, another processing instruction */
    LEXER_CROWDED,    /* too many attributes in a tag */
    LEXER_BROKEN,     /* a '<' within a tag, CDATA outside of a stanza */
};

enum lexer_state {
    LEXER_IN_TEXT,
    LEXER_IN_MARKUP, /* after a '<' */
    LEXER_IN_TAG,
    LEXER_IN_QUOTE,
    LEXER_IN_PROLOG,
    LEXER_IN_BANG, /* within "<![CDATA[" */
    LEXER_IN_CDATA,
};

/* All zero is the beginning of a stream. The caller adjusts the offsets when its buffer moves. */
struct lexer {
    enum lexer_state state;
    size_t at;  /* the next byte to read */
    size_t tag; /* where the present or last tag begins */
    bool prolog_allowed;
    bool outside; /* not within a stanza: no character data */
    bool closing; /* the tag is </name> */
    char quote;
    char last; /* the previous byte, within a tag or the prolog */
    int attrs;
    int matched; /* how much of "<![CDATA[" or "]]>" has been seen */
};

/* Continues at `at`. Afterwards a token ends right before `at`. */
enum lexer_token lexer_next(struct lexer *lexer, struct span in);

#endif
