#include "history.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "content.h"
#include "coven/blob.h"
#include "coven/datetime.h"
#include "coven/mem.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "coven/utf8.h"
#include "deliver.h"
#include "message.h"
#include "muc/state/occupant.h"
#include "muc/state/readdress.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

/* Messages that may be read in vain: damaged ones, retracted ones, and those that were stored
 * before the store told talk from the rest. */
#define SPARE_ROWS 500

/* Reads a number without a sign. A number that is too large counts as INT_MAX. */
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

/* The newest messages, from the newest backwards until one does not fit. */
struct collection {
    const struct session *session;
    const struct eras *eras;
    uint64_t chars_left; /* UINT64_MAX: no limit */
    uint64_t bytes_left;
    unsigned count, limit;
    bool full;
    struct rendered **messages;
};

/* The characters of the stanza as the session gets it, if they are limited. */
static uint64_t count_chars(const struct collection *all, const struct rendered *message)
{
    if (all->chars_left == UINT64_MAX)
        return 0;
    return utf8_count((struct span){message->bytes, message->len}) +
           utf8_count(blob_span(all->session->address));
}

/* Messages that were stored before the store told talk from the rest have to be looked at. */
static bool is_talk(const struct store_message *row)
{
    return row->said != STORE_SAID_UNKNOWN || content_is_talk(row->stanza);
}

/* NULL: the message is damaged. */
static struct rendered *render(const struct collection *all, const struct store_message *row)
{
    const struct room *room = all->session->occupant->room;
    struct stored_xml stanza;
    struct rendered *message = NULL;
    struct readdressed now = readdress_stanza(row->stanza, row->to_at, room_address(room));
    if (stored_xml_open(now.stanza, &stanza) && stored_xml_has_sender(&stanza, room_address(room)))
        message = message_delayed(room, now.stanza, now.to_at, eras_stamp(all->eras, row->key),
                                  row->number > 0 && room_is_archived(room));
    readdress_free(&now);
    return message;
}

static bool collect(void *user, const struct store_message *row)
{
    struct collection *all = user;
    struct rendered *message = is_talk(row) ? render(all, row) : NULL;
    if (!message)
        return true;
    uint64_t chars = count_chars(all, message);
    all->full = chars > all->chars_left || row->stanza.len > all->bytes_left;
    if (all->full) {
        rendered_unref(message);
        return false;
    }
    all->chars_left -= chars;
    all->bytes_left -= row->stanza.len;
    all->messages[all->count++] = message;
    return all->count < all->limit;
}

static void collect_since(struct collection *all, int64_t first_ms)
{
    const struct room *room = all->session->occupant->room;
    struct service *service = room->service;
    struct key_range ranges[ERAS_MAX];
    unsigned i = eras_ranges(all->eras, first_ms, INT64_MAX, ranges);
    while (i-- > 0 && all->count < all->limit && !all->full)
        service_wrote(service,
                      store_messages_last(service->store, room->id, &ranges[i],
                                          all->limit - all->count + SPARE_ROWS, collect, all));
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
        .limit = limit,
        .chars_left = history->chars,
        .bytes_left = room->service->settings.limits.history_bytes,
    };
    all.messages = mem_new(limit * sizeof(struct rendered *));
    collect_since(&all, history->after_ms < INT64_MAX ? history->after_ms + 1 : INT64_MAX);
    while (all.count > 0) {
        struct rendered *message = all.messages[--all.count];
        deliver_to_session(session, message);
        rendered_unref(message);
    }
    free(all.messages);
}
