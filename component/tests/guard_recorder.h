/* For tests of the guard on streams: records the callbacks to libstrophe as text. */
#ifndef COVEN_TESTS_GUARD_RECORDER_H
#define COVEN_TESTS_GUARD_RECORDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <expat.h>
#include <strophe.h>

#include "coven/buf.h"
#include "link/guard.h"

#define STREAM "http://etherx.jabber.org/streams"
#define HEADER                                                                                     \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "                         \
    "xmlns:stream='" STREAM "' from='c.d' id='x'>"

struct recorder {
    XML_Parser parser;
    struct buf events;
    bool quiet; /* only counts */
    unsigned stanzas, depth, texts, streams;
    xmpp_stanza_t *probe; /* is rendered at the end of each element */
    int probed;           /* the result */
};

static inline void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct recorder *recorder = user;
    recorder->streams += recorder->depth++ == 0;
    if (recorder->quiet)
        return;
    buf_printf(&recorder->events, "(%s", name);
    for (; *attributes; attributes += 2)
        buf_printf(&recorder->events, " %s=%s", attributes[0], attributes[1]);
    buf_add_char(&recorder->events, '>');
}

static inline void on_end(void *user, const XML_Char *name)
{
    struct recorder *recorder = user;
    char *text = NULL;
    size_t len = 0;
    (void)name;
    if (recorder->probe)
        recorder->probed = xmpp_stanza_to_text(recorder->probe, &text, &len);
    recorder->stanzas += --recorder->depth == 1;
    if (!recorder->quiet)
        buf_add_char(&recorder->events, ')');
}

static inline void on_text(void *user, const XML_Char *text, int len)
{
    struct recorder *recorder = user;
    recorder->texts++;
    if (!recorder->quiet)
        buf_add(&recorder->events, text, (size_t)len);
}

static inline void open_stream(struct recorder *recorder)
{
    recorder->parser = XML_ParserCreate_MM(NULL, NULL, "\x1F");
    assert_non_null(recorder->parser);
    XML_SetUserData(recorder->parser, recorder);
    XML_SetElementHandler(recorder->parser, on_start, on_end);
    XML_SetCharacterDataHandler(recorder->parser, on_text);
}

static inline void close_stream(struct recorder *recorder)
{
    XML_ParserFree(recorder->parser);
    buf_free(&recorder->events);
}

static inline enum XML_Status feed(struct recorder *recorder, const char *bytes, size_t len)
{
    return XML_Parse(recorder->parser, bytes, (int)len, 0);
}

static inline void feed_text(struct recorder *recorder, const char *text)
{
    assert_int_equal(feed(recorder, text, strlen(text)), XML_STATUS_OK);
}

static inline void feed_in_chunks(struct recorder *recorder, const struct buf *xml, size_t chunk)
{
    for (size_t at = 0; at < xml->len; at += chunk) {
        size_t len = xml->len - at < chunk ? xml->len - at : chunk;
        assert_int_equal(feed(recorder, xml->data + at, len), XML_STATUS_OK);
    }
}

#endif
