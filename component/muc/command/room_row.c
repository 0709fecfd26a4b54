#include "room_row.h"

json_t *room_row_state(const struct selected *room)
{
    json_t *list = json_array();
    if (room->locked)
        json_array_append_new(list, json_string("locked"));
    json_array_append_new(list, json_string(room->public ? "public" : "hidden"));
    json_array_append_new(list, json_string(room->persistent ? "persistent" : "temporary"));
    if (room->members_only)
        json_array_append_new(list, json_string("members-only"));
    if (room->protected)
        json_array_append_new(list, json_string("password"));
    return list;
}

static void add(void *list, struct span jid)
{
    bool is_more = json_array_size(list) == SELECT_OWNERS_MAX;
    json_array_append_new(list, is_more ? json_string("and more") : run_json_text(jid));
}

json_t *room_row_affiliated(const struct selected *room, enum affiliation affiliation,
                            struct select *select, struct store *store)
{
    json_t *list = json_array();
    select->failed |= store_affiliated(store, room->id, (int)affiliation, SELECT_OWNERS_MAX + 1,
                                       add, list) == STORE_FAILED;
    return list;
}

json_t *room_row(const struct selected *room, const char *domain, struct select *select,
                 struct store *store)
{
    json_t *row = json_object();
    run_set(row, "room", json_sprintf("%s@%s", room->name, domain));
    run_set(row, "title", run_json_text(span_of(room->title)));
    run_set(row, "occupants", json_integer(room->occupants));
    run_set(row, "messages", json_integer(room->messages));
    run_set(row, "last", run_json_time(room->last_ms / 1000 * 1000));
    run_set(row, "created", run_json_time(room->created / 1000 * 1000));
    run_set(row, "owners", room_row_affiliated(room, AFFILIATION_OWNER, select, store));
    run_set(row, "state", room_row_state(room));
    return row;
}
