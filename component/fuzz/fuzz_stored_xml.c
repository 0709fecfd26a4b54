/* XML from the writer is read back unchanged; damaged XML is read within its bounds. */
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "coven/utf8.h"
#include "coven/xml.h"

#define ADDRESS "room@conference.localhost"

/* Takes one byte, the length, and as many bytes after it. */
static struct span take(struct span *input)
{
    size_t len = input->len > 0 ? (unsigned char)input->at[0] : 0, skip = input->len > 0;
    len = len < input->len - skip ? len : input->len - skip;
    struct span bytes = {input->at + skip, len};
    *input = (struct span){bytes.at + len, input->len - skip - len};
    return bytes;
}

/* ---- Written XML ---- */

struct written {
    struct span resource, value, body, more;
    size_t to_at;
};

static void write_from(struct xml *xml, struct span resource)
{
    struct buf from = BUF_INIT;
    buf_add_text(&from, ADDRESS "/");
    buf_add_span(&from, resource);
    xml_attr(xml, "from", buf_span(&from));
    buf_free(&from);
}

static void write_message(struct written *written, struct buf *out)
{
    struct xml xml = xml_to(out);
    xml_open(&xml, "message", NS_CLIENT);
    write_from(&xml, written->resource);
    xml_attr_text(&xml, "to", "");
    written->to_at = out->len - 1;
    xml_open(&xml, "x", "urn:x");
    xml_attr(&xml, "id", written->value);
    xml_element(&xml, "body", NULL, written->value);
    xml_close(&xml);
    xml_open(&xml, "body", NS_CLIENT);
    xml_text(&xml, written->body);
    xml_element(&xml, "b", NULL, written->more);
    xml_close(&xml);
    xml_element(&xml, "body", "urn:x", written->value);
    xml_close(&xml);
}

/* Compares text; the writer replaces characters that XML forbids, so other bytes may come back. */
static bool is_text(struct span text, struct span expected)
{
    return !utf8_is_xml(expected) || span_equal(text, expected);
}

static void check_body(struct span content, const struct written *written)
{
    struct buf text = BUF_INIT, expected = BUF_INIT;
    struct stored_xml body;
    buf_add_span(&expected, written->body);
    buf_add_span(&expected, written->more);
    coven_assert(stored_xml_child(&content, "body", NULL, &body));
    coven_assert(stored_xml_text(&body, &text));
    coven_assert(is_text(buf_span(&text), buf_span(&expected)) || !utf8_is_xml(written->body) ||
                 !utf8_is_xml(written->more));
    coven_assert(!stored_xml_child(&content, "body", NULL, &body));
    buf_free(&text);
    buf_free(&expected);
}

static void check_written(struct span text, const struct written *written)
{
    struct stored_xml message, child;
    struct buf resource = BUF_INIT;
    coven_assert(stored_xml_read(text, "message", &message));
    coven_assert(stored_xml_has_address(&message, written->to_at));
    coven_assert(stored_xml_has_sender(&message, span_of(ADDRESS)));
    stored_xml_sender_resource(&message, span_of(ADDRESS), &resource);
    coven_assert(is_text(buf_span(&resource), written->resource));
    struct span content = message.inner;
    coven_assert(stored_xml_child(&content, "x", "urn:x", &child));
    coven_assert(!utf8_is_xml(written->value) || stored_xml_attr_is(&child, "id", written->value));
    check_body(message.inner, written);
    buf_free(&resource);
}

/* ---- Damaged XML ---- */

static bool is_inside(struct span part, struct span whole)
{
    return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

static void check_element(const struct stored_xml *element, struct span text)
{
    struct span value, content = element->inner;
    struct stored_xml child;
    struct buf out = BUF_INIT;
    coven_assert(is_inside(element->text, text) && is_inside(element->name, text));
    coven_assert(is_inside(element->attributes, text) && is_inside(content, text));
    if (stored_xml_attr(element, "id", &value))
        coven_assert(is_inside(value, element->attributes));
    stored_xml_has_address(element, text.len / 2);
    if (stored_xml_has_sender(element, span_of(ADDRESS)))
        stored_xml_sender_resource(element, span_of(ADDRESS), &out);
    while (stored_xml_child(&content, "body", NULL, &child))
        coven_assert(stored_xml_text(&child, &out) && is_inside(child.text, element->inner));
    stored_xml_text(element, &out);
    buf_free(&out);
}

/* Copies the text to memory of exactly its length, so that the sanitizer sees reads beyond it. */
static void check_any(struct span text)
{
    struct stored_xml element;
    char *exact = text.len > 0 ? mem_new(text.len) : NULL;
    if (exact)
        memcpy(exact, text.at, text.len);
    text.at = exact;
    bool is_sound = stored_xml_read(text, "message", &element);
    if (is_sound)
        check_element(&element, text);
    bool is_open = stored_xml_open(text, &element);
    coven_assert(is_open || !is_sound);
    if (is_open)
        check_element(&element, text);
    free(exact);
}

static void damage(struct buf *text, struct span input)
{
    for (; input.len > 2; input = (struct span){input.at + 3, input.len - 3}) {
        size_t at = (size_t)(unsigned char)input.at[0] << 8 | (unsigned char)input.at[1];
        text->data[at % text->len] = input.at[2];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct span input = {(const char *)bytes, len};
    struct buf text = BUF_INIT;
    check_any(input);
    struct written written = {0};
    written.resource = take(&input);
    written.value = take(&input);
    written.body = take(&input);
    written.more = take(&input);
    write_message(&written, &text);
    check_written(buf_span(&text), &written);
    damage(&text, input);
    check_any(buf_span(&text));
    buf_free(&text);
    return 0;
}
