/*
 * Does the server make copies (outbox.h)? A question to our own domain finds out: without the
 * module it comes back as it was sent, as pings do; the module answers it. Only a server that
 * confirms what it has handled gets stanzas for many, because the connection itself no longer slows
 * us down: one of them is small, and much work.
 */

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "coven/buf.h"
#include "coven/clock.h"
#include "coven/log.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/xml.h"
#include "link/link_private.h"

#define ASK_MS    60000 /* between questions while no module answers */
#define HOLD_MS   3000  /* the longest wait for the others, once one has come back */
#define BYTES_MIN 4096  /* less is of no use */

void link_multi_begin(struct link *link)
{
    if (link->multi.on)
        link->user.multi(link->user.user, NULL);
    link->multi = (struct link_multi){.asks = link->settings.multiplies};
}

/* ---- The end ---- */

void link_multi_end(struct link *link, const char *why)
{
    if (!link->multi.on)
        return;
    link->multi.on = false;
    log_warn("the server no longer makes the copies (%s): covend makes them", why);
    link->user.multi(link->user.user, NULL);
}

/* The module is away: asks again later. */
static void lose(struct link *link, const char *why)
{
    link->multi.answered = false;
    link->multi.asked_at = clock_mono_ms();
    link_multi_end(link, why);
}

/* ---- The question ---- */

static size_t ask(struct link *link, char *slice, size_t size)
{
    struct link_multi *multi = &link->multi;
    if (!multi->asks)
        return 0;
    multi->asks = false;
    multi->asked_at = clock_mono_ms();
    id_random_text(multi->id);
    return link_question_write(link, multi->id, "multi", NS_MULTI, slice, size);
}

size_t link_multi_take(struct link *link, char *slice, size_t size)
{
    size_t len = ask(link, slice, size);
    if (!link->multi.hold_due)
        return len;
    link->multi.hold_due = false;
    return len + link_ping_write(link, link->multi.hold_id, slice + len, size - len);
}

/* A reload asks at once: the operator may have loaded the module. */
void link_multi_configure(struct link *link)
{
    struct link_multi *multi = &link->multi;
    multi->asks = link->settings.multiplies && !multi->answered;
    if (!link->settings.multiplies)
        lose(link, "switched off");
}

void link_multi_watch(struct link *link)
{
    struct link_multi *multi = &link->multi;
    bool waits = multi->answered || clock_mono_ms() - multi->asked_at < ASK_MS;
    multi->asks = multi->asks || (link->settings.multiplies && !waits);
    if (multi->hold_id[0] && clock_mono_ms() - multi->held_at >= HOLD_MS) {
        multi->hold_id[0] = '\0';
        multi->hold_due = false;
    }
}

/* ---- The answer ---- */

static bool is_key(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789+/=-_."; /* base64, also for URLs */
    size_t len = strlen(text);
    return len > 0 && len <= MULTI_KEY_MAX && strspn(text, allowed) == len;
}

/* A number in the answer, at most `most`; 0: none that is valid. */
static uint32_t read_number(xmpp_stanza_t *answer, const char *name, uint32_t most)
{
    const char *text = stanza_attr(answer, name);
    char *end = NULL;
    unsigned long number = text ? strtoul(text, &end, 10) : 0;
    if (!text || *end != '\0' || text[0] < '0' || text[0] > '9')
        return 0;
    return number < most ? (uint32_t)number : most;
}

/* False: the answer makes no sense. */
static bool read_terms(xmpp_stanza_t *stanza, struct multi_terms *terms)
{
    xmpp_stanza_t *answer = stanza_child(stanza, "multi", NS_MULTI);
    const char *type = xmpp_stanza_get_type(stanza);
    const char *key = answer ? stanza_attr(answer, "key") : NULL;
    if (!type || strcmp(type, "result") != 0 || !key || !is_key(key))
        return false;
    memcpy(terms->key, key, strlen(key) + 1);
    terms->recipients = read_number(answer, "recipients", MULTI_RECIPIENTS_MAX);
    terms->bytes = read_number(answer, "bytes", MULTI_BYTES_MAX);
    return terms->recipients >= 2 && terms->bytes >= BYTES_MIN;
}

/* Begins once the server has also confirmed a mark. */
void link_multi_advance(struct link *link)
{
    struct link_multi *multi = &link->multi;
    if (multi->on || !multi->answered || link->pace.off || !link->settings.multiplies)
        return;
    multi->on = true;
    log_info(
        "the server makes the copies: mod_coven_multi takes %u recipients and %u bytes a stanza",
        multi->terms.recipients, multi->terms.bytes);
    link->user.multi(link->user.user, &multi->terms);
}

bool link_multi_is_answer(struct link *link, xmpp_stanza_t *stanza)
{
    struct link_multi *multi = &link->multi;
    if (link_ping_is(link, multi->hold_id, stanza)) {
        multi->hold_id[0] = '\0';
        return true;
    }
    if (!link_ping_is(link, multi->id, stanza))
        return false;
    multi->id[0] = '\0';
    multi->answered = read_terms(stanza, &multi->terms);
    link_multi_advance(link);
    return true;
}

/* ---- What comes back ---- */

/* Is it one of our stanzas for many? Nobody but the module knows the key, which its answers have,
 * too. */
static bool is_ours(const struct link *link, xmpp_stanza_t *stanza)
{
    const char *to = xmpp_stanza_get_to(stanza), *ours = link->multi.terms.key;
    if (ours[0] == '\0' || strcmp(xmpp_stanza_get_name(stanza), "iq") == 0 || !to ||
        strcmp(to, link->settings.domain) != 0)
        return false;
    xmpp_stanza_t *list = stanza_child(stanza, "multi", NS_MULTI);
    const char *key = list ? stanza_attr(list, "key") : NULL;
    size_t len = strlen(ours);
    return key && strlen(key) == len && CRYPTO_memcmp(key, ours, len) == 0;
}

/* All stanzas for many that are under way come back before this question does. */
static void hold(struct link_multi *multi)
{
    id_random_text(multi->hold_id);
    multi->hold_due = true;
    multi->held_at = clock_mono_ms();
}

bool link_multi_holds(const struct link *link)
{
    return link->returned.count > 0;
}

bool link_multi_is_back(struct link *link, xmpp_stanza_t *stanza)
{
    if (!is_ours(link, stanza))
        return false;
    lose(link, "one came back");
    link_receipt_void(link);
    if (link->returned.count == 0)
        hold(&link->multi);
    stanza_list_add(&link->returned, xmpp_stanza_clone(stanza), false);
    return true;
}

void link_multi_return(struct link *link)
{
    if (link->multi.hold_id[0] && !link_has_ended(link))
        return;
    for (size_t i = 0; i < link->returned.count; i++)
        link->user.returned(link->user.user, link->returned.items[i].stanza);
    stanza_list_clear(&link->returned);
}
