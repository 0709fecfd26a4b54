/* What the files of the guard share: one parser of libstrophe's and the expat parser behind it. */
#ifndef COVEN_LINK_GUARD_PARSER_H
#define COVEN_LINK_GUARD_PARSER_H

#include <expat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/buf.h"
#include "link/guard.h"

#define GUARD_SEPARATOR '\x1F'

/* Since 2.9.0 expat counts in 64 bits everywhere, and wants nothing else to be used. */
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

/* What of the present stanza was handed to libstrophe. */
struct guard_stanza {
    uint32_t elements;
    uint32_t attributes;
    size_t bytes;
    uint32_t built;    /* levels that are open at libstrophe, the stream's own included */
    uint64_t unspaced; /* bit n: the open element at level n has no namespace */
    bool cut;
    const char *name; /* of its own element, if it is one of XMPP's; constant */
};

/* What of a stanza, or an element in one, is passed over without being parsed. */
struct guard_skip {
    uint32_t open;    /* elements whose ends are awaited; 0: nothing is passed over */
    const char *name; /* only elements of that name count; NULL: all do */
    size_t bytes;     /* so many were passed over */
};

/* An element's attributes as libstrophe gets them; `names` holds what had to be spelled anew. */
struct guard_attributes {
    const XML_Char *list[4 * GUARD_MAX_ATTRIBUTES + 4];
    size_t used;
    struct buf names;
};

/* Where in the bytes that wait the markup stands that was found last, or that is not yet whole. */
struct guard_lexer {
    size_t from, at; /* its beginning; what was looked at */
    bool open;       /* it is not yet whole */
    char quote;      /* in which its present end stands, if any */
};

struct guard {
    struct guard *next;
    const struct guard_expat *expat;
    XML_Parser parser;

    void *user; /* libstrophe's handlers and what they are given */
    XML_StartElementHandler start;
    XML_EndElementHandler end;
    XML_CharacterDataHandler characters;

    struct buf header; /* the stream's beginning, for the next parser */
    struct buf hold;   /* bytes that expat has not seen: at most one tag that is not whole */
    struct guard_lexer lexer;
    struct guard_skip skip;
    size_t fed;      /* bytes that this parser was given */
    size_t event;    /* `fed` when it last said something */
    size_t boundary; /* where the stanza ended after which the parser is replaced */
    size_t header_end;

    uint32_t depth;    /* open elements as expat sees them */
    bool is_stream;    /* the root is a stream's, so libstrophe can be told of its end */
    bool closed;       /* the root has ended; what follows is ignored */
    bool worn;         /* the parser has stopped to be replaced */
    const char *fault; /* why the stream cannot go on */

    struct guard_stanza stanza;
    struct guard_attributes attributes;
    struct buf name;
    struct buf text;
};

/* guard.c: the end of an element, handed on. */
void guard_end(struct guard *guard, const XML_Char *name);

/* guard_feed.c: bytes into expat, one parser after the other. */
bool guard_open(struct guard *guard);
bool guard_replace(struct guard *guard); /* by one that has seen the stream's header alone */
void guard_close(struct guard *guard);
enum XML_Status guard_feed(struct guard *guard, const char *bytes, size_t len, bool final);

/* guard_build.c: what expat says, within the limits, to libstrophe. */
void guard_listen(struct guard *guard);
void guard_report_fault(struct guard *guard);
void guard_cut(struct guard *guard);
void guard_break_stanza(struct guard *guard); /* its rest will not come: it is handed on, cut */

/* guard_mend.c: what is wrong inside a stanza. */

/* The parser failed on `bytes`, before which it had been given `before`. True: the stanza was cut,
 * and `bytes` is what is to be parsed next. False: the stream cannot go on. */
bool guard_mend(struct guard *guard, struct span *bytes, size_t before);

/* One more markup is passed over. */
void guard_skip_markup(struct guard *guard, struct span markup);

/* guard_lex.c: what stands between '<' and '>', in XML that the server has found to be well-formed.
 */

/* Finds the next markup that is whole. False: from lexer->from on (the end, or markup that is not
 * whole) more has to come. */
bool guard_lex(struct guard_lexer *lexer, struct span bytes);

/* Is it the tag of an element that begins (and may be empty)? By how many levels does it go down?
 */
bool guard_markup_begins(struct span markup);
int guard_markup_levels(struct span markup);

/* The name in the tag of an element, prefix included. */
struct span guard_markup_name(struct span markup);

/* The same element without anything but what a stanza is routed by, and empty. False: that cannot
 * be told. */
bool guard_shorten(struct span tag, struct buf *out);

/* guard_names.c: names as expat gives them ("uri local prefix", separated) and as libstrophe wants
 * them. */

/* "uri local" without the prefix; `scratch` may hold it. */
const XML_Char *guard_element_name(const XML_Char *triplet, struct buf *scratch);

/* Fills `out` with at most GUARD_MAX_ATTRIBUTES of `attributes`; returns the bytes they have. */
size_t guard_name_attributes(struct guard_attributes *out, const XML_Char **attributes);

bool guard_is_essential(struct span name);

/* Fills `out` with what a stanza is routed by, and nothing else. */
size_t guard_name_essential(struct guard_attributes *out, const XML_Char **attributes);

/* Declares that the element has no namespace. */
void guard_name_unspaced(struct guard_attributes *out);

#endif
