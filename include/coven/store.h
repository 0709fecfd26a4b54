/*
 * The store keeps rooms, sessions and messages on disk. Its callers know no SQL. Another database
 * would need other statements (store/statement.h), but the same functions.
 *
 * Writes belong to a transaction: the first write opens it, store_commit() closes it. After any
 * STORE_FAILED the caller ends the turn with store_rollback(), which undoes all its writes.
 * Functions that read rows pass each row to `each` and return STORE_NOTHING when there is none; the
 * strings and bytes of a row live during that call. A failed call leaves its `_r` arguments
 * undefined.
 *
 * A connection belongs to one thread. Slow work has a second connection (store_second()), and pages
 * of archives have a third (store_reader()), so that no search delays them.
 */
#ifndef COVEN_STORE_H
#define COVEN_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/store_records.h"

enum store_result {
    STORE_OK,
    STORE_NOTHING, /* there is no such row, or nothing to do */
    STORE_LATE,    /* the search ended early, at its time limit */
    STORE_FAILED,  /* the disk is full, an I/O error, ...; the store has logged it */
};

typedef void store_room_each(void *user, const struct store_room *room);
typedef void store_listed_each(void *user, struct span name, struct span title);
typedef void store_tombstone_each(void *user, const struct store_tombstone *tombstone);
typedef void store_applicant_each(void *user, const struct store_applicant *applicant);
typedef void store_facts_each(void *user, const struct store_facts *facts);
typedef void store_trace_each(void *user, const struct store_trace *trace);
typedef void store_denied_each(void *user, const struct store_denied *denied);
typedef void store_option_each(void *user, const struct store_option *option);
typedef void store_affiliation_each(void *user, const struct store_affiliation *affiliation);
typedef void store_text_each(void *user, struct span text);
typedef void store_id_each(void *user, int64_t id);
typedef void store_session_each(void *user, const struct store_session *session);
typedef void store_departure_each(void *user, const struct store_departure *departure);
/* These return false to end the reading. */
typedef bool store_message_each(void *user, const struct store_message *message);
typedef bool store_presence_each(void *user, const struct store_presence *presence);

struct store;

/* ---- Connections ---- */

struct store_settings {
    const char *path; /* of the file; NULL: in memory */
    bool full_sync;   /* a commit waits for the disk, and survives a loss of power */
};

/*
 * Opens the store, or creates it. NULL, with one line for the operator in `why_r` (the caller frees
 * it), if the file cannot be opened, is in use by another process, or is not a coven store;
 * the file is unchanged then.
 */
struct store *store_open(const struct store_settings *settings, char **why_r);

/*
 * Opens a connection for another thread, to be closed before `store`. It only reads, except in
 * store_upkeep(), and in the search file, which store_messages() and store_due() use.
 * STORE_NOTHING: the store is in memory and has one connection, which does all of this between
 * turns. STORE_FAILED: one line is in `why_r` (the caller frees it).
 */
enum store_result store_second(struct store *store, struct store **second_r, char **why_r);

/* Opens a connection for a third thread, which only reads and never searches. Otherwise like
 * store_second(). */
enum store_result store_reader(struct store *store, struct store **reader_r, char **why_r);

/* Rolls back and frees the store. */
void store_close(struct store *store);

/* For tests: makes step number `*fail_at` of this connection fail; 0: none. Each added message,
 * commit, row and end of a statement is a step, and counts the number down in place. */
void store_fail_at(struct store *store, unsigned *fail_at);

/* ---- Turns ---- */

/* Closes the transaction, if one is open: what was written is durable. */
enum store_result store_commit(struct store *store);

/* Undoes all that was written since the last store_commit(). */
void store_rollback(struct store *store);

/* Does one short step of background work, on the second connection: copies the log into the
 * database, indexes messages for search. STORE_NOTHING: no work is left. */
enum store_result store_upkeep(struct store *store);

/* Has this connection committed enough for a store_upkeep()? */
bool store_upkeep_is_due(struct store *store);

/* The highest id of any room and the highest key of any message, 0 where there is none. */
enum store_result store_last_ids(struct store *store, int64_t *room_r, int64_t *message_r);

/* Counts rooms and sessions. Slow, because it reads all of them: only for the start. */
enum store_result store_summary(struct store *store, struct store_summary *summary_r);

/* The size of all files of the store, in bytes; 0 in memory. */
uint64_t store_bytes(const struct store *store);

/* ---- Rooms ---- */

/* Adds a room, or updates the one with this id; name, creator, salt and time of creation stay. */
enum store_result store_room_put(struct store *store, const struct store_room *room);

