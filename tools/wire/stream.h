/*
 * One direction of an XMPP stream, read: bytes go in, the stream header and whole stanzas come out.
 * On libxml2's SAX2 push parser. DTDs, processing instructions and comments are refused; size,
 * depth and the memory that a parser keeps are limited; namespaces must be bound; everything is
 * UTF-8, whatever the XML declaration says. White space between stanzas is passed over. Both the
 * server and the clients among the tools read with it.
 */
#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "coven/span.h"

struct wire_stream;

/* The most attributes, namespace declarations included, that a tag may have. */
#define WIRE_ATTRS_MAX 64

/* An attribute without a namespace of a root element (of the stream header, of a stanza);
 * unescaped. */
struct wire_attr {
    const char *name, *value;
};

struct wire_root {
    const char *name; /* without its prefix */
    const char *ns;   /* "" when it has none */
    const char *lang; /* xml:lang, or NULL */
    struct wire_attr attrs[WIRE_ATTRS_MAX];
    int attr_count;
    struct wire_attr spaces[WIRE_ATTRS_MAX]; /* the prefixes it binds, and to what */
    int space_count;
};

/* The value of a root attribute, or NULL. */
const char *wire_attr(const struct wire_root *root, const char *name);

/* A stanza lives until the call returns. */
struct wire_stanza {
    struct wire_root root;
    /*
     * What stands between the root's opening and its closing tag, byte for byte as it was received;
     * good to be sent on under another stream header, because prefixes bound there are refused
     * inside (all but `stream`). The prefixes that the root itself binds (root.spaces) must be
     * bound again by the root that it is sent on in.
     */
    struct span inner;
    const char *payload_name, *payload_ns; /* of the first child element; NULL: it has none */
    xmlNode *tree;                         /* the whole element, where trees were asked for */
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
 * Streams that share a spare parser have one of their own only while a stanza is unfinished: so one
 * on which nothing comes needs little memory. The spare outlives them. Not with trees.
 */
struct wire_spare;
struct wire_spare *wire_spare_new(void);
void wire_spare_free(struct wire_spare *spare);
void wire_stream_share(struct wire_stream *stream, struct wire_spare *spare);

/*
 * Reads bytes and calls the events. After a fault, and after the stream was closed, nothing more is
 * read. A callback may call wire_stream_restart() (not free).
 */
enum wire_fault wire_stream_feed(struct wire_stream *stream, const char *bytes, size_t len);

/* A new stream header is expected (after STARTTLS or SASL); what is unread of the present feed is
 * dropped. */
void wire_stream_restart(struct wire_stream *stream);

/* The stream error's condition for a fault. */
const char *wire_fault_condition(enum wire_fault fault);

#endif
