/* rooms: a list of all rooms that fit, in the order of their names or in another one. */

#include <stdlib.h>

#include "coven/mem.h"
#include "handlers.h"
#include "muc/state/service_state.h"
#include "room_row.h"
#include "select.h"

#define LIMIT_DEFAULT 100
#define ROWS_A_STEP   100 /* of a sorted list */

enum order { ORDER_NAME, ORDER_OCCUPANTS, ORDER_MESSAGES, ORDER_LAST, ORDER_CREATED };

struct ranked {
    int64_t rank, id;
};

struct rooms {
    struct select select;
    char *domain; /* of the service; a copy, because the configuration may be read again */
    enum order order;
    int64_t skip, left;    /* left < 0: all */
    json_t *rows;          /* read and not told yet */
    struct ranked *ranked; /* all that fit, for an order other than by name */
    size_t count, at;
    bool sorted;
};

static int64_t rank_of(const struct selected *room, enum order order)
{
    switch (order) {
    case ORDER_OCCUPANTS:
        return room->occupants;
    case ORDER_MESSAGES:
        return room->messages;
    case ORDER_LAST:
        return room->last_ms;
    default:
        return room->created;
    }
}

/* ---- In the other thread ---- */

static void add_row(struct rooms *rooms, struct store *store, const struct selected *room)
{
    json_array_append_new(rooms->rows, room_row(room, rooms->domain, &rooms->select, store));
    if (rooms->left > 0)
        rooms->left--;
}

static bool take_named(void *user, struct selected *room, struct store *store)
{
    struct rooms *rooms = user;
    if (rooms->skip > 0)
        rooms->skip--;
    else if (rooms->left != 0)
        add_row(rooms, store, room);
    return rooms->left != 0;
}

static bool take_ranked(void *user, struct selected *room, struct store *store)
{
    struct rooms *rooms = user;
    (void)store;
    if ((rooms->count & (rooms->count - 1)) == 0)
        rooms->ranked = mem_resize(rooms->ranked,
                                   (rooms->count ? 2 * rooms->count : 1) * sizeof *rooms->ranked);
    rooms->ranked[rooms->count++] = (struct ranked){rank_of(room, rooms->order), room->id};
    return true;
}

/* The highest first; of equals the oldest. */
static int compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = (x->rank < y->rank) - (x->rank > y->rank);
    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

static void sort(struct rooms *rooms)
{
    if (rooms->count > 0)
        qsort(rooms->ranked, rooms->count, sizeof *rooms->ranked, compare);
    rooms->at = rooms->skip < (int64_t)rooms->count ? (size_t)rooms->skip : rooms->count;
    rooms->sorted = true;
}

static void read_sorted(struct rooms *rooms, struct store *store)
{
    struct selected room;
    for (int i = 0; i < ROWS_A_STEP && rooms->at < rooms->count && rooms->left != 0; i++) {
        if (!select_read_one(&rooms->select, store, rooms->ranked[rooms->at++].id, &room))
            continue;
        add_row(rooms, store, &room);
        selected_free(&room);
    }
}

static void read(void *state, struct store *store)
{
    struct rooms *rooms = state;
    if (rooms->sorted)
        read_sorted(rooms, store);
    else
        select_read(&rooms->select, store, rooms->order == ORDER_NAME ? take_named : take_ranked,
                    rooms);
    if (!rooms->sorted && rooms->order != ORDER_NAME && rooms->select.over)
        sort(rooms);
}

/* ---- Steps ---- */

static enum order order_of(const struct run *run)
{
    static const struct {
        const char *word;
        enum order order;
    } orders[] = {{"occupants", ORDER_OCCUPANTS},
                  {"messages", ORDER_MESSAGES},
                  {"last", ORDER_LAST},
                  {"created", ORDER_CREATED}};
    const char *word = run_text(run, "sort");
    for (size_t i = 0; word && i < sizeof orders / sizeof *orders; i++) {
        if (strcmp(orders[i].word, word) == 0)
            return orders[i].order;
    }
    return ORDER_NAME;
}

static struct rooms *begin(const struct run *run)
{
    struct rooms *rooms = mem_new(sizeof *rooms);
    int64_t limit = run_number(run, "limit", LIMIT_DEFAULT);
    select_open(&rooms->select, run);
    rooms->domain = mem_string(run->service->settings.domain);
    rooms->order = order_of(run);
    rooms->skip = run_number(run, "skip", 0);
    rooms->left = limit == 0 ? -1 : limit;
    rooms->rows = json_array();
    return rooms;
}

static bool is_over(const struct rooms *rooms)
{
    bool all = rooms->order == ORDER_NAME ? rooms->select.over
                                          : rooms->sorted && rooms->at == rooms->count;
    return all || rooms->left == 0;
}

enum run_next rooms_list(struct run *run)
{
    size_t i;
    json_t *row;
    if (!run->state)
        run->state = begin(run);
    struct rooms *rooms = run->state;
    if (rooms->select.failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    json_array_foreach(rooms->rows, i, row)
    {
        run_row(run, json_incref(row));
    }
    json_array_clear(rooms->rows);
    return is_over(rooms) ? RUN_DONE : run_work(run, TASK_ADMIN, read);
}

void rooms_free(void *state)
{
    struct rooms *rooms = state;
    select_close(&rooms->select);
    json_decref(rooms->rows);
    free(rooms->domain);
    free(rooms->ranked);
    free(rooms);
}
