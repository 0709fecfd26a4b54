#include "room.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/bug.h"
#include "coven/domain.h"
#include "coven/id.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/text.h"
#include "muc/do/reap.h"
#include "occupant.h"
#include "room_load.h"
#include "service_state.h"
#include "unarchived.h"

static void wake(struct room *room)
{
    if (!room->idle)
        return;
    room->idle = false;
    DL_DELETE(room->service->idle, room);
    room->service->idle_count--;
}

void room_rest(struct room *room)
{
    struct service *service = room->service;
    unsigned most = service->settings.limits.idle_rooms;
    room->idle = true;
    DL_APPEND(service->idle, room);
    service->idle_count++;
    /* Two at a time: the limit may have become smaller, and no turn is to be long. */
    for (int i = 0; i < 2 && service->idle_count > most; i++)
        room_free(service->idle);
}

/* Puts the room into the list of those that the end of the turn looks at. */
void room_visit(struct room *room)
{
    wake(room);
    if (room->visited)
        return;
    room->visited = true;
    room->next_visited = room->service->visited;
    room->service->visited = room;
}

void room_touch(struct room *room)
{
    room_visit(room);
    room->changed = true;
}

static bool has_node(const struct table_link *link, struct span node)
{
    return span_equal(node, room_node(TABLE_ITEM(link, const struct room, link)));
}

struct room *room_new(struct service *service, struct span node)
{
    struct room *room = mem_new(sizeof *room);
    struct span domain = span_of(service->settings.domain);
    room->service = service;
    room->node_len = node.len;
    room->address_len = node.len + 1 + domain.len;
    room->address = mem_new(room->address_len + 1);
    memcpy(room->address, node.at, node.len);
    room->address[node.len] = '@';
    memcpy(room->address + node.len + 1, domain.at, domain.len);
    room_config_init(&room->config, &service->settings.limits);
    if (service->settings.open_registration)
        room->config.registration = REGISTRATION_ANYONE;
    room->archived = ARCHIVED_UNKNOWN;
    room->lane = outbox_lane(service->outbox, node);
    room->audience = audience_new(room->lane);
    table_add(&service->rooms, &room->link, hash_span(&service->seed, node));
    room_visit(room);
    return room;
}

static struct room *room_in_memory(const struct service *service, struct span node)
{
    unsigned hash = hash_span(&service->seed, node);
    struct table_link *link = table_find(&service->rooms, hash, has_node, node);
    return link ? TABLE_ITEM(link, struct room, link) : NULL;
}

bool room_is_loading(const struct service *service, struct span node)
{
    const struct room *room = room_in_memory(service, node);
    return room && room->loading;
}

enum store_result room_reach(struct service *service, struct span node, struct room **room_r)
{
    struct room *room = room_in_memory(service, node);
    if (!room) {
        enum store_result result = room_load(service, node, &room);
        if (result != STORE_OK)
            return result;
    }
    room_visit(room);
    *room_r = room;
    return STORE_OK;
}

enum store_result room_find(struct service *service, struct span node, struct room **room_r)
{
    struct room *room = NULL;
    enum store_result result = room_reach(service, node, &room);
    if (result == STORE_OK && room->loading)
        result = room_load_rest(room);
    if (result == STORE_OK)
        *room_r = room;
    return result;
}

struct room *room_create(struct service *service, struct span node, struct span creator)
{
    struct room *room = room_new(service, node);
    room->id = ++service->last_room_id;
    room->created = service->wall_ms;
    room->locked_ms = service->mono_ms;
    room->creator = mem_copy(creator.at, creator.len);
    id_random_bytes(room->salt, sizeof room->salt);
    room->locked = true;
    DL_APPEND(service->locked, room);
    service->rooms_stored.all++;
    room_save(room);
    affiliation_set(room, creator, AFFILIATION_OWNER, NULL, NULL);
    log_info("room %s created by %s", room->address, room->creator);
    return room;
}

#define RESERVE 5 /* seats above the limit, for admins and owners */

bool room_is_full(const struct room *room, enum affiliation affiliation)
{
    unsigned own = room->config.max_users, most = room->service->settings.limits.occupants;
    unsigned limit = own > 0 && own < most ? own : most;
    if (affiliation >= AFFILIATION_ADMIN)
        limit += RESERVE;
    return room->occupants_by_nick.count >= limit;
}

static void note_listed(struct room *room, bool listed)
{
    room->service->rooms_stored.listed += listed - room->listed;
    room->listed = listed;
}

void room_save(struct room *room)
{
    struct rendered *subject = room->subject;
    note_listed(room, room->config.public && !room->locked);
    struct store_room row = {
        .id = room->id,
        .name = room_node(room),
        .created = room->created,
        .locked = room->locked,
        .listed = room->listed,
        .title = span_of(room->config.name),
        .creator = span_of(room->creator),
        .salt = {(const char *)room->salt, sizeof room->salt},
        .subject = subject ? (struct span){subject->bytes, subject->len} : span_of(""),
        .subject_to = subject ? subject->to_at : 0,
        .subject_time = room->subject_time,
        .keep_days = room->config.keep_days,
        .keep_messages = room->config.keep_messages,
    };
    room_touch(room);
    service_wrote(room->service, store_room_put(room->service->store, &row));
}

