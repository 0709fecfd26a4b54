/*
 * The store: what rooms are, kept. One interface over several backends; nothing here knows SQL.
 *
 * Writes belong to the transaction that the first of them opens and store_commit() closes. A call
 * that fails has no effect that a later store_commit() would keep: after STORE_FAILED the caller
 * ends the turn with store_rollback(). Strings and bytes given to `each` live during that call.
 *
 * What may be slow is done by another thread, with a second connection: store_second(). It reads
 * what was committed, and keeps what is found by: who wrote a message, and its words. What must not
 * wait for a search is read by a third one: store_reader().
 */
#ifndef COVEN_STORE_H
#define COVEN_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/store_ops.h"
#include "coven/store_records.h"

struct store_settings {
    const char *path; /* of the file; NULL: in memory */
    bool full_sync;   /* a commit waits for the disk, and outlives a loss of power */
};

/*
 * SQLite. NULL, with one line for the operator in `why_r` (the caller frees it), when it cannot be
 * opened, is in use by another process, or is no store of coven's; the file is untouched then.
 */
struct store *store_sqlite_open(const struct store_settings *settings, char **why_r);

/* Passes everything on to `inner` (and owns it), but fails the call number `*fail_at`, counted down
 * in place; 0 fails none. */
struct store *store_failing(struct store *inner, unsigned *fail_at);

/* Closes the transaction: what was written is durable. Nothing to do is STORE_OK. */
static inline enum store_result store_commit(struct store *store)
{
    return store->ops->commit(store);
}

static inline void store_rollback(struct store *store)
{
    store->ops->rollback(store);
}

static inline void store_close(struct store *store)
{
    store->ops->close(store);
}

/*
 * A connection for another thread, to be closed before this one. It may read, and do what
 * store_upkeep(), store_messages() with somebody's address, nick or words, and store_due() are
 * about. STORE_NOTHING: this store lives in memory, is never slow, and does these things itself,
 * between two turns. STORE_FAILED, with one line in `why_r` (the caller frees it).
 */
static inline enum store_result store_second(struct store *store, struct store **second_r,
                                             char **why_r)
{
    return store->ops->second(store, second_r, why_r);
}

/* A connection for one more thread, which reads messages that were committed, but never searches.
 * The rest is as with store_second(). */
static inline enum store_result store_reader(struct store *store, struct store **reader_r,
                                             char **why_r)
{
    return store->ops->reader(store, reader_r, why_r);
}

/* One short step of what is to be done behind the turns. STORE_NOTHING: all of it was done. */
static inline enum store_result store_upkeep(struct store *store)
{
    return store->ops->upkeep(store);
}

/* Has so much been committed through this connection that it is time for one? */
static inline bool store_upkeep_is_due(struct store *store)
{
    return store->ops->upkeep_is_due(store);
}

/* The highest id of any room and the highest key of any message, 0 where there is none. */
static inline enum store_result store_last_ids(struct store *store, int64_t *room_r,
                                               int64_t *message_r)
{
    return store->ops->last_ids(store, room_r, message_r);
}

/* A new room or a changed one. */
static inline enum store_result store_room_put(struct store *store, const struct store_room *room)
{
    return store->ops->room_put(store, room);
}

/* Everything that hangs on the room goes too; its messages, which may be many, later in steps:
 * store_due(). */
static inline enum store_result store_room_delete(struct store *store, int64_t room)
{
    return store->ops->room_delete(store, room);
}

static inline enum store_result store_room_get(struct store *store, struct span name,
                                               store_room_each *each, void *user)
{
    return store->ops->room_get(store, name, each, user);
}

/* Listed rooms in the order of their names: those behind `after` but for the first `skip`. */
static inline enum store_result store_rooms_listed(struct store *store, struct span after,
                                                   unsigned skip, unsigned limit,
                                                   store_listed_each *each, void *user)
{
    return store->ops->rooms_listed(store, after, skip, limit, each, user);
}

