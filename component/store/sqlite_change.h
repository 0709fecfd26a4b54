/* The part of the SQLite backend that numbers changes of presence: see store.h for each of these.
 */
#ifndef STORE_SQLITE_CHANGE_H
#define STORE_SQLITE_CHANGE_H

#include "coven/store.h"

enum store_result sqlite_changes(struct store *store, int64_t *last_r, int64_t *confirmed_r);
enum store_result sqlite_changes_confirm(struct store *store, int64_t change);
enum store_result sqlite_session_change(struct store *store, int64_t room, struct span jid,
                                        int64_t change);
enum store_result sqlite_standings(struct store *store, int64_t after, unsigned limit,
                                   store_standing_each *each, void *user);
enum store_result sqlite_departure_add(struct store *store,
                                       const struct store_departure *departure);
enum store_result sqlite_departures_trim(struct store *store, int64_t change);
enum store_result sqlite_departures(struct store *store, int64_t after, int64_t until,
                                    unsigned limit, store_departure_each *each, void *user);

#endif