/* Deletes a room with its options, applicants and sessions. Its messages and affiliations, which
 * may be many, are left to store_due(). */
enum store_result store_room_delete(struct store *store, int64_t room);

enum store_result store_room_get(struct store *store, struct span name, store_room_each *each,
                                 void *user);

/* Reads listed rooms in the order of their names: those after `after`, without the first `skip`. */
enum store_result store_rooms_listed(struct store *store, struct span after, unsigned skip,
                                     unsigned limit, store_listed_each *each, void *user);

/* Reads the listed rooms before `before` (empty: from the last one), the nearest first. */
enum store_result store_rooms_listed_before(struct store *store, struct span before, unsigned limit,
                                            store_listed_each *each, void *user);

/* Counts the listed rooms before `before`, up to `limit`. */
enum store_result store_rooms_listed_count(struct store *store, struct span before, unsigned limit,
                                           int64_t *count_r);

/* Counts the rooms that this bare JID created, up to `limit`. */
enum store_result store_rooms_created(struct store *store, struct span creator, unsigned limit,
                                      int64_t *count_r);

/* ---- For operators ---- */

/* Reads what lists of rooms tell, in the order of the names: rooms after `after`. */
enum store_result store_facts(struct store *store, struct span after, unsigned limit,
                              store_facts_each *each, void *user);

/* The same of listed rooms alone. */
enum store_result store_facts_listed(struct store *store, struct span after, unsigned limit,
                                     store_facts_each *each, void *user);

/* The same for the room with this id. */
enum store_result store_facts_of(struct store *store, int64_t room, store_facts_each *each,
                                 void *user);

/* Reads the JIDs that are owners of the room, or its admins, in their order, without looking at
 * others. */
enum store_result store_affiliated(struct store *store, int64_t room, int affiliation,
                                   unsigned limit, store_text_each *each, void *user);

/* Has the JID this affiliation in the room? STORE_NOTHING: no. */
enum store_result store_affiliation_is(struct store *store, int64_t room, struct span jid,
                                       int affiliation);

/* What a user is in any room, by bare JID, for rooms with names after `after`: the user's sessions,
 * affiliations, requests for registration, and rooms that the user created. */
enum store_result store_traces_inside(struct store *store, struct span bare, store_trace_each *each,
                                      void *user);
enum store_result store_traces_affiliated(struct store *store, struct span jid,
                                          store_trace_each *each, void *user);
enum store_result store_traces_applied(struct store *store, struct span bare,
                                       store_trace_each *each, void *user);
enum store_result store_traces_created(struct store *store, struct span bare,
                                       store_trace_each *each, void *user);

/* Reads a user's messages of all rooms in the order of their keys: those among the `rows` messages
 * after `*after`, which is moved behind them, or behind the one for which `each` returned false.
 * STORE_NOTHING: there are no messages after it. */
enum store_result store_authored(struct store *store, struct span author, unsigned rows,
                                 int64_t *after, store_message_each *each, void *user);

/* The same for messages that are about to be replaced by store_message_blank(), at most
 * STORE_DUE_MAX of them: takes them out of the index for searches. On the second connection. */
enum store_result store_authored_forget(struct store *store, struct span author, unsigned rows,
                                        int64_t *after, store_message_each *each, void *user);

/* Takes names that no message has any more out of the index for searches, some at a time; `*after`
 * begins as 0. STORE_NOTHING: no more are left. On the second connection. */
enum store_result store_names_tidy(struct store *store, int64_t *after);

/* Replaces a message by one of the same key and place in the archive that has no author. */
enum store_result store_message_blank(struct store *store, const struct store_message *message);

enum store_result store_message_delete(struct store *store, int64_t key);

/* Finds messages of one room that are to be deleted, the oldest first: those up to `last_key` and,
 * if `keeping->days` is not 0, older than that. Otherwise like store_due(). */
enum store_result store_due_of(struct store *store, const struct store_keeping *keeping,
                               int64_t room, int64_t last_key, struct store_due *due_r);

/* Puts `other` in the place of a bare JID as the creator of rooms, and removes it from what is kept
 * of destroyed rooms. */
enum store_result store_creator_replace(struct store *store, struct span jid, struct span other);

/* Gives a room another name, and deletes its sessions. */
enum store_result store_room_rename(struct store *store, int64_t room, struct span name);

/* Adds or replaces an entry. */
enum store_result store_denied_put(struct store *store, const struct store_denied *denied);
enum store_result store_denied_delete(struct store *store, struct span address);

/* Reads all entries, in the order of the addresses. */
enum store_result store_denied_all(struct store *store, store_denied_each *each, void *user);

