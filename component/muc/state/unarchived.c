#include "unarchived.h"

#include <stdlib.h>
#include <utlist.h>

#include "coven/blob.h"
#include "coven/mem.h"
#include "service_state.h"

#define TURN_ROWS 2000 /* rows in one turn: some milliseconds */

static void unarchived_free(struct room *room, struct unarchived *unarchived)
{
    DL_DELETE(room->unarchived, unarchived);
    room->unarchived_count--;
    rendered_unref(unarchived->stanza);
    blob_unref(unarchived->author);
    free((char *)(uintptr_t)unarchived->row.nick.at);
    free(unarchived);
}

void unarchived_add(struct room *room, const struct store_message *row, struct blob *author,
                    struct rendered *stanza)
{
    struct unarchived *unarchived = mem_new(sizeof *unarchived);
    if (!room->unarchived)
        DL_APPEND2(room->service->unsaved, room, prev_unsaved, next_unsaved);
    unarchived->stanza = rendered_ref(stanza);
    unarchived->author = blob_ref(author);
    unarchived->row = *row;
    unarchived->row.nick.at = mem_copy(row->nick.at, row->nick.len);
    DL_APPEND(room->unarchived, unarchived);
    if (++room->unarchived_count > room->config.history)
        unarchived_free(room, room->unarchived);
}

static void save(struct room *room, struct unarchived *unarchived)
{
    struct store_message row = unarchived->row;
    struct span jid = blob_span(unarchived->author);
    size_t bare = row.author.len;
    row.author = (struct span){jid.at, bare};
    if (jid.len > bare)
        row.resource = (struct span){jid.at + bare + 1, jid.len - bare - 1};
    row.stanza = (struct span){unarchived->stanza->bytes, unarchived->stanza->len};
    service_wrote(room->service, store_message_add(room->service->store, &row));
}

void unarchived_save(struct room *room)
{
    struct service *service = room->service;
    if (!room->unarchived)
        return;
    room_touch(room);
    for (struct unarchived *unarchived = room->unarchived; unarchived;
         unarchived = unarchived->next)
        save(room, unarchived);
    service_wrote(service, store_messages_trim(service->store, room->id, room->config.history));
    unarchived_forget(room);
}

bool unarchived_save_some(struct service *service)
{
    unsigned left = TURN_ROWS;
    while (service->unsaved && left > 0) {
        unsigned count = service->unsaved->unarchived_count;
        unarchived_save(service->unsaved);
        left -= count < left ? count : left;
    }
    return service->unsaved == NULL;
}

void unarchived_forget(struct room *room)
{
    if (!room->unarchived)
        return;
    while (room->unarchived)
        unarchived_free(room, room->unarchived);
    DL_DELETE2(room->service->unsaved, room, prev_unsaved, next_unsaved);
}
