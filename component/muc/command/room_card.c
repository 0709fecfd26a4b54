/* room: all about one room. */

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/stored_xml.h"
#include "handlers.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "options_command.h"
#include "room_row.h"

#define APPLICANTS_MAX 100000

/* What another thread reads from the store for it. */
struct room_card {
    struct select select;
    int64_t id;
    json_t *row; /* NULL: the room is gone, or could not be read */
};

static bool take_first(void *user, const struct store_message *message)
{
    *(int64_t *)user = message->key;
    return false;
}

/* When the oldest message of the archive was sent. */
static json_t *first_time(struct room_card *card, struct store *store)
{
    int64_t key = 0;
    const struct eras *eras = &card->select.eras;
    struct store_range range = {.room = card->id, .keys = {0, eras->last_key + 1}, .limit = 1};
    card->select.failed |= store_messages(store, &range, take_first, &key) == STORE_FAILED;
    return key > 0 ? run_json_time(eras_guess(eras, key, card->select.now_ms) / 1000 * 1000) : NULL;
}

static void read(void *state, struct store *store)
{
    struct room_card *card = state;
    struct selected room;
    int64_t applicants = 0;
    if (!select_read_one(&card->select, store, card->id, &room))
        return;
    card->row = room_row(&room, "", &card->select, store);
    card->select.failed |=
        store_applicants_count(store, card->id, APPLICANTS_MAX, &applicants) == STORE_FAILED;
    run_set(card->row, "creator", json_string(room.creator));
    run_set(card->row, "first", first_time(card, store));
    run_set(card->row, "applicants", json_integer(applicants));
    run_set(card->row, "admins",
            room_row_affiliated(&room, AFFILIATION_ADMIN, &card->select, store));
    selected_free(&room);
}

/* ---- What memory knows ---- */

static json_t *subject_of(const struct room *room)
{
    struct stored_xml stanza, subject;
    struct buf text = BUF_INIT;
    if (room->subject &&
        stored_xml_open((struct span){room->subject->bytes, room->subject->len}, &stanza) &&
        stored_xml_child(&stanza.inner, "subject", NULL, &subject))
        stored_xml_text(&subject, &text);
    json_t *json = run_json_text(buf_span(&text));
    buf_free(&text);
    return json;
}

static void add_memory(json_t *row, const struct room *room)
{
    run_set(row, "room", json_string(room->address));
    run_set(row, "description", run_json_text(span_of(room->config.description)));
    run_set(row, "occupants", json_integer(room->occupants_by_nick.count));
    run_set(row, "sessions", json_integer(room->sessions.count));
    run_set(row, "members", json_integer(room->rolls[AFFILIATION_MEMBER].count));
    run_set(row, "outcasts", json_integer(room->rolls[AFFILIATION_OUTCAST].count));
    run_set(row, "nicks", json_integer(room->reserved.count));
    run_set(row, "subject", subject_of(room));
    run_set(row, "subject_time", run_json_time(room->subject_time / 1000 * 1000));
}

/* Admins of a room get neither the form of owners nor the lists of owners and admins. */
static void forget_owners(json_t *row)
{
    json_object_del(row, "owners");
    json_object_del(row, "admins");
}

enum run_next room_card_show(struct run *run)
{
    if (!run->state) {
        struct room_card *begun = run->state = mem_new(sizeof *begun);
        select_open(&begun->select, run);
        begun->id = run->room->id;
        return run_work(run, TASK_ADMIN, read);
    }
    struct room_card *card = run->state;
    if (!card->row || card->select.failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    add_memory(card->row, run->room);
    if (run->rank == AFFILIATION_OWNER)
        run_set(card->row, "options", options_command_list(&run->room->config));
    else
        forget_owners(card->row);
    run_row(run, json_incref(card->row));
    return RUN_DONE;
}

void room_card_free(void *state)
{
    struct room_card *card = state;
    select_close(&card->select);
    json_decref(card->row);
    free(card);
}
