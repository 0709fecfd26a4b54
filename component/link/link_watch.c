#include <string.h>

#include "coven/buf.h"
#include "coven/bug.h"
#include "coven/clock.h"
#include "coven/ns.h"
#include "coven/xml.h"
#include "link/link_private.h"

#define TICK_MIN_MS 10

static uint32_t shorter(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t link_watch_interval(const struct link_settings *settings)
{
    uint32_t shortest =
        shorter(settings->connect_ms, shorter(settings->silence_ms, settings->answer_ms)) / 4;
    return shorter(LINK_TICK_MS, shortest > TICK_MIN_MS ? shortest : TICK_MIN_MS);
}

void link_watch_input(struct link *link)
{
    link->input_at = clock_mono_ms();
    link->ping_at = 0;
}

static void ask_for_ping(struct link *link)
{
    id_random_text(link->ping_id);
    link->ping_at = clock_mono_ms();
    link->ping_due = true;
}

/* Treats everything that falls due before the next tick as due now. */
static void watch_silence(struct link *link, int64_t now)
{
    const struct link_settings *settings = &link->settings;
    now += link_watch_interval(settings);
    if (link->ping_at == 0 && now - link->input_at >= settings->silence_ms)
        ask_for_ping(link);
    else if (link->ping_at > 0 && now - link->ping_at >= settings->answer_ms)
        link_cut_off(link, "no input for %g s, and no answer to a ping",
                     (settings->silence_ms + settings->answer_ms) / 1000.0);
}

void link_watch(struct link *link)
{
    int64_t now = clock_mono_ms();
    if (link->state == LINK_UP) {
        watch_silence(link, now);
        link_multi_watch(link);
    } else if (link_is_connecting(link) && link->stopping)
        link_cut_off(link, "stopped");
    else if (link_is_connecting(link) && now - link->connect_at >= link->settings.connect_ms)
        link_cut_off(link, "no handshake within %g s", link->settings.connect_ms / 1000.0);
    else if (link->state == LINK_CLOSING && now >= link->deadline)
        link_cut_off(link, "the server did not close the stream");
}

size_t link_watch_take(struct link *link, char *slice, size_t size)
{
    if (!link->ping_due)
        return 0;
    link->ping_due = false;
    return link_ping_write(link, link->ping_id, slice, size);
}

bool link_watch_is_own_ping(const struct link *link, xmpp_stanza_t *stanza)
{
    return link_ping_is(link, link->ping_id, stanza);
}

/* ---- Pings ---- */

size_t link_question_write(const struct link *link, const char *id, const char *name,
                           const char *ns, char *slice, size_t size)
{
    struct buf question = BUF_INIT;
    struct xml xml = xml_to(&question);
    xml_open(&xml, "iq", NULL);
    xml_attr_text(&xml, "type", "get");
    xml_attr_text(&xml, "id", id);
    xml_attr_text(&xml, "from", link->settings.domain);
    xml_attr_text(&xml, "to", link->settings.domain);
    xml_element(&xml, name, ns, span_of(""));
    xml_close(&xml);
    coven_assert(question.len < size);
    size_t len = question.len;
    memcpy(slice, question.data, len);
    buf_free(&question);
    return len;
}

size_t link_ping_write(const struct link *link, const char *id, char *slice, size_t size)
{
    return link_question_write(link, id, "ping", NS_PING, slice, size);
}

static bool is_equal(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

/* A ping comes back as it was sent, or as a result or error if the server answers in our name. */
bool link_ping_is(const struct link *link, const char *id, xmpp_stanza_t *stanza)
{
    return id[0] != '\0' && is_equal(xmpp_stanza_get_name(stanza), "iq") &&
           is_equal(xmpp_stanza_get_id(stanza), id) &&
           is_equal(xmpp_stanza_get_from(stanza), link->settings.domain);
}
