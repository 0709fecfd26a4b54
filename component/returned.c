#include "returned.h"

#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/xml.h"

static void copy_attr(void *user, const char *name, const char *value)
{
    if (strcmp(name, "to") != 0)
        xml_attr_text(user, name, value);
}

/* The stanza without the list, and with an open address. The caller owns the reference. */
static struct rendered *render(xmpp_stanza_t *stanza, xmpp_stanza_t *list)
{
    struct buf bytes = BUF_INIT;
    struct xml xml = xml_to(&bytes);
    xml_open(&xml, xmpp_stanza_get_name(stanza), NS_CLIENT);
    xml_attr(&xml, "to", span_of(""));
    uint32_t to_at = (uint32_t)bytes.len - 1; /* before the closing quote */
    stanza_attrs(stanza, copy_attr, &xml);
    xmpp_stanza_t *child = stanza_child(stanza, NULL, NULL);
    for (; child; child = stanza_next(child, NULL, NULL)) {
        if (child != list)
            xml_copy(&xml, child);
    }
    xml_close(&xml);
    struct rendered *rendered = rendered_new(buf_span(&bytes), to_at, NULL, 0);
    buf_free(&bytes);
    return rendered;
}

static void send_to(struct outbox *outbox, struct lane *lane, struct rendered *stanza,
                    struct span recipient)
{
    struct buf address = BUF_INIT;
    xml_escape_attr(&address, recipient);
    struct blob *blob = blob_new(buf_span(&address));
    outbox_deliver(outbox, lane, rendered_ref(stanza), blob, true);
    blob_unref(blob);
    buf_free(&address);
}

void returned_send(struct outbox *outbox, xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *list = stanza_child(stanza, "multi", NS_MULTI); /* ejabberd moves bodies */
    char *text = stanza_text(list);
    struct lane *lane = outbox_first_lane(outbox);
    struct rendered *rendered = render(stanza, list);
    for (char *at = text, *end; *at; at = end) {
        end = strchrnul(at, '\t');
        if (end > at)
            send_to(outbox, lane, rendered, (struct span){at, (size_t)(end - at)});
        end += *end == '\t';
    }
    outbox_commit(outbox);
    rendered_unref(rendered);
    lane_unref(lane);
    free(text);
}
