/* What the files of the guard share: a parser of libstrophe's, and the expat parser in its place.
 */
#ifndef COVEN_LINK_GUARD_PARSER_H
#define COVEN_LINK_GUARD_PARSER_H

#include <expat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/buf.h"
#include "link/guard.h"

#define GUARD_SEPARATOR '\x1F'

/* Expat 2.9.0 deprecates the functions that count in less than 64 bits. */
#if XML_MAJOR_VERSION > 2 || (XML_MAJOR_VERSION == 2 && XML_MINOR_VERSION >= 9)
#define EVENT_INDEX XML_GetCurrentByteIndex64
#define EVENT_BYTES XML_GetCurrentByteCount64
#else
#define EVENT_INDEX XML_GetCurrentByteIndex
#define EVENT_BYTES XML_GetCurrentByteCount
#endif

/* The expat functions that the guard hides; the others are called by their names. */
struct guard_expat {
    XML_Parser (*create)(const XML_Char *, const XML_Memory_Handling_Suite *, const XML_Char *);
    XML_Bool (*reset)(XML_Parser, const XML_Char *);
    void (*release)(XML_Parser);
    void (*set_user_data)(XML_Parser, void *);
    void (*set_elements)(XML_Parser, XML_StartElementHandler, XML_EndElementHandler);
    void (*set_text)(XML_Parser, XML_CharacterDataHandler);
    enum XML_Status (*parse)(XML_Parser, const char *, int, int);
};

/* The part of the current stanza that libstrophe was handed. */
struct guard_stanza {
    uint32_t elements;
    uint32_t attributes;
    size_t bytes;      /* of names, attributes and text */
    uint32_t built;    /* levels that are open in libstrophe, including the stream's */
    uint64_t unspaced; /* bit n: the open element at level n has no namespace */
    bool cut;
    const char *name; /* of the stanza's element, a constant; NULL: XMPP does not define it */
};

/* The rest of a stanza or element that is skipped without being parsed. */
struct guard_skip {
    uint32_t open;    /* elements to be closed until it ends; 0: nothing is skipped */
    const char *name; /* count only elements of that name; NULL: all */
    size_t bytes;     /* skipped so far */
};

/* An element's attributes as libstrophe gets them: name, value, ..., NULL. */
struct guard_attributes {
    const XML_Char *list[4 * GUARD_MAX_ATTRIBUTES + 4];
    size_t used;      /* entries of the list */
    struct buf names; /* holds the names that differ from expat's */
};

/* The position of the last markup in the bytes on hold. */
struct guard_lexer {
    size_t from, at; /* the beginning of the markup, and the end of the bytes that were examined */
    bool open;       /* the markup is incomplete */
    char quote;      /* the open quote at `at`; NUL: none */
};

struct guard {
    struct guard *next;
    const struct guard_expat *expat;
    XML_Parser parser;

    void *user; /* libstrophe's handlers, and their argument */
    XML_StartElementHandler start;
    XML_EndElementHandler end;
    XML_CharacterDataHandler characters;

    struct buf header; /* of the stream, replayed to the next parser */
    struct buf hold;   /* bytes that expat has not seen: at most one incomplete tag */
    struct guard_lexer lexer;
    struct guard_skip skip;
    /* Counted in bytes of the current parser's input. */
    size_t fed;        /* all input so far */
    size_t event;      /* `fed` at the last callback */
    size_t boundary;   /* the end of the stanza after which the parser is replaced */
    size_t header_end; /* 0: the stream header is incomplete */

    uint32_t depth;    /* elements that are open in expat */
    bool is_stream;    /* the root element is a stream */
    bool closed;       /* the root element has ended: further input is ignored */
    bool worn;         /* the parser has stopped, to be replaced */
    const char *fault; /* why the stream cannot go on; constant, NULL: it can */

    struct guard_stanza stanza;
    struct guard_attributes attributes;
    struct buf name; /* scratch */
    struct buf text; /* the run of text so far */
};

/* ---- guard.c ---- */

/* Hands the end of an element to libstrophe, without letting it render the stanza. */
void guard_end(struct guard *guard, const XML_Char *name);

/* ---- guard_feed.c: bytes into expat, one parser after the other ---- */

/* Makes the expat parser. False: it could not be made. */
bool guard_open(struct guard *guard);

/* Makes a new parser that knows the stream's header. False: it could not be made. */
bool guard_replace(struct guard *guard);

/* Frees the parser and forgets the stream; libstrophe's handlers and the place in the list stay. */
void guard_close(struct guard *guard);

/* Does the work of XML_Parse(). XML_STATUS_ERROR: the stream cannot go on. */
enum XML_Status guard_feed(struct guard *guard, const char *bytes, size_t len, bool final);

/* ---- guard_build.c: expat's callbacks, within the limits, to libstrophe's ---- */

/* Sets the parser's handlers. */
void guard_listen(struct guard *guard);

/* Ends the stream at libstrophe with guard->fault as the text of a stream error. */
void guard_report_fault(struct guard *guard);

/* Builds no more of the current stanza, which gets GUARD_CUT when it ends. */
void guard_cut(struct guard *guard);

/* Cuts the current stanza and ends it now. */
void guard_break_stanza(struct guard *guard);

/* ---- guard_mend.c: faults inside a stanza ---- */

/* The parser failed on `bytes`, after `before` bytes of other input. True: the stanza was cut, and
 * `bytes` is now the input to go on with. False: the stream cannot go on. */
bool guard_mend(struct guard *guard, struct span *bytes, size_t before);

/* Counts markup that is skipped; guard->skip.open becomes 0 at the end. */
void guard_skip_markup(struct guard *guard, struct span markup);

/* ---- guard_lex.c: markup, from '<' to '>', that the server's parser took for well-formed ---- */

/* Finds the next complete markup. False: there is none; from lexer->from on the bytes must be kept
 * until more come. */
bool guard_lex(struct guard_lexer *lexer, struct span bytes);

/* Is it a start tag or an empty-element tag? */
bool guard_markup_begins(struct span markup);

/* The change of depth: 1, 0 or -1. */
int guard_markup_levels(struct span markup);

/* The name in an element's tag, with its prefix. */
struct span guard_markup_name(struct span markup);

/* Adds an empty element of the same name, with only the essential attributes. False: the tag cannot
 * be understood. */
bool guard_shorten(struct span tag, struct buf *out);

/* ---- guard_names.c: from expat's names, "uri local prefix", to libstrophe's ---- */

/* "uri local", without the prefix; perhaps in `scratch`. */
const XML_Char *guard_element_name(const XML_Char *triplet, struct buf *scratch);

/* Fills `out` with at most GUARD_MAX_ATTRIBUTES of `attributes`; returns their size in bytes. */
size_t guard_name_attributes(struct guard_attributes *out, const XML_Char **attributes);

/* Is a stanza routed by this attribute? */
bool guard_is_essential(struct span name);

/* Fills `out` with the essential attributes alone; returns their size in bytes. */
size_t guard_name_essential(struct guard_attributes *out, const XML_Char **attributes);

/* Adds xmlns="". */
void guard_name_unspaced(struct guard_attributes *out);

#endif