void room_unlock(struct room *room)
{
    if (!room->locked)
        return;
    room->locked = false;
    DL_DELETE(room->service->locked, room);
    room_save(room);
}

void room_configure(struct room *room, struct room_config *config)
{
    for (size_t i = 0; room_option_at(i); i++) {
        const struct room_option *option = room_option_at(i);
        if (room_option_equal(option, &room->config, config))
            continue;
        struct buf value = BUF_INIT;
        room_option_print(option, config, &value);
        struct store_option row = {span_of(room_option_var(option)), buf_span(&value)};
        service_wrote(room->service, store_option_put(room->service->store, room->id, &row));
        buf_free(&value);
    }
    room_config_free(&room->config);
    room->config = *config;
    room_save(room);
}

/* Out of the tables, so that nobody finds it any more. */
void room_withdraw(struct room *room)
{
    struct service *service = room->service;
    if (room->gone)
        return;
    room->gone = true;
    wake(room);
    vacant_end(room);
    table_remove(&service->rooms, &room->link);
    if (room->locked)
        DL_DELETE(service->locked, room);
}

void room_destroy(struct room *room)
{
    struct service *service = room->service;
    coven_assert(!room->gone);
    unarchived_forget(room);
    service_wrote(service, store_room_delete(service->store, room->id));
    note_listed(room, false);
    service->rooms_stored.all--;
    service->retention_ms = 0;
    room_touch(room);
    room_withdraw(room);
}

void affiliation_assign(struct room *room, struct affiliation_entry *entry,
                        enum affiliation affiliation)
{
    room->owners += affiliation == AFFILIATION_OWNER;
    room->owners -= entry->affiliation == AFFILIATION_OWNER;
    entry->affiliation = affiliation;
}

static void entry_free(struct room *room, struct affiliation_entry *entry)
{
    affiliation_assign(room, entry, AFFILIATION_NONE);
    affiliation_reserve(room, entry, span_of(""));
    table_remove(&room->affiliations_by_jid, &entry->by_jid);
    DL_DELETE(room->affiliations, entry);
    room->domains -= domain_is(span_of(entry->jid));
    text_free(entry->reason);
    free(entry);
}

void room_free(struct room *room)
{
    room_load_end(room);
    room_withdraw(room);
    unarchived_forget(room);
    occupant_forget_all(room);
    while (room->affiliations)
        entry_free(room, room->affiliations);
    audience_unref(room->audience);
    lane_unref(room->lane);
    rendered_unref(room->subject);
    room_config_free(&room->config);
    free(room->avatar);
    free(room->creator);
    free(room->address);
    free(room);
}

/* ---- Affiliations ---- */

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

/* The nearest domain counts, from the user's own upwards. */
static enum affiliation affiliation_by_domain(const struct room *room, struct span domain)
{
    do {
        const struct affiliation_entry *entry = affiliation_entry(room, domain);
        if (entry && entry->affiliation != AFFILIATION_NONE)
            return entry->affiliation;
    } while (domain_rise(&domain));
    return AFFILIATION_NONE;
}

enum affiliation affiliation_in(const struct room *room, struct span bare)
{
    if (domain_lists(room->service->settings.admins, bare))
        return AFFILIATION_OWNER;
    struct affiliation_entry *entry = affiliation_entry(room, bare);
    if (entry && entry->affiliation != AFFILIATION_NONE)
        return entry->affiliation;
    return room->domains > 0 ? affiliation_by_domain(room, domain_of(bare)) : AFFILIATION_NONE;
}

struct affiliation_entry *affiliation_put(struct room *room, struct span bare)
{
    struct affiliation_entry *entry = affiliation_entry(room, bare);
    if (entry)
        return entry;
    entry = mem_new(sizeof *entry + bare.len + 1);
    memcpy(entry->jid, bare.at, bare.len);
    entry->affiliation = AFFILIATION_NONE;
    entry->nick = entry->reason = "";
    DL_APPEND(room->affiliations, entry);
    room->domains += domain_is(bare);
    table_add(&room->affiliations_by_jid, &entry->by_jid, hash_span(&room->service->seed, bare));
    return entry;
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
        entry_free(room, entry);
        return;
    }
    struct store_affiliation row = {bare, (int)affiliation, span_of(entry->nick),
                                    span_of(entry->reason)};
    service_wrote(room->service, store_affiliation_put(store, room->id, &row));
}

void affiliation_reserve(struct room *room, struct affiliation_entry *entry, struct span nick)
{
    if (*entry->nick)
        table_remove(&room->reserved, &entry->by_nick);
    text_set(&entry->nick, nick);
    if (nick.len > 0)
        table_add(&room->reserved, &entry->by_nick, hash_span(&room->service->seed, nick));
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
