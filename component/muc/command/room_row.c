#include "room_row.h"

#include <stdio.h>

json_t *room_row_state(const struct selected *room)
{
    json_t *list = json_array();
    if (room->locked)
        json_array_append_new(list, json_string("locked"));
    json_array_append_new(list, json_string(room->public ? "public" : "hidden"));
    json_array_append_new(list, json_string(room->persistent ? "persistent" : "temporary"));
    if (room->members_only)
        json_array_append_new(list, json_string("members only"));
    if (room->protected)
        json_array_append_new(list, json_string("password"));
    return list;
}

struct listing {
    json_t *list;
    unsigned count;
};

static void add(void *user, struct span jid)
{
    struct listing *listing = user;
    if (listing->count++ < SELECT_OWNERS_MAX)
        json_array_append_new(listing->list, run_json_text(jid));
}

json_t *room_row_affiliated(struct store *store, int64_t room, enum affiliation affiliation)
{
    struct listing listing = {json_array(), 0};
    char more[32];
    store_affiliated(store, room, (int)affiliation, UINT32_MAX, add, &listing);
    if (listing.count > SELECT_OWNERS_MAX) {
        snprintf(more, sizeof more, "and %u more", listing.count - SELECT_OWNERS_MAX);
        json_array_append_new(listing.list, json_string(more));
    }
    return listing.list;
}

json_t *room_row(const struct selected *room, const char *domain, struct store *store)
{
    json_t *row = json_object();
    run_set(row, "room", json_sprintf("%s@%s", room->name, domain));
    run_set(row, "title", run_json_text(span_of(room->title)));
    run_set(row, "occupants", json_integer(room->occupants));
    run_set(row, "messages", json_integer(room->messages));
    run_set(row, "last", run_json_time(room->last_ms / 1000 * 1000));
    run_set(row, "created", run_json_time(room->created / 1000 * 1000));
    run_set(row, "owners", room_row_affiliated(store, room->id, AFFILIATION_OWNER));
    run_set(row, "state", room_row_state(room));
    return row;
}
