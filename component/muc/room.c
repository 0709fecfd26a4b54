#include "room.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "occupant.h"
#include "room_load.h"
#include "service_state.h"

/* Puts the room into the list of those that the end of the turn looks at. */
static void visit(struct room *room)
{
    if (room->visited)
        return;
    room->visited = true;
    room->next_visited = room->service->visited;
    room->service->visited = room;
}

void room_touch(struct room *room)
{
    visit(room);
    room->changed = true;
}

static unsigned node_hash(struct service *service, struct span node)
{
    return hash_span(&service->seed, node);
}

struct room *room_new(struct service *service, struct span node)
{
    struct room *room = mem_new(sizeof *room);
    struct buf address = BUF_INIT;
    buf_add_span(&address, node);
    buf_add_char(&address, '@');
    buf_add_text(&address, service->settings.domain);
    room->service = service;
    room->node_len = node.len;
    room->address_len = address.len;
    room->address = buf_take(&address);
    room_config_init(&room->config, &service->settings.limits);
    if (service->settings.open_registration)
        room->config.registration = REGISTRATION_ANYONE;
    room->archived = ARCHIVED_UNKNOWN;
    room->lane = outbox_lane(service->outbox, node);
    room->roster = roster_new(room->lane);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, service->rooms, room->address, room->node_len,
                                node_hash(service, node), room);
    visit(room);
    return room;
}

enum store_result room_find(struct service *service, struct span node, struct room **room_r)
{
    struct room *room = NULL;
    HASH_FIND_BYHASHVALUE(hh, service->rooms, node.at, node.len, node_hash(service, node), room);
    if (!room) {
        enum store_result result = room_load(service, node, &room);
        if (result != STORE_OK)
            return result;
    }
    visit(room);
    *room_r = room;
    return STORE_OK;
}

struct room *room_create(struct service *service, struct span node, struct span creator)
{
    struct room *room = room_new(service, node);
    room->id = ++service->last_room_id;
    room->created = service->wall_ms;
    room->creator = mem_copy(creator.at, creator.len);
    id_random_bytes(room->salt, sizeof room->salt);
    room->locked = true;
    DL_APPEND(service->locked, room);
    service->rooms_stored++;
    room_save(room);
    room_set_affiliation(room, creator, AFFILIATION_OWNER, NULL, NULL);
    return room;
}

#define RESERVE 5 /* seats above the limit, for admins and owners */

bool room_is_full(const struct room *room, enum affiliation affiliation)
{
    unsigned own = room->config.max_users, most = room->service->settings.limits.occupants;
    unsigned limit = own > 0 && own < most ? own : most;
    if (affiliation >= AFFILIATION_ADMIN)
        limit += RESERVE;
    return HASH_COUNT(room->occupants) >= limit;
}

