/*
 * Finds where the tags of a stream begin and end, byte by byte and never going back, so that the
 * XML parser behind it is only given whole tags. It knows quotes and CDATA, and refuses what no
 * stream may hold. Whether names match and characters are allowed is the parser's business.
 */
#ifndef WIRE_LEXER_H
#define WIRE_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "coven/span.h"

enum lexer_token {
    LEXER_MORE,       /* all was read, and no tag has ended */
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
    LEXER_IN_MARKUP, /* behind a '<' */
    LEXER_IN_TAG,
    LEXER_IN_QUOTE,
    LEXER_IN_PROLOG,
    LEXER_IN_BANG, /* within what should become <![CDATA[ */
    LEXER_IN_CDATA,
};

/* All zero is the beginning of a stream. The offsets are the caller's to move with its buffer. */
struct lexer {
    enum lexer_state state;
    size_t at;  /* the next byte to read */
    size_t tag; /* where the present or the last tag begins */
    bool prolog_allowed;
    bool outside; /* of a stanza: no character data */
    bool closing; /* the tag is </name> */
    char quote;
    char last; /* the byte before, within a tag or the prolog */
    int attrs;
    int matched; /* how much of <![CDATA[, or of ]]>, was seen */
};

/* Reads on at `at`; a token ends right before the new `at`. */
enum lexer_token lexer_next(struct lexer *lexer, struct span in);

#endif