/* The listed rooms before `before` (of no bytes: behind the last), the nearest first. */
static inline enum store_result store_rooms_listed_before(struct store *store, struct span before,
                                                          unsigned limit, store_listed_each *each,
                                                          void *user)
{
    return store->ops->rooms_listed_before(store, before, limit, each, user);
}

/* How many listed rooms come before `before`; it counts no further than `limit`. */
static inline enum store_result store_rooms_listed_count(struct store *store, struct span before,
                                                         unsigned limit, int64_t *count_r)
{
    return store->ops->rooms_listed_count(store, before, limit, count_r);
}

/* Reads all rooms and sessions: for the start. */
static inline enum store_result store_summary(struct store *store, struct store_summary *summary_r)
{
    return store->ops->summary(store, summary_r);
}

/* How many rooms there are that this bare JID created; it counts no further than `limit`. */
static inline enum store_result store_rooms_created(struct store *store, struct span creator,
                                                    unsigned limit, int64_t *count_r)
{
    return store->ops->rooms_created(store, creator, limit, count_r);
}

static inline enum store_result store_option_put(struct store *store, int64_t room,
                                                 const struct store_option *option)
{
    return store->ops->option_put(store, room, option);
}

static inline enum store_result store_options(struct store *store, int64_t room,
                                              store_option_each *each, void *user)
{
    return store->ops->options(store, room, each, user);
}

static inline enum store_result store_affiliation_put(struct store *store, int64_t room,
                                                      const struct store_affiliation *affiliation)
{
    return store->ops->affiliation_put(store, room, affiliation);
}

static inline enum store_result store_affiliation_delete(struct store *store, int64_t room,
                                                         struct span jid)
{
    return store->ops->affiliation_delete(store, room, jid);
}

/* In the order of their JIDs, from the first behind `after`. */
static inline enum store_result store_affiliations(struct store *store, int64_t room,
                                                   struct span after, unsigned limit,
                                                   store_affiliation_each *each, void *user)
{
    return store->ops->affiliations(store, room, after, limit, each, user);
}

static inline enum store_result store_session_put(struct store *store, int64_t room,
                                                  const struct store_session *session)
{
    return store->ops->session_put(store, room, session);
}

static inline enum store_result store_session_delete(struct store *store, int64_t room,
                                                     struct span jid)
{
    return store->ops->session_delete(store, room, jid);
}

/* The ids of a room's sessions, in the order in which they came in. */
static inline enum store_result store_session_ids(struct store *store, int64_t room,
                                                  store_id_each *each, void *user)
{
    return store->ops->session_ids(store, room, each, user);
}

static inline enum store_result store_session_get(struct store *store, int64_t id,
                                                  store_session_each *each, void *user)
{
    return store->ops->session_get(store, id, each, user);
}

/* The full JIDs that are in any room, each once, in their order from the first behind `after`. */
static inline enum store_result store_session_jids(struct store *store, struct span after,
                                                   unsigned limit, store_text_each *each,
                                                   void *user)
{
    return store->ops->session_jids(store, after, limit, each, user);
}

/* The names of the rooms that anybody is in. */
static inline enum store_result store_occupied_rooms(struct store *store, store_text_each *each,
                                                     void *user)
{
    return store->ops->occupied_rooms(store, each, user);
}

/* The names of the rooms that a full JID is in. */
static inline enum store_result store_session_rooms(struct store *store, struct span jid,
                                                    store_text_each *each, void *user)
{
    return store->ops->session_rooms(store, jid, each, user);
}

/* The number of the last change of presence, and of the last one that the server is known to have;
 * 0 where there is none. */
static inline enum store_result store_changes(struct store *store, int64_t *last_r,
                                              int64_t *confirmed_r)
{
    return store->ops->changes(store, last_r, confirmed_r);
}

/* The server has all changes up to this one; departures among them are forgotten. */
static inline enum store_result store_changes_confirm(struct store *store, int64_t change)
{
    return store->ops->changes_confirm(store, change);
}

