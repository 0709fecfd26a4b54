#include "select.h"

#include <stdlib.h>

#include "coven/jid.h"
#include "coven/mem.h"
#include "muc/state/service_state.h"

#define CHUNK  300 /* rooms read at once: some milliseconds of the other thread */
#define DAY_MS INT64_C(86400000)

/* Goes back to the last star where a letter does not fit. */
bool select_matches(const char *pattern, struct span text)
{
    const char *star = NULL;
    size_t at = 0, after_star = 0;
    while (at < text.len) {
        if (*pattern == '*') {
            star = pattern++;
            after_star = at;
        } else if (*pattern == text.at[at]) {
            pattern++;
            at++;
        } else if (star) {
            pattern = star + 1;
            at = ++after_star;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* ---- States ---- */

static bool is_public(const struct selected *room)
{
    return room->public;
}

static bool is_hidden(const struct selected *room)
{
    return !room->public;
}

static bool is_locked(const struct selected *room)
{
    return room->locked;
}

static bool is_empty(const struct selected *room)
{
    return room->occupants == 0;
}

static bool is_occupied(const struct selected *room)
{
    return room->occupants > 0;
}

static bool is_persistent(const struct selected *room)
{
    return room->persistent;
}

static bool is_temporary(const struct selected *room)
{
    return !room->persistent;
}

static bool is_members_only(const struct selected *room)
{
    return room->members_only;
}

static bool is_protected(const struct selected *room)
{
    return room->protected;
}

static bool is_open(const struct selected *room)
{
    return !room->members_only && !room->protected;
}

static const struct {
    const char *word;
    select_state *is;
} states[] = {
    {"public", is_public},       {"hidden", is_hidden},     {"locked", is_locked},
    {"empty", is_empty},         {"occupied", is_occupied}, {"persistent", is_persistent},
    {"temporary", is_temporary}, {"open", is_open},         {"members-only", is_members_only},
    {"password", is_protected}};

static select_state *find_state(const char *word)
{
    for (size_t i = 0; word && i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i].word, word) == 0)
            return states[i].is;
    }
    return NULL;
}

/* ---- Arguments ---- */

/* An address stands for the name in it. Names are prepared, so the pattern must be, too. */
static char *read_match(const struct run *run)
{
    struct jid jid;
    const char *text = run_text(run, "match");
    struct span name = span_of(text ? text : ""), domain = span_of(run->service->settings.domain);
    name.len = strcspn(name.at, "@");
    if (text && jid_make(name, domain, span_of(""), &jid))
        name = jid_node(&jid);
    return text ? mem_copy(name.at, name.len) : NULL;
}

void select_open(struct select *select, const struct run *run)
{
    const struct service *service = run->service;
    int64_t days = run_number(run, "unused", -1);
    *select = (struct select){
        .limits = service->settings.limits,
        .eras = service->era.eras,
        .now_ms = service->wall_ms,
        .match = read_match(run),
        .owner = mem_string(run_text(run, "owner")),
        .is_in_state = find_state(run_text(run, "state")),
        .empty = run_flag(run, "empty") || days >= 0,
        .unused_before = days < 0 ? 0 : service->wall_ms - days * DAY_MS,
        .after = mem_string(""),
    };
}

void select_close(struct select *select)
{
    free(select->match);
    free(select->owner);
    free(select->after);
}

/* ---- Reading ---- */

static void read_options(struct select *select, struct store *store, struct selected *room)
{
    struct room_config config;
    select->failed |= !options_read(&config, store, room->id, &select->limits);
    room->persistent = config.persistent;
    room->public = config.public;
    room->members_only = config.members_only;
    room->protected = config.protected;
    options_free(&config);
}

static struct selected copy_facts(const struct select *select, const struct store_facts *facts)
{
    int64_t last = facts->last_key;
    return (struct selected){
        .id = facts->id,
        .name = mem_copy(facts->name.at, facts->name.len),
        .title = mem_copy(facts->title.at, facts->title.len),
        .creator = mem_copy(facts->creator.at, facts->creator.len),
        .created = facts->created,
        .used = facts->used,
        .last_ms = last > 0 ? eras_guess(&select->eras, last, select->now_ms) : 0,
        .occupants = facts->occupants,
        .messages = facts->messages,
        .locked = facts->locked,
        .listed = facts->listed,
    };
}

void selected_free(struct selected *room)
{
    free(room->name);
    free(room->title);
    free(room->creator);
}

/* ---- Choosing ---- */

static bool is_unused(const struct select *select, const struct selected *room)
{
    int64_t used = room->last_ms > room->created ? room->last_ms : room->created;
    used = room->used > used ? room->used : used;
    return select->unused_before == 0 || used < select->unused_before;
}

static bool is_owned(struct select *select, struct store *store, const struct selected *room)
{
    if (!select->owner)
        return true;
    enum store_result result =
        store_affiliation_is(store, room->id, span_of(select->owner), AFFILIATION_OWNER);
    select->failed |= result == STORE_FAILED;
    return result == STORE_OK;
}

/* A room of which not all could be read does not fit: it might be destroyed by mistake. */
static bool fits(struct select *select, struct store *store, struct selected *room)
{
    if (select->match && !select_matches(select->match, span_of(room->name)))
        return false;
    if ((select->empty && room->occupants > 0) || !is_unused(select, room))
        return false;
    if (!is_owned(select, store, room))
        return false;
    read_options(select, store, room);
    return !select->failed && (!select->is_in_state || select->is_in_state(room));
}

struct chunk {
    const struct select *select;
    struct selected rooms[CHUNK];
    unsigned count;
};

static void take(void *user, const struct store_facts *facts)
{
    struct chunk *chunk = user;
    chunk->rooms[chunk->count++] = copy_facts(chunk->select, facts);
}

void select_read(struct select *select, struct store *store, select_each *each, void *user)
{
    struct chunk *chunk = mem_new(sizeof *chunk);
    bool goes_on = true;
    chunk->select = select;
    enum store_result result = store_facts(store, span_of(select->after), CHUNK, take, chunk);
    select->failed |= result == STORE_FAILED;
    select->over = chunk->count < CHUNK;
    for (unsigned i = 0; i < chunk->count; i++) {
        struct selected *room = &chunk->rooms[i];
        if (goes_on) {
            free(select->after);
            select->after = mem_string(room->name);
        }
        if (goes_on && fits(select, store, room))
            goes_on = each(user, room, store);
        selected_free(room);
    }
    select->over = select->over || !goes_on;
    free(chunk);
}

bool select_read_one(struct select *select, struct store *store, int64_t id,
                     struct selected *room_r)
{
    struct chunk *chunk = mem_new(sizeof *chunk);
    chunk->select = select;
    enum store_result result = store_facts_of(store, id, take, chunk);
    select->failed |= result == STORE_FAILED;
    if (result == STORE_OK) {
        *room_r = chunk->rooms[0];
        read_options(select, store, room_r);
    } else if (chunk->count > 0) {
        selected_free(&chunk->rooms[0]);
    }
    free(chunk);
    return result == STORE_OK;
}
