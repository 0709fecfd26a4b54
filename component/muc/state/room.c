#include "room.h"

#include <string.h>
#include <utlist.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "service_state.h"
#include "tombstone.h"

/* ---- States ---- */

#define MAY(state) (1u << (state))

static const unsigned may_follow[ROOM_STATES] = {
    [ROOM_LOADING] = MAY(ROOM_LOCKED) | MAY(ROOM_OPEN) | MAY(ROOM_VACANT) | MAY(ROOM_GONE),
    [ROOM_LOCKED] = MAY(ROOM_OPEN) | MAY(ROOM_GONE),
    [ROOM_OPEN] = MAY(ROOM_VACANT) | MAY(ROOM_IDLE) | MAY(ROOM_GONE),
    [ROOM_VACANT] = MAY(ROOM_OPEN) | MAY(ROOM_GONE),
    [ROOM_IDLE] = MAY(ROOM_OPEN) | MAY(ROOM_GONE),
};

void room_set_state(struct room *room, enum room_state state)
{
    struct service *service = room->service;
    coven_assert(may_follow[room->state] & MAY(state));
    DL_DELETE(service->rooms_in[room->state], room);
    service->idle_count -= room->state == ROOM_IDLE;
    room->state = state;
    room->since_ms = service->mono_ms;
    DL_APPEND(service->rooms_in[state], room);
    service->idle_count += state == ROOM_IDLE;
    if (state == ROOM_GONE)
        table_remove(&service->rooms, &room->link);
}

void room_visit(struct room *room)
{
    if (room->state == ROOM_IDLE)
        room_set_state(room, ROOM_OPEN);
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

/* ---- Rooms in memory ---- */

static bool has_node(const struct table_link *link, struct span node)
{
    return span_equal(node, room_node(TABLE_ITEM(link, const struct room, link)));
}

struct room *room_in_memory(const struct service *service, struct span node)
{
    unsigned hash = hash_span(&service->seed, node);
    struct table_link *link = table_find(&service->rooms, hash, has_node, node);
    return link ? TABLE_ITEM(link, struct room, link) : NULL;
}

struct room *room_new(struct service *service, struct span node, enum room_state state)
{
    struct room *room = mem_new(sizeof *room);
    struct span domain = span_of(service->settings.domain);
    room->service = service;
    room->state = state;
    room->since_ms = service->mono_ms;
    DL_APPEND(service->rooms_in[state], room);
    room->node_len = node.len;
    room->address_len = node.len + 1 + domain.len;
    room->address = mem_new(room->address_len + 1);
    memcpy(room->address, node.at, node.len);
    room->address[node.len] = '@';
    memcpy(room->address + node.len + 1, domain.at, domain.len);
    options_init(&room->config, &service->settings.limits);
    room->archived = ARCHIVED_UNKNOWN;
    room->said = STORE_SAID_UNKNOWN;
    room->lane = outbox_lane(service->outbox, node);
    room->audience = audience_new(room->lane);
    table_add(&service->rooms, &room->link, hash_span(&service->seed, node));
    room_visit(room);
    return room;
}

#define RESERVE 5 /* additional occupants above the limit: admins and owners */

bool room_is_full(const struct room *room, enum affiliation affiliation)
{
    unsigned own = room->config.max_users, most = room->service->settings.limits.occupants;
    unsigned limit = own > 0 && own < most ? own : most;
    if (affiliation >= AFFILIATION_ADMIN)
        limit += RESERVE;
    return room->occupants_by_nick.count >= limit;
}

/* A damaged one has zeros in place of what is missing. */
void room_set_salt(struct room *room, struct span salt)
{
    bool fits = salt.len >= STORE_SALT && salt.len <= sizeof room->salt;
    room->salt_len = fits ? salt.len : STORE_SALT;
    memset(room->salt, 0, sizeof room->salt);
    if (fits)
        memcpy(room->salt, salt.at, salt.len);
}

void room_set_listed(struct room *room, bool listed)
{
    room->service->rooms_stored.listed += listed - room->listed;
    room->listed = listed;
}

void room_save(struct room *room)
{
    struct rendered *subject = room->subject;
    room_set_listed(room, room->config.public && !room_is_locked(room));
    struct store_room row = {
        .id = room->id,
        .name = room_node(room),
        .created = room->created,
        .locked = room_is_locked(room),
        .listed = room->listed,
        .title = span_of(room->config.name),
        .creator = span_of(room->creator),
        .salt = {room->salt, room->salt_len},
        .subject = subject ? (struct span){subject->bytes, subject->len} : span_of(""),
        .subject_to = subject ? subject->to_at : 0,
        .subject_time = room->subject_time,
        .keep_days = room->config.keep_days,
        .keep_messages = room->config.keep_messages,
        .used = room->used,
    };
    room_touch(room);
    service_wrote(room->service, store_room_put(room->service->store, &row));
}

void room_unlock(struct room *room)
{
    if (!room_is_locked(room))
        return;
    room_set_state(room, ROOM_OPEN);
    tombstone_remove(room->service, room_node(room));
    room_save(room);
}

void room_save_option(struct room *room, const struct room_option *option)
{
    struct buf value = BUF_INIT;
    options_print(option, &room->config, &value);
    struct store_option row = {span_of(options_var(option)), buf_span(&value)};
    service_wrote(room->service, store_option_put(room->service->store, room->id, &row));
    buf_free(&value);
}

/* The room is saved first: it may be new, and its options refer to it. */
void room_configure(struct room *room, struct room_config *config)
{
    struct room_config before = room->config;
    room->config = *config;
    room_save(room);
    for (size_t i = 0; options_at(i); i++) {
        if (!options_equal(options_at(i), &before, &room->config))
            room_save_option(room, options_at(i));
    }
    options_free(&before);
}
