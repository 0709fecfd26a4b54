/*
 * The guard stands between libstrophe and expat: it exports the seven expat functions that
 * libstrophe calls (and one of libstrophe's own), and hands on only what libstrophe can handle. Its
 * messages travel inside the tree that libstrophe builds, as elements whose names no XML can spell.
 *
 * - An attribute in a namespace keeps its prefix: "xml:lang", or "p:a" with "xmlns:p" beside it. So
 *   it is never mistaken for a plain one, and the payload can be written again.
 * - An element without a namespace inside one with a namespace gets xmlns="".
 * - A stanza above one of the limits below is cut: its rest is not built, and its last child is
 *   GUARD_CUT. The same holds for a tag that is too long, whose content is not even parsed.
 * - A run of text arrives in one piece.
 * - A stanza with malformed XML is cut in the same way, and its rest is skipped.
 * - A fault between two stanzas, a fault after which the end of its stanza cannot be found, or a
 *   document type ends the stream at once: libstrophe gets a stream error and the end of the
 *   stream. A stanza that is open then ends with GUARD_TORN.
 * - No text is made of incoming stanzas for libstrophe's debug log.
 * - The parser is replaced between two stanzas, before its memory of names grows without bound.
 */
#ifndef COVEN_LINK_GUARD_H
#define COVEN_LINK_GUARD_H

#ifdef GUARD_LIMITS
#include GUARD_LIMITS /* smaller ones, which a fuzzer can reach */
#else

/* Maximum per stanza, its own element included. */
#define GUARD_MAX_ELEMENTS         1000
#define GUARD_MAX_LEVELS           32
#define GUARD_MAX_ATTRIBUTES       64            /* of one element */
#define GUARD_MAX_ATTRIBUTES_TOTAL 4096          /* of all elements */
#define GUARD_MAX_BYTES            (1024 * 1024) /* of names, attributes and text */

#define GUARD_PARSER_BYTES         (512 * 1024) /* a parser that has read this much is replaced */
#define GUARD_MAX_TAG              (64 * 1024)  /* a longer tag is not parsed as a whole */
#define GUARD_HOLD_BYTES           (64 * 1024)  /* larger buffers are freed after use */
#define GUARD_MAX_TOKEN            (16 * 1024 * 1024) /* a longer tag ends the stream */
#define GUARD_MAX_HEADER           (16 * 1024)        /* and so does a longer stream header */

#endif

/* The last child of a stanza that was cut, and of a stanza that the end of the stream broke off. */
#define GUARD_CUT  " cut"
#define GUARD_TORN " torn"

#endif