/* ---- Tombstones of destroyed rooms ---- */

enum store_result store_tombstone_put(struct store *store, const struct store_tombstone *tombstone);
/* Adds one of those who owned the room. */
enum store_result store_tombstone_put_owner(struct store *store, struct span name, struct span jid);
enum store_result store_tombstone_delete(struct store *store, struct span name);

enum store_result store_tombstone_get(struct store *store, struct span name,
                                      store_tombstone_each *each, void *user);

/* Was this bare JID, or this domain, among the owners? STORE_NOTHING: no. */
enum store_result store_tombstone_owner(struct store *store, struct span name, struct span jid);

/* Reads the name of the oldest tombstone, if that is from before `time`. */
enum store_result store_tombstone_oldest(struct store *store, int64_t time, store_text_each *each,
                                         void *user);

/* Reads the name of the newest tombstone of this creator, without the `skip` newest ones. */
enum store_result store_tombstone_of(struct store *store, struct span creator, unsigned skip,
                                     store_text_each *each, void *user);

/* Reads tombstones in the order of their names: those after `after`. */
enum store_result store_tombstones(struct store *store, struct span after, unsigned limit,
                                   store_tombstone_each *each, void *user);

/* Reads who owned the room, in order. */
enum store_result store_tombstone_owners(struct store *store, struct span name,
                                         store_text_each *each, void *user);

/* ---- Options and affiliations ---- */

/* Adds or replaces an option. */
enum store_result store_option_put(struct store *store, int64_t room,
                                   const struct store_option *option);

/* In the order of `var`. */
enum store_result store_options(struct store *store, int64_t room, store_option_each *each,
                                void *user);

/* Adds or replaces the affiliation of a JID. */
enum store_result store_affiliation_put(struct store *store, int64_t room,
                                        const struct store_affiliation *affiliation);

enum store_result store_affiliation_delete(struct store *store, int64_t room, struct span jid);

/* Reads affiliations in the order of their JIDs, those after `after`. */
enum store_result store_affiliations(struct store *store, int64_t room, struct span after,
                                     unsigned limit, store_affiliation_each *each, void *user);

/* ---- Applicants ---- */

/* Adds an applicant, or changes the nick of the one with this JID. */
enum store_result store_applicant_put(struct store *store, const struct store_applicant *applicant);

enum store_result store_applicant_delete(struct store *store, int64_t room, struct span jid);

enum store_result store_applicant_get(struct store *store, int64_t room, struct span jid,
                                      store_applicant_each *each, void *user);

/* Reads the applicants of a room, in the order in which they asked. */
enum store_result store_applicants(struct store *store, int64_t room, unsigned limit,
                                   store_applicant_each *each, void *user);

/* Reads applicants of all rooms who asked before `time`. */
enum store_result store_applicants_old(struct store *store, int64_t time, unsigned limit,
                                       store_applicant_each *each, void *user);

/* Counts the applicants of a room, up to `limit`. */
enum store_result store_applicants_count(struct store *store, int64_t room, unsigned limit,
                                         int64_t *count_r);

/* ---- Sessions ---- */

/* Adds a session, or updates the one with this JID; `joined` stays what the first put wrote. */
enum store_result store_session_put(struct store *store, int64_t room,
                                    const struct store_session *session);

enum store_result store_session_delete(struct store *store, int64_t room, struct span jid);

/* Reads the ids of a room's sessions, in the order in which they joined. */
enum store_result store_session_ids(struct store *store, int64_t room, store_id_each *each,
                                    void *user);

enum store_result store_session_get(struct store *store, int64_t id, store_session_each *each,
                                    void *user);

/* Reads the full JIDs that are in any room, each once, in their order, those after `after`. */
enum store_result store_session_jids(struct store *store, struct span after, unsigned limit,
                                     store_text_each *each, void *user);

/* Reads the names of the rooms that this full JID is in. */
enum store_result store_session_rooms(struct store *store, struct span jid, store_text_each *each,
                                      void *user);

/* Reads the names of the rooms that have sessions. */
enum store_result store_occupied_rooms(struct store *store, store_text_each *each, void *user);

/* ---- Changes of presence, which are numbered across all rooms ---- */

/* The number of the last change, and of the last one that the server is known to have received; 0
 * where there is none. */
enum store_result store_changes(struct store *store, int64_t *last_r, int64_t *confirmed_r);

/* Notes that the server has received all changes up to `change`, and deletes the departures among
 * them. */
enum store_result store_changes_confirm(struct store *store, int64_t change);

