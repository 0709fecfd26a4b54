#include "journal.h"

#include "occupant.h"
#include "service_state.h"

#define CHANGE_MAX (INT64_MAX / 2) /* a larger number in the store is damage */

void journal_init(struct service *service)
{
    struct journal *journal = &service->journal;
    int64_t last = 0, confirmed = 0;
    service_wrote(service, store_changes(service->store, &last, &confirmed));
    journal->last = last < 0 ? 0 : last < CHANGE_MAX ? last : CHANGE_MAX;
    journal->confirmed = confirmed < journal->last ? confirmed : journal->last;
    journal->confirmed_before = journal->confirmed;
    journal->settled = journal->last;
}

int64_t journal_next(struct service *service)
{
    return ++service->journal.last;
}

void journal_settle(struct service *service, bool committed)
{
    struct journal *journal = &service->journal;
    journal->settled = journal->last;
    if (committed)
        journal->confirmed_before = journal->confirmed;
    else
        journal->confirmed = journal->confirmed_before;
}

/* The ranges are stored in their form in memory: a store is not moved to another architecture. */
static struct span real_bytes(const struct rendered *stanza)
{
    return (struct span){(const char *)stanza->real, stanza->real_count * sizeof *stanza->real};
}

void journal_keep(const struct session *session, enum journal_reader reader,
                  const struct rendered *stanza)
{
    const struct room *room = session->occupant->room;
    struct service *service = room->service;
    int64_t change = journal_next(service);
    int64_t surplus = change - service->settings.limits.departures;
    struct store_departure row = {
        .change = change,
        .room = room_node(room),
        .jid = session_jid(session),
        .audience = (int)reader,
        .stanza = {stanza->bytes, stanza->len},
        .to_at = stanza->to_at,
        .real = real_bytes(stanza),
    };
    service_wrote(service, store_departure_add(service->store, &row));
    if (surplus > service->journal.confirmed)
        service_wrote(service, store_departures_trim(service->store, surplus));
}

int64_t service_unconfirmed(const struct service *service)
{
    const struct journal *journal = &service->journal;
    return journal->settled > journal->confirmed ? journal->settled : 0;
}

void service_confirm(struct service *service, int64_t change)
{
    service->journal.confirmed = change;
    service_wrote(service, store_changes_confirm(service->store, change));
}
