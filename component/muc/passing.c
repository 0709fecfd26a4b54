#include "passing.h"

#include <stdlib.h>
#include <utlist.h>

#include "coven/blob.h"
#include "coven/mem.h"
#include "occupant.h"
#include "room.h"
#include "service_state.h"

#define TURN_ROWS 2000 /* some milliseconds */

static void passing_free(struct room *room, struct passing *passing)
{
    DL_DELETE(room->passing, passing);
    room->passing_count--;
    rendered_unref(passing->stanza);
    blob_unref(passing->author);
    free((char *)(uintptr_t)passing->row.nick.at);
    free(passing);
}

void passing_add(struct room *room, const struct store_message *row, struct blob *author,
                 struct rendered *stanza)
{
    struct passing *passing = mem_new(sizeof *passing);
    if (!room->passing)
        DL_APPEND2(room->service->unsaved, room, prev_unsaved, next_unsaved);
    passing->stanza = rendered_ref(stanza);
    passing->author = blob_ref(author);
    passing->row = *row;
    passing->row.nick.at = mem_copy(row->nick.at, row->nick.len);
    DL_APPEND(room->passing, passing);
    if (++room->passing_count > room->config.history)
        passing_free(room, room->passing);
}

static void save(struct room *room, struct passing *passing)
{
    struct store_message row = passing->row;
    struct span jid = blob_span(passing->author);
    size_t bare = row.author.len;
    row.author = (struct span){jid.at, bare};
    if (jid.len > bare)
        row.resource = (struct span){jid.at + bare + 1, jid.len - bare - 1};
    row.stanza = (struct span){passing->stanza->bytes, passing->stanza->len};
    service_wrote(room->service, store_message_add(room->service->store, &row));
}

void passing_save(struct room *room)
{
    struct service *service = room->service;
    if (!room->passing)
        return;
    room_touch(room);
    for (struct passing *passing = room->passing; passing; passing = passing->next)
        save(room, passing);
    service_wrote(service, store_messages_trim(service->store, room->id, room->config.history));
    passing_forget(room);
}

bool passing_save_some(struct service *service)
{
    unsigned left = TURN_ROWS;
    while (service->unsaved && left > 0) {
        unsigned count = service->unsaved->passing_count;
        passing_save(service->unsaved);
        left -= count < left ? count : left;
    }
    return service->unsaved == NULL;
}

void passing_forget(struct room *room)
{
    if (!room->passing)
        return;
    while (room->passing)
        passing_free(room, room->passing);
    DL_DELETE2(room->service->unsaved, room, prev_unsaved, next_unsaved);
}
