/*
 * The guard stands between libstrophe and expat: it exports the seven expat functions that
 * libstrophe calls (and one of its own), and hands on only what libstrophe can bear. Everything it
 * has to say travels inside the tree that libstrophe builds, as elements whose names no XML can
 * spell.
 *
 * What it changes:
 * - An attribute in a namespace arrives under the name that stood in the XML ("xml:lang", "p:a"
 *   with its "xmlns:p"), so it is never taken for a plain one and the payload can be written again.
 * - An element without a namespace inside one that has one arrives with xmlns="".
 * - Of a stanza above one of the limits the rest is not built; its last child is GUARD_CUT. The
 *   same goes for a tag that is too long; what such an element holds is not even read.
 * - A run of text arrives in one piece.
 * - A stanza in which the XML is not well-formed is cut in the same way, and the rest of it is
 *   passed over.
 * - A fault between two stanzas, one behind which no end of the stanza can be told, or a document
 *   type ends the stream at once: libstrophe is handed a stream error and the end of the stream.
 * The stanza in which it happens ends with GUARD_TORN.
 * - Of what comes in, no text is made for a debug log that nobody keeps.
 * - The parser is replaced between two stanzas before what it remembers grows without bound.
 */
#ifndef COVEN_LINK_GUARD_H
#define COVEN_LINK_GUARD_H

#ifdef GUARD_LIMITS
#include GUARD_LIMITS /* others, for a fuzzer to meet */
#else

/* Of one stanza, its own element included. */
#define GUARD_MAX_ELEMENTS         1000
#define GUARD_MAX_LEVELS           32
#define GUARD_MAX_ATTRIBUTES       64            /* of one element */
#define GUARD_MAX_ATTRIBUTES_TOTAL 4096          /* of all elements */
#define GUARD_MAX_BYTES            (1024 * 1024) /* of names, attributes and text */

#define GUARD_PARSER_BYTES         (512 * 1024)       /* a parser that read so much is replaced */
#define GUARD_MAX_TAG              (64 * 1024)        /* of a longer one little is read */
#define GUARD_HOLD_BYTES           (64 * 1024)        /* buffers above are not kept */
#define GUARD_MAX_TOKEN            (16 * 1024 * 1024) /* a longer tag ends the stream */
#define GUARD_MAX_HEADER           (16 * 1024)        /* and so does a longer stream header */

#endif

/* The last child of a stanza that lost its rest, and of one that broke off. */
#define GUARD_CUT  " cut"
#define GUARD_TORN " torn"

#endif
