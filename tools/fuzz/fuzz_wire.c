/*
 * The stream reader of the tools returns the same stanzas before a fault, however the bytes are cut
 * into reads: with its own or a shared parser, and with trees.
 */
#include <libxml/parser.h>
#include <stdint.h>
#include <string.h>

#include "coven/buf.h"
#include "coven/bug.h"
#include "wire/stream.h"

#define HEADER                                                                                     \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

struct outcome {
    struct buf events;
    enum wire_fault fault;
};

static void add_root(struct buf *out, const struct wire_root *root)
{
    buf_printf(out, "{%s}%s lang=%s", root->ns, root->name, root->lang ? root->lang : "");
    for (int i = 0; i < root->attr_count; i++)
        buf_printf(out, " %s=%s", root->attrs[i].name, root->attrs[i].value);
    for (int i = 0; i < root->space_count; i++)
        buf_printf(out, " %s:%s", root->spaces[i].name, root->spaces[i].value);
    buf_add_char(out, '\n');
}

static void on_opened(void *user, const struct wire_root *header)
{
    add_root(&((struct outcome *)user)->events, header);
}

static void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct outcome *outcome = user;
    add_root(&outcome->events, &stanza->root);
    buf_printf(&outcome->events, "{%s}%s ", stanza->payload_ns ? stanza->payload_ns : "",
               stanza->payload_name ? stanza->payload_name : "");
    buf_add_span(&outcome->events, stanza->inner);
    buf_add_char(&outcome->events, '\n');
}

static void on_closed(void *user)
{
    buf_add_text(&((struct outcome *)user)->events, "closed\n");
}

/* ---- The ways of reading ---- */

enum way { PLAIN, TREES, SHARED, WAYS };

/* Another stream of the same parser, between two reads. */
static void disturb(struct wire_spare *spare)
{
    struct outcome other = {0};
    const struct wire_events events = {&other, on_opened, on_stanza, on_closed};
    struct wire_stream *stream = wire_stream_new(&events, NULL, false);
    static const char text[] = HEADER "<a xmlns:p='urn:p'><p:b/></a><message";
    wire_stream_share(stream, spare);
    coven_assert(wire_stream_feed(stream, text, sizeof text - 1) == WIRE_OK);
    wire_stream_free(stream);
    buf_free(&other.events);
}

static void feed(struct outcome *outcome, struct wire_stream *stream, struct span text,
                 size_t chunk, struct wire_spare *spare)
{
    for (size_t at = 0; at < text.len && outcome->fault == WIRE_OK; at += chunk) {
        size_t len = text.len - at < chunk ? text.len - at : chunk;
        outcome->fault = wire_stream_feed(stream, text.at + at, len);
        if (spare && at % 3 == 0)
            disturb(spare);
    }
}

static struct outcome read_stream(struct span text, size_t chunk, enum way way)
{
    static const struct wire_limits limits = {.stanza_bytes = 400, .depth = 6};
    struct outcome outcome = {0};
    const struct wire_events events = {&outcome, on_opened, on_stanza, on_closed};
    struct wire_stream *stream = wire_stream_new(&events, &limits, way == TREES);
    struct wire_spare *spare = way == SHARED ? wire_spare_new() : NULL;
    if (spare)
        wire_stream_share(stream, spare);
    feed(&outcome, stream, text, chunk, spare);
    wire_stream_free(stream);
    if (spare)
        wire_spare_free(spare);
    return outcome;
}

static void ignore_error(void *user, const char *format, ...)
{
    (void)user, (void)format;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct buf text = BUF_INIT;
    xmlSetGenericErrorFunc(NULL, ignore_error);
    if (len > 0 && bytes[0] % 4)
        buf_add_text(&text, HEADER);
    buf_add(&text, bytes, len);
    struct outcome whole = read_stream(buf_span(&text), text.len + 1, PLAIN);
    size_t chunk = len > 0 ? bytes[len - 1] % 16 + 1u : 1;
    for (enum way way = PLAIN; way < WAYS; way++) {
        struct outcome cut = read_stream(buf_span(&text), chunk, way);
        coven_assert((cut.fault == WIRE_OK) == (whole.fault == WIRE_OK));
        coven_assert(span_equal(buf_span(&cut.events), buf_span(&whole.events)));
        buf_free(&cut.events);
    }
    buf_free(&whole.events);
    buf_free(&text);
    return 0;
}
