/*
 * A store that passes everything on to another one, until a call that is to fail: for showing that
 * the rooms survive whatever a disk does.
 */

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/store.h"

struct failing_store {
    struct store store;
    struct store *inner;
    unsigned *fail_at;
};

static struct failing_store *failing_of(struct store *store)
{
    return (struct failing_store *)store;
}

/* Is it this call's turn to fail? */
static bool fails(struct store *store)
{
    unsigned *left = failing_of(store)->fail_at;
    return *left > 0 && --*left == 0;
}

#define PASS_ON(store, call, ...)                                                                  \
    (fails(store) ? STORE_FAILED                                                                   \
                  : failing_of(store)->inner->ops->call(failing_of(store)->inner, ##__VA_ARGS__))

static enum store_result commit(struct store *store)
{
    return PASS_ON(store, commit);
}

static void rollback(struct store *store)
{
    store_rollback(failing_of(store)->inner);
}

static void close_store(struct store *store)
{
    store_close(failing_of(store)->inner);
    free(store);
}

static enum store_result second(struct store *store, struct store **second_r, char **why_r)
{
    return store_second(failing_of(store)->inner, second_r, why_r);
}

static enum store_result reader(struct store *store, struct store **reader_r, char **why_r)
{
    return store_reader(failing_of(store)->inner, reader_r, why_r);
}

static enum store_result upkeep(struct store *store)
{
    return PASS_ON(store, upkeep);
}

static bool upkeep_is_due(struct store *store)
{
    return store_upkeep_is_due(failing_of(store)->inner);
}

static enum store_result last_ids(struct store *store, int64_t *room_r, int64_t *message_r)
{
    return PASS_ON(store, last_ids, room_r, message_r);
}

static enum store_result room_put(struct store *store, const struct store_room *room)
{
    return PASS_ON(store, room_put, room);
}

static enum store_result room_delete(struct store *store, int64_t room)
{
    return PASS_ON(store, room_delete, room);
}

static enum store_result room_get(struct store *store, struct span name, store_room_each *each,
                                  void *user)
{
    return PASS_ON(store, room_get, name, each, user);
}

static enum store_result rooms_listed(struct store *store, struct span after, unsigned skip,
                                      unsigned limit, store_listed_each *each, void *user)
{
    return PASS_ON(store, rooms_listed, after, skip, limit, each, user);
}

static enum store_result rooms_listed_before(struct store *store, struct span before,
                                             unsigned limit, store_listed_each *each, void *user)
{
    return PASS_ON(store, rooms_listed_before, before, limit, each, user);
}

static enum store_result rooms_listed_count(struct store *store, struct span before, unsigned limit,
                                            int64_t *count_r)
{
    return PASS_ON(store, rooms_listed_count, before, limit, count_r);
}

static enum store_result summary(struct store *store, struct store_summary *summary_r)
{
    return PASS_ON(store, summary, summary_r);
}

static enum store_result rooms_created(struct store *store, struct span creator, unsigned limit,
                                       int64_t *count_r)
{
    return PASS_ON(store, rooms_created, creator, limit, count_r);
}

static enum store_result option_put(struct store *store, int64_t room,
                                    const struct store_option *option)
{
    return PASS_ON(store, option_put, room, option);
}

static enum store_result options(struct store *store, int64_t room, store_option_each *each,
                                 void *user)
{
    return PASS_ON(store, options, room, each, user);
}

static enum store_result affiliation_put(struct store *store, int64_t room,
                                         const struct store_affiliation *affiliation)
{
    return PASS_ON(store, affiliation_put, room, affiliation);
}

static enum store_result affiliation_delete(struct store *store, int64_t room, struct span jid)
{
    return PASS_ON(store, affiliation_delete, room, jid);
}

static enum store_result affiliations(struct store *store, int64_t room, struct span after,
                                      unsigned limit, store_affiliation_each *each, void *user)
{
    return PASS_ON(store, affiliations, room, after, limit, each, user);
}

static enum store_result session_put(struct store *store, int64_t room,
                                     const struct store_session *session)
{
    return PASS_ON(store, session_put, room, session);
}

static enum store_result session_delete(struct store *store, int64_t room, struct span jid)
{
    return PASS_ON(store, session_delete, room, jid);
}

static enum store_result session_ids(struct store *store, int64_t room, store_id_each *each,
                                     void *user)
{
    return PASS_ON(store, session_ids, room, each, user);
}

static enum store_result session_get(struct store *store, int64_t id, store_session_each *each,
                                     void *user)
{
    return PASS_ON(store, session_get, id, each, user);
}

static enum store_result session_jids(struct store *store, struct span after, unsigned limit,
                                      store_text_each *each, void *user)
{
    return PASS_ON(store, session_jids, after, limit, each, user);
}

static enum store_result occupied_rooms(struct store *store, store_text_each *each, void *user)
{
    return PASS_ON(store, occupied_rooms, each, user);
}

static enum store_result session_rooms(struct store *store, struct span jid, store_text_each *each,
                                       void *user)
{
    return PASS_ON(store, session_rooms, jid, each, user);
}

static enum store_result changes(struct store *store, int64_t *last_r, int64_t *confirmed_r)
{
    return PASS_ON(store, changes, last_r, confirmed_r);
}

static enum store_result changes_confirm(struct store *store, int64_t change)
{
    return PASS_ON(store, changes_confirm, change);
}

static enum store_result session_change(struct store *store, int64_t room, struct span jid,
                                        int64_t change)
{
    return PASS_ON(store, session_change, room, jid, change);
}

static enum store_result standings(struct store *store, int64_t after, unsigned limit,
                                   store_standing_each *each, void *user)
{
    return PASS_ON(store, standings, after, limit, each, user);
}

static enum store_result departure_add(struct store *store, const struct store_departure *departure)
{
    return PASS_ON(store, departure_add, departure);
}

static enum store_result departures_trim(struct store *store, int64_t change)
{
    return PASS_ON(store, departures_trim, change);
}

static enum store_result departures(struct store *store, int64_t after, int64_t until,
                                    unsigned limit, store_departure_each *each, void *user)
{
    return PASS_ON(store, departures, after, until, limit, each, user);
}

static enum store_result era_put(struct store *store, const struct era *era)
{
    return PASS_ON(store, era_put, era);
}

static enum store_result era_delete(struct store *store, int64_t from)
{
    return PASS_ON(store, era_delete, from);
}

static enum store_result eras(struct store *store, struct eras *all)
{
    return PASS_ON(store, eras, all);
}

static enum store_result message_add(struct store *store, const struct store_message *message)
{
    return PASS_ON(store, message_add, message);
}

static enum store_result messages_last(struct store *store, int64_t room,
                                       const struct key_range *keys, unsigned limit,
                                       store_message_each *each, void *user)
{
    return PASS_ON(store, messages_last, room, keys, limit, each, user);
}

static enum store_result message_get(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                     store_message_each *each, void *user)
{
    return PASS_ON(store, message_get, room, key, noise, each, user);
}

static enum store_result message_replace(struct store *store, const struct store_message *message)
{
    return PASS_ON(store, message_replace, message);
}

static enum store_result messages(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user)
{
    return PASS_ON(store, messages, range, each, user);
}

static enum store_result message_key(struct store *store, int64_t room, int64_t number,
                                     int64_t *key_r)
{
    return PASS_ON(store, message_key, room, number, key_r);
}

static enum store_result messages_trim(struct store *store, int64_t room, unsigned keep)
{
    return PASS_ON(store, messages_trim, room, keep);
}

static enum store_result message_number(struct store *store, int64_t room, int64_t *number_r)
{
    return PASS_ON(store, message_number, room, number_r);
}

static enum store_result due(struct store *store, const struct store_keeping *keeping,
                             struct store_due *due_r)
{
    return PASS_ON(store, due, keeping, due_r);
}

static enum store_result due_delete(struct store *store, const struct store_due *due)
{
    return PASS_ON(store, due_delete, due);
}

static const struct store_ops failing_ops = {
    .commit = commit,
    .rollback = rollback,
    .close = close_store,
    .second = second,
    .reader = reader,
    .upkeep = upkeep,
    .upkeep_is_due = upkeep_is_due,
    .last_ids = last_ids,
    .room_put = room_put,
    .room_delete = room_delete,
    .room_get = room_get,
    .rooms_listed = rooms_listed,
    .rooms_listed_before = rooms_listed_before,
    .rooms_listed_count = rooms_listed_count,
    .summary = summary,
    .rooms_created = rooms_created,
    .option_put = option_put,
    .options = options,
    .affiliation_put = affiliation_put,
    .affiliation_delete = affiliation_delete,
    .affiliations = affiliations,
    .session_put = session_put,
    .session_delete = session_delete,
    .session_ids = session_ids,
    .session_get = session_get,
    .session_jids = session_jids,
    .session_rooms = session_rooms,
    .occupied_rooms = occupied_rooms,
    .changes = changes,
    .changes_confirm = changes_confirm,
    .session_change = session_change,
    .standings = standings,
    .departure_add = departure_add,
    .departures_trim = departures_trim,
    .departures = departures,
    .era_put = era_put,
    .era_delete = era_delete,
    .eras = eras,
    .message_add = message_add,
    .messages_last = messages_last,
    .message_get = message_get,
    .message_replace = message_replace,
    .messages = messages,
    .message_key = message_key,
    .messages_trim = messages_trim,
    .message_number = message_number,
    .due = due,
    .due_delete = due_delete,
};

struct store *store_failing(struct store *inner, unsigned *fail_at)
{
    struct failing_store *self = mem_new(sizeof *self);
    self->store.ops = &failing_ops;
    self->inner = inner;
    self->fail_at = fail_at;
    return &self->store;
}
