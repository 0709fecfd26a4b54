/*
 * What a backend of the store does: the calls of coven/store.h, where each is described, as a table
 * that begins its struct.
 */
#ifndef COVEN_STORE_OPS_H
#define COVEN_STORE_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/store_records.h"

enum store_result {
    STORE_OK,
    STORE_NOTHING, /* there is no such row */
    STORE_LATE,    /* it took longer than it may, and ended before it was done */
    STORE_FAILED,  /* the disk is full, an I/O error, ...: logged where it happened */
};

typedef void store_room_each(void *user, const struct store_room *room);
typedef void store_listed_each(void *user, struct span name, struct span title);
typedef void store_option_each(void *user, const struct store_option *option);
typedef void store_affiliation_each(void *user, const struct store_affiliation *affiliation);
typedef void store_text_each(void *user, struct span text);
typedef void store_id_each(void *user, int64_t id);
typedef void store_session_each(void *user, const struct store_session *session);
/* False: no more, please. */
typedef bool store_message_each(void *user, const struct store_message *message);
typedef bool store_standing_each(void *user, const struct store_standing *standing);
typedef void store_departure_each(void *user, const struct store_departure *departure);

struct store;

struct store_ops {
    enum store_result (*commit)(struct store *store);
    void (*rollback)(struct store *store);
    void (*close)(struct store *store);

    enum store_result (*second)(struct store *store, struct store **second_r, char **why_r);
    enum store_result (*reader)(struct store *store, struct store **reader_r, char **why_r);
    enum store_result (*upkeep)(struct store *store);
    bool (*upkeep_is_due)(struct store *store);

    enum store_result (*last_ids)(struct store *store, int64_t *room_r, int64_t *message_r);

    enum store_result (*room_put)(struct store *store, const struct store_room *room);
    enum store_result (*room_delete)(struct store *store, int64_t room);
    enum store_result (*room_get)(struct store *store, struct span name, store_room_each *each,
                                  void *user);
    enum store_result (*rooms_listed)(struct store *store, struct span after, unsigned skip,
                                      unsigned limit, store_listed_each *each, void *user);
    enum store_result (*rooms_listed_before)(struct store *store, struct span before,
                                             unsigned limit, store_listed_each *each, void *user);
    enum store_result (*rooms_listed_count)(struct store *store, struct span before, unsigned limit,
                                            int64_t *count_r);
    enum store_result (*summary)(struct store *store, struct store_summary *summary_r);
    enum store_result (*rooms_created)(struct store *store, struct span creator, unsigned limit,
                                       int64_t *count_r);

    enum store_result (*option_put)(struct store *store, int64_t room,
                                    const struct store_option *option);
    enum store_result (*options)(struct store *store, int64_t room, store_option_each *each,
                                 void *user);

    enum store_result (*affiliation_put)(struct store *store, int64_t room,
                                         const struct store_affiliation *affiliation);
    enum store_result (*affiliation_delete)(struct store *store, int64_t room, struct span jid);
    enum store_result (*affiliations)(struct store *store, int64_t room, struct span after,
                                      unsigned limit, store_affiliation_each *each, void *user);

    enum store_result (*session_put)(struct store *store, int64_t room,
                                     const struct store_session *session);
    enum store_result (*session_delete)(struct store *store, int64_t room, struct span jid);
    enum store_result (*session_ids)(struct store *store, int64_t room, store_id_each *each,
                                     void *user);
    enum store_result (*session_get)(struct store *store, int64_t id, store_session_each *each,
                                     void *user);

    enum store_result (*session_jids)(struct store *store, struct span after, unsigned limit,
                                      store_text_each *each, void *user);
    enum store_result (*occupied_rooms)(struct store *store, store_text_each *each, void *user);
    enum store_result (*session_rooms)(struct store *store, struct span jid, store_text_each *each,
                                       void *user);

    enum store_result (*changes)(struct store *store, int64_t *last_r, int64_t *confirmed_r);
    enum store_result (*changes_confirm)(struct store *store, int64_t change);
    enum store_result (*session_change)(struct store *store, int64_t room, struct span jid,
                                        int64_t change);
    enum store_result (*standings)(struct store *store, int64_t after, unsigned limit,
                                   store_standing_each *each, void *user);
    enum store_result (*departure_add)(struct store *store,
                                       const struct store_departure *departure);
    enum store_result (*departures_trim)(struct store *store, int64_t change);
    enum store_result (*departures)(struct store *store, int64_t after, int64_t until,
                                    unsigned limit, store_departure_each *each, void *user);

    enum store_result (*era_put)(struct store *store, const struct era *era);
    enum store_result (*era_delete)(struct store *store, int64_t from);
    enum store_result (*eras)(struct store *store, struct eras *eras);

    enum store_result (*message_add)(struct store *store, const struct store_message *message);
    enum store_result (*messages_last)(struct store *store, int64_t room,
                                       const struct key_range *keys, unsigned limit,
                                       store_message_each *each, void *user);
    enum store_result (*message_get)(struct store *store, int64_t room, int64_t key, uint64_t noise,
                                     store_message_each *each, void *user);
    enum store_result (*message_replace)(struct store *store, const struct store_message *message);
    enum store_result (*messages)(struct store *store, const struct store_range *range,
                                  store_message_each *each, void *user);
    enum store_result (*message_key)(struct store *store, int64_t room, int64_t number,
                                     int64_t *key_r);
    enum store_result (*messages_trim)(struct store *store, int64_t room, unsigned keep);
    enum store_result (*message_number)(struct store *store, int64_t room, int64_t *number_r);
    enum store_result (*due)(struct store *store, const struct store_keeping *keeping,
                             struct store_due *due_r);
    enum store_result (*due_delete)(struct store *store, const struct store_due *due);
};

/* A backend's own struct begins with this. */
struct store {
    const struct store_ops *ops;
};

#endif
