#include <string.h>

#include "link/guard_parser.h"

/* Only a patched or a recent expat has it. */
extern XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool enabled)
    __attribute__((weak));

static XML_Parser parser_new(const struct guard_expat *expat)
{
    static const XML_Char separator[] = {GUARD_SEPARATOR, '\0'};
    XML_Parser parser = expat->create("UTF-8", NULL, separator);
    if (!parser)
        return NULL;
    XML_SetReturnNSTriplet(parser, 1);
    if (XML_SetReparseDeferralEnabled)
        XML_SetReparseDeferralEnabled(parser, XML_FALSE);
    return parser;
}

bool guard_open(struct guard *guard)
{
    guard->parser = parser_new(guard->expat);
    if (!guard->parser)
        return false;
    guard_listen(guard);
    return true;
}

/* Back to the beginning; the place in the list and libstrophe's handlers stay. */
void guard_close(struct guard *guard)
{
    if (guard->parser)
        guard->expat->release(guard->parser);
    buf_free(&guard->header);
    buf_free(&guard->hold);
    buf_free(&guard->attributes.names);
    buf_free(&guard->name);
    buf_free(&guard->text);
    struct guard fresh = {
        .next = guard->next,
        .expat = guard->expat,
        .user = guard->user,
        .start = guard->start,
        .end = guard->end,
        .characters = guard->characters,
    };
    *guard = fresh;
}

/* A new parser that has seen the stream's header, and nothing else. */
static bool replace(struct guard *guard)
{
    guard->expat->release(guard->parser);
    guard->parser = parser_new(guard->expat);
    if (!guard->parser)
        return false;
    guard->worn = false;
    guard->fed = guard->event = guard->header.len;
    if (guard->expat->parse(guard->parser, guard->header.data, (int)guard->header.len, 0) !=
        XML_STATUS_OK)
        return false;
    guard_listen(guard);
    return true;
}

static enum XML_Status fail(struct guard *guard, const char *why)
{
    if (!guard->fault)
        guard->fault = why;
    guard_report_fault(guard);
    return XML_STATUS_ERROR;
}

/* Bytes straight into expat; at a boundary the rest goes to the next parser. */
static enum XML_Status parse(struct guard *guard, const char *bytes, size_t len, bool final)
{
    for (;;) {
        size_t before = guard->fed;
        guard->fed += len;
        enum XML_Status status = guard->expat->parse(guard->parser, bytes, (int)len, final);
        if (!guard->worn) {
            if (status == XML_STATUS_OK || guard->closed)
                return XML_STATUS_OK;
            return fail(guard, XML_ErrorString(XML_GetErrorCode(guard->parser)));
        }
        bytes += guard->boundary - before;
        len -= guard->boundary - before;
        if (!replace(guard))
            return fail(guard, "no parser could be made");
    }
}

/* Expat takes for UTF-16 what begins so, whatever encoding it was told; no UTF-8 does. */
static bool is_wide(const struct buf *header)
{
    for (size_t i = 0; i < header->len && i < 2; i++) {
        unsigned char byte = (unsigned char)header->data[i];
        if (byte == 0x00 || byte >= 0xFE)
            return true;
    }
    return false;
}

/* Collects the stream's header; open_root() cuts it where it ends. */
static enum XML_Status parse_header(struct guard *guard, const char *bytes, size_t len, bool final)
{
    buf_add(&guard->header, bytes, len);
    if (is_wide(&guard->header))
        return fail(guard, "only UTF-8 is allowed");
    enum XML_Status status = parse(guard, bytes, len, final);
    bool is_long = guard->header_end == 0 && guard->header.len > GUARD_MAX_HEADER;
    return status == XML_STATUS_OK && is_long ? fail(guard, "the stream header is too long")
                                              : status;
}

static enum XML_Status pass(struct guard *guard, const char *bytes, size_t len, bool final)
{
    if (guard->closed)
        return XML_STATUS_OK;
    if (guard->header_end == 0)
        return parse_header(guard, bytes, len, final);
    return parse(guard, bytes, len, final);
}

static enum XML_Status pass_held(struct guard *guard, bool final)
{
    enum XML_Status status = pass(guard, guard->hold.data, guard->hold.len, final);
    if (guard->hold.cap > GUARD_HOLD_BYTES)
        buf_free(&guard->hold);
    else
        buf_clear(&guard->hold);
    return status;
}

/* How much may be held back: as much as expat would have to read again. */
static size_t hold_limit(const struct guard *guard)
{
    size_t unfinished = guard->fed - guard->event;
    return unfinished > GUARD_HOLD_BYTES ? unfinished : GUARD_HOLD_BYTES;
}

/* How many of the bytes there are up to the last '>'. */
static size_t whole_tags(const char *bytes, size_t len)
{
    const char *last = len > 0 ? memrchr(bytes, '>', len) : NULL;
    return last ? (size_t)(last + 1 - bytes) : 0;
}

/*
 * Expat reads an unfinished tag again with every chunk. What has no '>' finishes none (and text
 * is handed on only at the next tag), so it waits here.
 */
enum XML_Status guard_feed(struct guard *guard, const char *bytes, size_t len, bool final)
{
    if (guard->fault)
        return XML_STATUS_ERROR;
    if (guard->fed - guard->event + guard->hold.len > GUARD_MAX_TOKEN)
        return fail(guard, "a tag is too long");
    size_t whole = final || guard->header_end == 0 ? len : whole_tags(bytes, len);
    enum XML_Status status = XML_STATUS_OK;
    if (guard->hold.len > 0) {
        buf_add(&guard->hold, bytes, whole);
        if (whole > 0)
            status = pass_held(guard, final);
    } else if (whole > 0 || final) {
        status = pass(guard, bytes, whole, final);
    }
    if (status != XML_STATUS_OK || whole == len)
        return status;
    buf_add(&guard->hold, bytes + whole, len - whole);
    return guard->hold.len < hold_limit(guard) ? XML_STATUS_OK : pass_held(guard, false);
}