/* Notes `change` as a session's last change, where store_session_put() has nothing new to write. */
enum store_result store_session_change(struct store *store, int64_t room, struct span jid,
                                       int64_t change);

/* Reads the presences of all sessions in the order of their ids, those after `after`. */
enum store_result store_presences(struct store *store, int64_t after, unsigned limit,
                                  store_presence_each *each, void *user);

enum store_result store_departure_add(struct store *store, const struct store_departure *departure);

/* Deletes the departures up to `change`. */
enum store_result store_departures_trim(struct store *store, int64_t change);

/* Reads departures in order, those after `after` up to `until`. */
enum store_result store_departures(struct store *store, int64_t after, int64_t until,
                                   unsigned limit, store_departure_each *each, void *user);

/* ---- Eras (eras.h) ---- */

/* Adds an era. The first era of all is never stored. */
enum store_result store_era_put(struct store *store, const struct era *era);

enum store_result store_era_delete(struct store *store, int64_t from);

/* Adds the stored eras to `eras`. */
enum store_result store_eras(struct store *store, struct eras *eras);

/* ---- Messages ---- */

/*
 * Copies the message and adds it later in the turn, so a message that cannot be added may fail a
 * later call, at the latest store_commit(). Reads between that failure and the rollback see nothing
 * that the turn wrote.
 */
enum store_result store_message_add(struct store *store, const struct store_message *message);

/* Reads a room's newest messages of the kind that history shows, with keys in this range, the
 * newest first. Looks at no more than `rows` messages, and goes past all that are not shown, if the
 * store knows how many they are. */
enum store_result store_messages_last(struct store *store, int64_t room,
                                      const struct key_range *keys, unsigned rows,
                                      store_message_each *each, void *user);

/* Reads a room's newest messages of every kind, archived or not, with keys in this range, the
 * newest first. */
enum store_result store_messages_kept(struct store *store, int64_t room,
                                      const struct key_range *keys, unsigned limit,
                                      store_message_each *each, void *user);

/* What a new message of the room has as `said`. */
enum store_result store_message_said(struct store *store, int64_t room, int64_t *said_r);

/* Looks at the newest `limit` messages of the range's room, archived or not, and reads those of its
 * author that have its bytes, the newest first. STORE_LATE: it ended after `search_ms`. */
enum store_result store_messages_recent(struct store *store, const struct store_range *range,
                                        store_message_each *each, void *user);

enum store_result store_message_get(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                    store_message_each *each, void *user);

/* Is that the id of a message of the room (1), or are key or noise those of another message (0)?
 * STORE_NOTHING: no message has that id any more, or ever had. So do keys of other rooms answer to
 * those who do not know the noise. */
enum store_result store_message_is(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                   int64_t *is_r);

/* Replaces kind, stanza and `to_at` of the message with this key. */
enum store_result store_message_replace(struct store *store, const struct store_message *message);

/* Changes the kind of the message with this key alone. */
enum store_result store_message_set_kind(struct store *store, int64_t key, enum store_kind kind);

/* Reads a part of a room's archive. A range with an author, a nick or words is a search, which the
 * reader's connection cannot do, and which alone returns STORE_LATE: there may be more messages. */
enum store_result store_messages(struct store *store, const struct store_range *range,
                                 store_message_each *each, void *user);

/* The number of the room's newest archived message; 0: there is none. */
enum store_result store_message_number(struct store *store, int64_t room, int64_t *number_r);

/* The key of the archived message with this number. */
enum store_result store_message_key(struct store *store, int64_t room, int64_t number,
                                    int64_t *key_r);

/* Reads messages of a room, archived or not, in the order of their keys: those after `after`. */
enum store_result store_messages_all(struct store *store, int64_t room, int64_t after,
                                     unsigned limit, store_message_each *each, void *user);

/* Finds the message of a room that has this alias. */
enum store_result store_message_known(struct store *store, int64_t room, struct span alias,
                                      int64_t *key_r, uint64_t *noise_r);

/* Deletes unarchived messages, which the room keeps for history alone, except the newest `keep`; a
 * limited number in one call. */
enum store_result store_messages_trim(struct store *store, int64_t room, unsigned keep);

/* Finds some messages of deleted rooms, or a deleted room without messages, or expired messages
 * (the oldest of a room first), and removes them from the search file. Not within a turn.
 * STORE_NOTHING: this step found none. */
enum store_result store_due(struct store *store, const struct store_keeping *keeping,
                            struct store_due *due_r);

/* Deletes what store_due() found, in the turn's transaction. */
enum store_result store_due_delete(struct store *store, const struct store_due *due);

#endif
