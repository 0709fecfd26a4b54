#include "history.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "coven/blob.h"
#include "coven/datetime.h"
#include "coven/mem.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "message.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

/* A number without a sign; one that is too large counts as the largest. */
static bool read_number(xmpp_stanza_t *element, const char *name, uint64_t *number_r)
{
    const char *text = stanza_attr(element, name);
    if (!text || *text == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    *number_r = strlen(text) > 9 ? INT_MAX : strtoull(text, NULL, 10);
    return true;
}

void history_read(struct history_request *history, xmpp_stanza_t *element,
                  const struct service *service)
{
    *history = (struct history_request){UINT_MAX, UINT64_MAX, INT64_MIN};
    uint64_t number;
    int64_t since;
    if (!element)
        return;
    if (read_number(element, "maxstanzas", &number))
        history->stanzas = (unsigned)number;
    if (read_number(element, "maxchars", &number))
        history->chars = number;
    if (read_number(element, "seconds", &number))
        history->after_ms = service->wall_ms - (int64_t)number * 1000;
    const char *text = stanza_attr(element, "since");
    if (text && datetime_parse(span_of(text), &since) && since > history->after_ms)
        history->after_ms = since;
}

/* The newest come first; the last that still fits ends the collection. */
struct collection {
    const struct session *session;
    const struct eras *eras;
    uint64_t chars_left, bytes_left;
    unsigned count;
    bool full;
    struct past {
        struct blob *stanza;
        uint32_t to_at;
        int64_t sent_ms;
    } * past;
};

static bool collect(void *user, const struct store_message *message)
{
    struct collection *all = user;
    struct stored_xml stanza;
    int64_t sent_ms = eras_stamp(all->eras, message->key);
    if (!stored_xml_open(message->stanza, &stanza) ||
        !stored_xml_has_sender(&stanza, room_address(all->session->occupant->room)))
        return true; /* damaged */
    uint64_t chars = message_replay_chars(all->session, message->stanza, sent_ms);
    all->full = chars > all->chars_left || message->stanza.len > all->bytes_left;
    if (all->full)
        return false;
    all->chars_left -= chars;
    all->bytes_left -= message->stanza.len;
    all->past[all->count++] = (struct past){blob_new(message->stanza), message->to_at, sent_ms};
    return true;
}

/* From what was sent last to what was sent first; a damaged one takes a place. */
static void collect_since(struct collection *all, int64_t first_ms, unsigned limit)
{
    const struct room *room = all->session->occupant->room;
    struct service *service = room->service;
    struct key_range ranges[ERAS_MAX];
    unsigned i = eras_ranges(all->eras, first_ms, INT64_MAX, ranges);
    while (i-- > 0 && all->count < limit && !all->full)
        service_wrote(service, store_messages_last(service->store, room->id, &ranges[i],
                                                   limit - all->count, collect, all));
}

void history_send(const struct session *session, const struct history_request *history)
{
    struct room *room = session->occupant->room;
    unsigned limit = room->config.history;
    if (history->stanzas < limit)
        limit = history->stanzas;
    if (limit == 0 || history->chars == 0)
        return;
    unarchived_save(room);
    struct collection all = {
        .session = session,
        .eras = &room->service->era.eras,
        .chars_left = history->chars,
        .bytes_left = room->service->settings.limits.history_bytes,
    };
    all.past = mem_new(limit * sizeof *all.past);
    collect_since(&all, history->after_ms < INT64_MAX ? history->after_ms + 1 : INT64_MAX, limit);
    while (all.count > 0) {
        struct past *past = &all.past[--all.count];
        message_replay(session, blob_span(past->stanza), past->to_at, past->sent_ms);
        blob_unref(past->stanza);
    }
    free(all.past);
}
