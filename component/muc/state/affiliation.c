#include "affiliation.h"

#include <stdlib.h>
#include <string.h>

#include "coven/domain.h"
#include "coven/mem.h"
#include "coven/text.h"
#include "service_state.h"

static bool has_jid(const struct table_link *link, struct span jid)
{
    return span_is(jid, TABLE_ITEM(link, const struct affiliation_entry, by_jid)->jid);
}

struct affiliation_entry *affiliation_entry(const struct room *room, struct span bare)
{
    unsigned hash = hash_span(&room->service->seed, bare);
    struct table_link *link = table_find(&room->affiliations_by_jid, hash, has_jid, bare);
    return link ? TABLE_ITEM(link, struct affiliation_entry, by_jid) : NULL;
}

/* The service itself owns rooms that nobody owns; users of domains below it do not. */
static const struct affiliation_entry *by_domain(const struct room *room, struct span domain)
{
    const char *service = room->service->settings.domain;
    do {
        const struct affiliation_entry *entry = affiliation_entry(room, domain);
        if (entry && entry->affiliation != AFFILIATION_NONE && !span_is(domain, service))
            return entry;
    } while (domain_rise(&domain));
    return NULL;
}

const struct affiliation_entry *affiliation_cause(const struct room *room, struct span bare)
{
    const struct affiliation_entry *entry = affiliation_entry(room, bare);
    if (entry && entry->affiliation != AFFILIATION_NONE)
        return entry;
    return room->domains > 0 ? by_domain(room, domain_of(bare)) : NULL;
}

enum affiliation affiliation_in(const struct room *room, struct span bare)
{
    if (domain_lists(room->service->settings.admins, bare))
        return AFFILIATION_OWNER;
    const struct affiliation_entry *entry = affiliation_cause(room, bare);
    return entry ? entry->affiliation : AFFILIATION_NONE;
}

static bool has_nick(const struct table_link *link, struct span nick)
{
    return span_is(nick, TABLE_ITEM(link, const struct affiliation_entry, by_nick)->nick);
}

struct affiliation_entry *affiliation_nick_holder(const struct room *room, struct span nick)
{
    unsigned hash = hash_span(&room->service->seed, nick);
    struct table_link *link = table_find(&room->reserved, hash, has_nick, nick);
    return link ? TABLE_ITEM(link, struct affiliation_entry, by_nick) : NULL;
}

/* ---- Changes ---- */

struct affiliation_entry *affiliation_put(struct room *room, struct span bare)
{
    struct affiliation_entry *entry = affiliation_entry(room, bare);
    if (entry)
        return entry;
    entry = mem_new(sizeof *entry + bare.len + 1);
    memcpy(entry->jid, bare.at, bare.len);
    entry->affiliation = AFFILIATION_NONE;
    entry->nick = entry->reason = "";
    roll_add(&room->rolls[AFFILIATION_NONE], entry);
    room->domains += domain_is(bare);
    table_add(&room->affiliations_by_jid, &entry->by_jid, hash_span(&room->service->seed, bare));
    return entry;
}

void affiliation_assign(struct room *room, struct affiliation_entry *entry,
                        enum affiliation affiliation)
{
    if (affiliation == entry->affiliation)
        return;
    roll_remove(&room->rolls[entry->affiliation], entry);
    entry->affiliation = affiliation;
    roll_add(&room->rolls[affiliation], entry);
}

void affiliation_reserve(struct room *room, struct affiliation_entry *entry, struct span nick)
{
    if (*entry->nick)
        table_remove(&room->reserved, &entry->by_nick);
    text_set(&entry->nick, nick);
    if (nick.len > 0)
        table_add(&room->reserved, &entry->by_nick, hash_span(&room->service->seed, nick));
}

/* Frees an entry that is in no roll any more. */
static void entry_free(struct room *room, struct affiliation_entry *entry)
{
    affiliation_reserve(room, entry, span_of(""));
    table_remove(&room->affiliations_by_jid, &entry->by_jid);
    room->domains -= domain_is(span_of(entry->jid));
    text_free(entry->reason);
    free(entry);
}

void affiliation_set(struct room *room, struct span bare, enum affiliation affiliation,
                     const char *nick, const char *reason)
{
    struct store *store = room->service->store;
    struct affiliation_entry *entry = affiliation_put(room, bare);
    room_touch(room);
    affiliation_assign(room, entry, affiliation);
    if (nick)
        affiliation_reserve(room, entry, span_of(nick));
    if (reason)
        text_set(&entry->reason, span_of(reason));
    if (affiliation == AFFILIATION_NONE && *entry->nick == '\0') {
        service_wrote(room->service, store_affiliation_delete(store, room->id, bare));
        roll_remove(&room->rolls[AFFILIATION_NONE], entry);
        entry_free(room, entry);
        return;
    }
    struct store_affiliation row = {bare, (int)affiliation, span_of(entry->nick),
                                    span_of(entry->reason)};
    service_wrote(room->service, store_affiliation_put(store, room->id, &row));
}

void affiliation_forget_all(struct room *room)
{
    for (enum affiliation i = 0; i < AFFILIATION_KINDS; i++) {
        struct affiliation_entry *entry = room->rolls[i].first, *next;
        for (; entry; entry = next) {
            next = entry->next;
            entry_free(room, entry);
        }
        free(room->rolls[i].sorted);
        room->rolls[i] = (struct roll){.first = NULL};
    }
}
