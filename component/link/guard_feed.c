
#include "link/guard_parser.h"

/* Only a recent or patched expat has this function. */
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

bool guard_replace(struct guard *guard)
{
    guard->expat->release(guard->parser);
    guard->parser = parser_new(guard->expat);
    if (!guard->parser)
        return false;
    guard->worn = false;
    guard->depth = guard->header.len > 0 ? 1 : 0;
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

/* Hands bytes to expat; after a boundary or a mended fault, the rest to the next parser. */
static enum XML_Status parse(struct guard *guard, const char *bytes, size_t len, bool final)
{
    for (;;) {
        size_t before = guard->fed;
        guard->fed += len;
        enum XML_Status status = guard->expat->parse(guard->parser, bytes, (int)len, final);
        if (guard->worn) {
            bytes += guard->boundary - before;
            len -= guard->boundary - before;
            if (!guard_replace(guard))
                return fail(guard, "cannot make a parser");
            continue;
        }
        if (status == XML_STATUS_OK || guard->closed)
            return XML_STATUS_OK;
        const char *why = XML_ErrorString(XML_GetErrorCode(guard->parser));
        struct span rest = {bytes, len};
        if (!guard_mend(guard, &rest, before))
            return fail(guard, why);
        if (rest.len == 0)
            return XML_STATUS_OK;
        bytes = rest.at;
        len = rest.len;
    }
}

/* Expat would take such a header for UTF-16, in spite of the encoding it was given. UTF-8 never
 * begins like this. */
static bool is_wide(const struct buf *header)
{
    for (size_t i = 0; i < header->len && i < 2; i++) {
        unsigned char byte = (unsigned char)header->data[i];
        if (byte == 0x00 || byte >= 0xFE)
            return true;
    }
    return false;
}

/* Collects the stream's header; open_root() cuts off what follows it. */
static enum XML_Status parse_header(struct guard *guard, const char *bytes, size_t len, bool final)
{
    buf_add(&guard->header, bytes, len);
    if (is_wide(&guard->header))
        return fail(guard, "only UTF-8 is allowed");
    return parse(guard, bytes, len, final);
}

static enum XML_Status pass(struct guard *guard, const char *bytes, size_t len, bool final)
{
    if (guard->closed)
        return XML_STATUS_OK;
    if (guard->header_end == 0)
        return parse_header(guard, bytes, len, final);
    return parse(guard, bytes, len, final);
}

/* Passes the bytes on hold from `begin` to `end`. */
static enum XML_Status pass_held(struct guard *guard, size_t begin, size_t end, bool final)
{
    if (guard->skip.open > 0 || (begin == end && !final))
        return XML_STATUS_OK;
    return pass(guard, guard->hold.data + begin, end - begin, final);
}

/*
 * Some thousand attributes in one tag would keep expat busy for a noticeable time. So such a tag is
 * not parsed: a stanza's own tag is replaced by an empty one, and the stanza is cut; a tag inside a
 * stanza cuts the stanza. The content is skipped, because prefixes in it may no longer be declared.
 */
static enum XML_Status pass_brief(struct guard *guard, struct span tag)
{
    struct buf brief = BUF_INIT;
    enum XML_Status status = XML_STATUS_OK;
    if (guard->depth > 1) {
        guard_cut(guard);
    } else if (guard_shorten(tag, &brief)) {
        guard->stanza.elements = GUARD_MAX_ELEMENTS;
        status = pass(guard, brief.data, brief.len, false);
    }
    buf_free(&brief);
    guard->skip = (struct guard_skip){.open = (uint32_t)guard_markup_levels(tag)};
    return status;
}

/* Normal markup stays on hold, to be passed with what follows. `done`: how many of the bytes on
 * hold were dealt with. */
static enum XML_Status take_markup(struct guard *guard, size_t *done)
{
    const struct guard_lexer *lexer = &guard->lexer;
    struct span markup = {guard->hold.data + lexer->from, lexer->at - lexer->from};
    bool is_long = markup.len > GUARD_MAX_TAG && guard_markup_begins(markup);
    if (guard->skip.open == 0 && !is_long)
        return XML_STATUS_OK;
    enum XML_Status status = pass_held(guard, *done, lexer->from, false);
    *done = lexer->from;
    if (status != XML_STATUS_OK || guard->closed || guard->depth == 0)
        return status;
    *done = lexer->at;
    if (guard->skip.open == 0)
        return pass_brief(guard, markup);
    guard_skip_markup(guard, markup); /* a fault in the bytes just passed may have begun it */
    return XML_STATUS_OK;
}

static void forget_held(struct guard *guard, size_t done)
{
    buf_consume(&guard->hold, done);
    guard->lexer.from = 0;
    guard->lexer.at = guard->lexer.open ? guard->lexer.at - done : 0;
    if (guard->hold.len == 0 && guard->hold.cap > GUARD_HOLD_BYTES)
        buf_free(&guard->hold);
}

static const char *excess(const struct guard *guard)
{
    if (guard->header_end == 0 && guard->header.len + guard->hold.len > GUARD_MAX_HEADER)
        return "the stream header is too long";
    if (guard->hold.len > GUARD_MAX_TOKEN)
        return "a tag is too long";
    if (guard->skip.open > 0 && guard->skip.bytes > GUARD_MAX_TOKEN)
        return "a stanza is too long";
    if (guard->fed - guard->event > GUARD_HOLD_BYTES)
        return "a reference is too long";
    return NULL;
}

/* Expat reads incomplete markup again with every chunk, so only complete markup is passed. Text
 * does not wait. */
enum XML_Status guard_feed(struct guard *guard, const char *bytes, size_t len, bool final)
{
    if (guard->fault)
        return XML_STATUS_ERROR;
    buf_add(&guard->hold, bytes, len);
    guard->skip.bytes += len;
    enum XML_Status status = XML_STATUS_OK;
    size_t done = 0;
    while (status == XML_STATUS_OK && guard_lex(&guard->lexer, buf_span(&guard->hold)))
        status = take_markup(guard, &done);
    if (status != XML_STATUS_OK)
        return status;
    size_t whole = final ? guard->hold.len : guard->lexer.from;
    status = pass_held(guard, done, whole, final);
    forget_held(guard, whole);
    const char *why = excess(guard);
    return status == XML_STATUS_OK && why ? fail(guard, why) : status;
}
