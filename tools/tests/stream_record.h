/* Writes down the events of a stream's reader. */
#ifndef STREAM_RECORD_H
#define STREAM_RECORD_H

#include "coven/buf.h"
#include "wire/stream.h"

#define HEAD                                                                                       \
    "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "        \
    "to='localhost' version='1.0'>"

/* The events as text, one a line. */
struct record {
    struct buf text;
    struct wire_stream *stream;
    size_t stanzas, restart_at;
};

static inline void record_root(struct record *record, const struct wire_root *root)
{
    buf_printf(&record->text, "{%s}%s", root->ns, root->name);
    for (int i = 0; i < root->attr_count; i++)
        buf_printf(&record->text, " %s=%s", root->attrs[i].name, root->attrs[i].value);
    if (root->lang)
        buf_printf(&record->text, " lang=%s", root->lang);
    for (int i = 0; i < root->space_count; i++)
        buf_printf(&record->text, " %s:%s", root->spaces[i].name, root->spaces[i].value);
}

static inline void on_opened(void *user, const struct wire_root *header)
{
    struct record *record = user;
    buf_add_text(&record->text, "opened ");
    record_root(record, header);
    buf_add_char(&record->text, '\n');
}

static inline void on_stanza(void *user, const struct wire_stanza *stanza)
{
    struct record *record = user;
    record_root(record, &stanza->root);
    if (stanza->payload_name)
        buf_printf(&record->text, " [{%s}%s]", stanza->payload_ns, stanza->payload_name);
    buf_printf(&record->text, " %.*s\n", (int)stanza->inner.len, stanza->inner.at);
    if (stanza->tree) {
        xmlBuffer *dump = xmlBufferCreate();
        xmlNodeDump(dump, stanza->tree->doc, stanza->tree, 0, 0);
        buf_printf(&record->text, "tree %s\n", (const char *)xmlBufferContent(dump));
        xmlBufferFree(dump);
    }
    if (++record->stanzas == record->restart_at)
        wire_stream_restart(record->stream);
}

static inline void on_closed(void *user)
{
    struct record *record = user;
    buf_add_text(&record->text, "closed\n");
}

static inline void record_open(struct record *record, const struct wire_limits *limits, bool trees)
{
    struct wire_events events = {record, on_opened, on_stanza, on_closed};
    *record = (struct record){0};
    record->stream = wire_stream_new(&events, limits, trees);
}

static inline void record_close(struct record *record)
{
    wire_stream_free(record->stream);
    buf_free(&record->text);
}

static inline enum wire_fault feed_in_steps(struct wire_stream *stream, const char *text,
                                            size_t len, size_t step)
{
    enum wire_fault fault = WIRE_OK;
    for (size_t at = 0; at < len && fault == WIRE_OK; at += step)
        fault = wire_stream_feed(stream, text + at, len - at < step ? len - at : step);
    return fault;
}

#define OPENED                                                                                     \
    "opened {http://etherx.jabber.org/streams}stream to=localhost version=1.0 "                    \
    "stream:http://etherx.jabber.org/streams\n"
#define CLIENT "{jabber:client}"

#endif