void room_save(struct room *room)
{
    struct rendered *subject = room->subject;
    struct store_room row = {
        .id = room->id,
        .name = room_node(room),
        .created = room->created,
        .locked = room->locked,
        .listed = room->config.public && !room->locked,
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
    HASH_DEL(service->rooms, room);
    if (room->locked)
        DL_DELETE(service->locked, room);
}

void room_destroy(struct room *room)
{
    struct service *service = room->service;
    coven_assert(!room->gone);
    service_wrote(service, store_room_delete(service->store, room->id));
    service->rooms_stored--;
    service->keep_ms = 0;
    room_touch(room);
    room_withdraw(room);
}

static void entry_free(struct room *room, struct affiliation_entry *entry)
{
    room_reserve_nick(room, entry, span_of(""));
    HASH_DEL(room->affiliations, entry);
    free(entry->jid);
    free(entry->nick);
    free(entry->reason);
    free(entry);
}

void room_free(struct room *room)
{
    struct affiliation_entry *entry, *next;
    room_withdraw(room);
    room_forget_occupants(room);
    HASH_ITER (hh, room->affiliations, entry, next) {
        entry_free(room, entry);
    }
    roster_unref(room->roster);
    lane_unref(room->lane);
    rendered_unref(room->subject);
    room_config_free(&room->config);
    free(room->avatar);
    free(room->creator);
    free(room->address);
    free(room);
}

/* ---- Affiliations ---- */

struct affiliation_entry *room_affiliation_entry(const struct room *room, struct span bare)
{
    struct affiliation_entry *entry = NULL;
    unsigned hash = hash_span(&room->service->seed, bare);
    HASH_FIND_BYHASHVALUE(hh, room->affiliations, bare.at, bare.len, hash, entry);
    return entry;
}

enum affiliation room_affiliation(const struct room *room, struct span bare)
{
    if (service_lists(room->service->settings.admins, bare))
        return AFFILIATION_OWNER;
    struct affiliation_entry *entry = room_affiliation_entry(room, bare);
    if (entry && entry->affiliation != AFFILIATION_NONE)
        return entry->affiliation;
    const char *at = memchr(bare.at, '@', bare.len);
    if (!at)
        return AFFILIATION_NONE;
    struct span domain = {at + 1, bare.len - (size_t)(at + 1 - bare.at)};
    entry = room_affiliation_entry(room, domain);
    return entry ? entry->affiliation : AFFILIATION_NONE;
}

struct affiliation_entry *room_put_entry(struct room *room, struct span bare)
{
    struct affiliation_entry *entry = room_affiliation_entry(room, bare);
    if (entry)
        return entry;
    entry = mem_new(sizeof *entry);
    entry->jid = mem_copy(bare.at, bare.len);
    entry->affiliation = AFFILIATION_NONE;
    entry->nick = mem_string("");
    entry->reason = mem_string("");
    unsigned hash = hash_span(&room->service->seed, bare);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, room->affiliations, entry->jid, bare.len, hash, entry);
    return entry;
}

void room_set_affiliation(struct room *room, struct span bare, enum affiliation affiliation,
                          const char *nick, const char *reason)
{
    struct store *store = room->service->store;
    struct affiliation_entry *entry = room_put_entry(room, bare);
    room_touch(room);
    entry->affiliation = affiliation;
    if (nick)
        room_reserve_nick(room, entry, span_of(nick));
    if (reason) {
        free(entry->reason);
        entry->reason = mem_string(reason);
    }
    if (affiliation == AFFILIATION_NONE && *entry->nick == '\0') {
        service_wrote(room->service, store_affiliation_delete(store, room->id, bare));
        entry_free(room, entry);
        return;
    }
    struct store_affiliation row = {bare, (int)affiliation, span_of(entry->nick),
                                    span_of(entry->reason)};
    service_wrote(room->service, store_affiliation_put(store, room->id, &row));
}

unsigned room_count_affiliation(const struct room *room, enum affiliation affiliation)
{
    unsigned count = 0;
    for (struct affiliation_entry *entry = room->affiliations; entry; entry = entry->hh.next)
        count += entry->affiliation == affiliation;
    return count;
}

void room_reserve_nick(struct room *room, struct affiliation_entry *entry, struct span nick)
{
    if (*entry->nick)
        HASH_DELETE(by_nick, room->nicks, entry);
    free(entry->nick);
    entry->nick = mem_copy(nick.at, nick.len);
    if (nick.len > 0)
        HASH_ADD_KEYPTR_BYHASHVALUE(by_nick, room->nicks, entry->nick, nick.len,
                                    hash_span(&room->service->seed, nick), entry);
}

struct affiliation_entry *room_nick_holder(const struct room *room, struct span nick)
{
    struct affiliation_entry *entry = NULL;
    unsigned hash = hash_span(&room->service->seed, nick);
    HASH_FIND_BYHASHVALUE(by_nick, room->nicks, nick.at, nick.len, hash, entry);
    return entry;
}
