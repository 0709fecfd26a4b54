/*
 * Reads one direction of an XMPP stream: bytes go in, the stream header and whole stanzas come
 * out. Built on libxml2's SAX2 push parser. DTDs, processing instructions and comments are
 * refused; size, depth and the parser's memory are limited; namespaces must be bound; everything
 * is UTF-8, whatever the XML declaration says. White space between stanzas is skipped.
 */
#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "coven/span.h"

struct wire_stream;

/* The maximum number of attributes of a tag, namespace declarations included. */
#define WIRE_ATTRS_MAX 64

/* An unescaped attribute, without a namespace, of the stream header or of a stanza. */
struct wire_attr {
    const char *name, *value;
};

struct wire_root {
    const char *name; /* without its prefix */
    const char *ns;   /* "" when it has none */
    const char *lang; /* xml:lang, or NULL */
    struct wire_attr attrs[WIRE_ATTRS_MAX];
    int attr_count;
    struct wire_attr spaces[WIRE_ATTRS_MAX]; /* declared prefixes and their namespaces */
    int space_count;
};

/* The value of a root attribute, or NULL. */
const char *wire_attr(const struct wire_root *root, const char *name);

/* Valid until the callback returns. */
struct wire_stanza {
    struct wire_root root;
    /*
     * The bytes between the root's opening and closing tag, as received. They may be sent on under
     * another stream header, because prefixes that only the header binds are refused inside
     * (except `stream`). The prefixes that the root itself declares (root.spaces) must be declared
     * again.
     */
    struct span inner;
    struct span whole;                     /* all bytes of the stanza, as received */
    const char *payload_name, *payload_ns; /* of the first child element; NULL: there is none */
    xmlNode *tree;                         /* the whole element, when trees are built */
};

struct wire_limits {
    size_t stanza_bytes; /* 0: 256 KiB */
    int depth;           /* of elements, the stanza being the first; 0: 64 */
};

enum wire_fault {
    WIRE_OK,
    WIRE_NOT_WELL_FORMED, /* stream error not-well-formed */
    WIRE_RESTRICTED_XML,  /* DOCTYPE, comment, processing instruction: restricted-xml */
    WIRE_BAD_NAMESPACE,   /* an unbound prefix: bad-namespace-prefix */
    WIRE_TOO_LARGE,       /* a limit, or more than WIRE_ATTRS_MAX attributes: policy-violation */
};

struct wire_events {
    void *user;
    void (*opened)(void *user, const struct wire_root *header);
    void (*stanza)(void *user, const struct wire_stanza *stanza);
    void (*closed)(void *user); /* </stream:stream> */
};

/* `trees`: build an xmlNode for each stanza. */
struct wire_stream *wire_stream_new(const struct wire_events *events,
                                    const struct wire_limits *limits, bool trees);
void wire_stream_free(struct wire_stream *stream);

/*
 * Streams that share a spare parser have one of their own only while a stanza is unfinished, so an
 * idle stream needs little memory. The spare must outlive them. Not with trees.
 */
struct wire_spare;
struct wire_spare *wire_spare_new(void);
void wire_spare_free(struct wire_spare *spare);
void wire_stream_share(struct wire_stream *stream, struct wire_spare *spare);

/*
 * Reads bytes and calls the events. After a fault, and after the stream is closed, nothing is
 * read. A callback may call wire_stream_restart(), but must not free the stream.
 */
enum wire_fault wire_stream_feed(struct wire_stream *stream, const char *bytes, size_t len);

/* Expects a new stream header (after STARTTLS or SASL). The rest of the present feed is dropped. */
void wire_stream_restart(struct wire_stream *stream);

/* The condition of the stream error for a fault. */
const char *wire_fault_condition(enum wire_fault fault);

#endif
