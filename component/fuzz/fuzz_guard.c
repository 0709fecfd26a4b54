/* A stream through the guard, called as libstrophe calls it: in whatever pieces it arrives, the
 * output is the same, no text is split, and every element that begins ends. */
#include <expat.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "coven/buf.h"
#include "coven/bug.h"
#include "coven/span.h"
#include "coven/utf8.h"

#define HEADER                                                                                     \
    "<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:component:accept'>"

struct outcome {
    struct buf events;
    unsigned depth;
    bool after_text;
};

static void on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct outcome *outcome = user;
    buf_printf(&outcome->events, "(%s", name);
    for (; *attributes; attributes += 2)
        buf_printf(&outcome->events, " %s=%s", attributes[0], attributes[1]);
    outcome->depth++;
    outcome->after_text = false;
}

static void on_end(void *user, const XML_Char *name)
{
    struct outcome *outcome = user;
    (void)name;
    coven_assert(outcome->depth > 0);
    outcome->depth--;
    outcome->after_text = false;
    buf_add_char(&outcome->events, ')');
}

static void on_text(void *user, const XML_Char *text, int len)
{
    struct outcome *outcome = user;
    coven_assert(len > 0 && !outcome->after_text);
    outcome->after_text = true;
    buf_add_char(&outcome->events, '>');
    buf_add(&outcome->events, text, (size_t)len);
}

static void run(struct outcome *outcome, struct span xml, size_t chunk)
{
    XML_Parser parser = XML_ParserCreate_MM(NULL, NULL, "\x1F");
    XML_SetUserData(parser, outcome);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    enum XML_Status status = XML_Parse(parser, HEADER, sizeof HEADER - 1, 0);
    for (size_t at = 0; at < xml.len && status == XML_STATUS_OK; at += chunk) {
        size_t len = xml.len - at < chunk ? xml.len - at : chunk;
        status = XML_Parse(parser, xml.at + at, (int)len, 0);
    }
    coven_assert(status == XML_STATUS_OK || outcome->depth == 0);
    XML_ParserFree(parser);
}

/* Expat waits for the rest of an invalid character, so the place where it finds such a fault
 * depends on the pieces. */
static bool is_utf8(struct span text)
{
    const char *at = text.at, *end = at + text.len;
    while (at < end) {
        if (utf8_next(&at, end) < 0)
            return false;
    }
    return true;
}

/* Whether something is too long depends on the pieces: its end may arrive before the check. */
static bool has_waited(const struct outcome *outcome)
{
    static const char *const faults[] = {">a tag is too long", ">a stanza is too long",
                                         ">a reference is too long"};
    struct span events = buf_span(&outcome->events);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (events.len > 0 && memmem(events.at, events.len, faults[i], strlen(faults[i])))
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct span xml = {(const char *)bytes, len};
    struct outcome whole = {0}, cut = {0};
    run(&whole, xml, len + 1);
    run(&cut, xml, len > 0 ? bytes[0] % 16 + 1u : 1);
    coven_assert(!is_utf8(xml) || has_waited(&whole) || has_waited(&cut) ||
                 span_equal(buf_span(&whole.events), buf_span(&cut.events)));
    buf_free(&whole.events);
    buf_free(&cut.events);
    return 0;
}