/* Others saw the session change otherwise than by what its row holds. */
static inline enum store_result store_session_change(struct store *store, int64_t room,
                                                     struct span jid, int64_t change)
{
    return store->ops->session_change(store, room, jid, change);
}

/* Of all sessions in the order of their ids, those behind `after`. */
static inline enum store_result store_standings(struct store *store, int64_t after, unsigned limit,
                                                store_standing_each *each, void *user)
{
    return store->ops->standings(store, after, limit, each, user);
}

static inline enum store_result store_departure_add(struct store *store,
                                                    const struct store_departure *departure)
{
    return store->ops->departure_add(store, departure);
}

/* Forgets those up to this one. */
static inline enum store_result store_departures_trim(struct store *store, int64_t change)
{
    return store->ops->departures_trim(store, change);
}

/* In order, those behind `after` up to `until`. */
static inline enum store_result store_departures(struct store *store, int64_t after, int64_t until,
                                                 unsigned limit, store_departure_each *each,
                                                 void *user)
{
    return store->ops->departures(store, after, until, limit, each, user);
}

/* A new era of keys. The first of all is not kept. */
static inline enum store_result store_era_put(struct store *store, const struct era *era)
{
    return store->ops->era_put(store, era);
}

static inline enum store_result store_era_delete(struct store *store, int64_t from)
{
    return store->ops->era_delete(store, from);
}

/* Adds those that are kept. */
static inline enum store_result store_eras(struct store *store, struct eras *eras)
{
    return store->ops->eras(store, eras);
}

/* What cannot be kept may be refused by a later call of the turn, at the latest by its commit;
 * then what is read before that is without it, and without all that the turn wrote. */
static inline enum store_result store_message_add(struct store *store,
                                                  const struct store_message *message)
{
    return store->ops->message_add(store, message);
}

/* The newest `limit` messages for history with such a key, the newest first. */
static inline enum store_result store_messages_last(struct store *store, int64_t room,
                                                    const struct key_range *keys, unsigned limit,
                                                    store_message_each *each, void *user)
{
    return store->ops->messages_last(store, room, keys, limit, each, user);
}

static inline enum store_result store_message_get(struct store *store, int64_t room, int64_t key,
                                                  uint64_t noise, store_message_each *each,
                                                  void *user)
{
    return store->ops->message_get(store, room, key, noise, each, user);
}

/* Puts kind, stanza and `to_at` in the place of those of the message with this key. */
static inline enum store_result store_message_replace(struct store *store,
                                                      const struct store_message *message)
{
    return store->ops->message_replace(store, message);
}

/* STORE_LATE: there may be more messages than were given to `each`. That is for a search alone,
 * which is what asks for somebody or for words. */
static inline enum store_result store_messages(struct store *store, const struct store_range *range,
                                               store_message_each *each, void *user)
{
    return store->ops->messages(store, range, each, user);
}

/* The number of the room's newest archived message; 0: there is none. */
static inline enum store_result store_message_number(struct store *store, int64_t room,
                                                     int64_t *number_r)
{
    return store->ops->message_number(store, room, number_r);
}

/* The key of the archived message with that number. */
static inline enum store_result store_message_key(struct store *store, int64_t room, int64_t number,
                                                  int64_t *key_r)
{
    return store->ops->message_key(store, room, number, key_r);
}

/* Deletes messages that are for history alone but for the newest `keep`; many in several calls. */
static inline enum store_result store_messages_trim(struct store *store, int64_t room,
                                                    unsigned keep)
{
    return store->ops->messages_trim(store, room, keep);
}

/*
 * Looks for some messages of rooms that are gone, or that are not to be kept, the oldest of a room
 * first, and takes them out of what is searched. STORE_NOTHING: this step found none.
 */
static inline enum store_result store_due(struct store *store, const struct store_keeping *keeping,
                                          struct store_due *due_r)
{
    return store->ops->due(store, keeping, due_r);
}

/* Deletes what store_due() found; it belongs to the turn. */
static inline enum store_result store_due_delete(struct store *store, const struct store_due *due)
{
    return store->ops->due_delete(store, due);
}

#endif
