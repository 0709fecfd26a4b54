#include "archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "send.h"

/* ---- Reading ---- */

static struct query *query_of(struct run *run, const struct model_room *room)
{
    for (uint32_t i = 0; i < run->query_count; i++) {
        struct query *query = &run->queries[i];
        if (query->kind == ASK_ARCHIVE && query->room == room->number && query->open)
            return query;
    }
    return NULL;
}

static void ask(struct run *run, struct query *query)
{
    struct model_room *room = &run->model.rooms[query->room];
    const char *after = query->at ? room->archive.items[query->at - 1].id : NULL;
    uint32_t slot = (uint32_t)(query - run->queries);
    run_count(run);
    send_archive_query(room, after, slot, run->round, connection_out(&run->link));
}

static void append(struct run *run, struct model_room *room, const struct said *said)
{
    struct said_list *archive = &room->archive;
    const struct said *last = archive->count ? &archive->items[archive->count - 1] : NULL;
    if (last && said->number <= last->number)
        run_fail(run, "room %u: message %u comes after message %u in the archive", room->number,
                 said->number, last->number);
    if (last && strcmp(said->id, last->id) <= 0)
        run_fail(run, "room %u: the archive id %s of message %u is not greater than %s",
                 room->number, said->id, said->number, last->id);
    *said_add(archive) = *said;
}

void archive_take(struct run *run, struct model_room *room, const xmlNode *result)
{
    struct buf id = BUF_INIT, body = BUF_INIT;
    struct query *query = query_of(run, room);
    xmlNode *message = tree_child(tree_child(result, "forwarded", NS_FORWARD), "message", NULL);
    tree_attr(result, "id", &id);
    tree_text(tree_child(message, "body", NULL), &body);
    if (query) {
        struct said said = {.number = (uint32_t)strtoul(body.data, NULL, 10)};
        snprintf(said.id, sizeof said.id, "%s", id.data);
        size_t at = query->at++;
        const struct said *known = at < room->archive.count ? &room->archive.items[at] : NULL;
        if (!known)
            append(run, room, &said);
        else if (known->number != said.number || strcmp(known->id, said.id) != 0)
            run_fail(run, "room %u: message %u (%s) of the archive has become %u (%s)",
                     room->number, known->number, known->id, said.number, said.id);
    }
    buf_free(&id);
    buf_free(&body);
}

void archive_answer(struct run *run, struct query *query, const xmlNode *iq)
{
    const struct model_room *room = &run->model.rooms[query->room];
    xmlNode *fin = tree_child(iq, "fin", NS_MAM);
    if (!fin) {
        run_fail(run, "room %u refuses access to its archive", room->number);
    } else if (tree_attr_is(fin, "complete", "true")) {
        if (query->at < room->archive.count)
            run_fail(run,
                     "room %u: message %u (%s) and what followed it are missing from the archive",
                     room->number, room->archive.items[query->at].number,
                     room->archive.items[query->at].id);
    } else {
        query->open = true;
        run->open++;
        ask(run, query);
    }
}

/* ---- Comparing ---- */

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct said *)a)->id, ((const struct said *)b)->id);
}

/* Were all messages between the two excused? */
static bool follows(const struct said *before, const struct said *found)
{
    const struct said *next = before + 1;
    while (next < found && next->stay == EXCUSED)
        next++;
    return next == found;
}

/* Did the seat see this message at all? */
static bool has_seen(const struct said_list *seen, const struct said *message)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (strcmp(seen->items[i].id, message->id) == 0)
            return true;
    }
    return false;
}

static bool check_seen(struct run *run, const struct model_room *room, uint32_t seat)
{
    const struct said_list *seen = &room->seats[seat].seen, *archive = &room->archive;
    const struct said *before = NULL;
    for (size_t i = 0; i < seen->count; i++) {
        const struct said *said = &seen->items[i], *found = NULL;
        if (archive->count)
            found = bsearch(said, archive->items, archive->count, sizeof *said, compare);
        if (!found)
            return run_fail(run,
                            "room %u: message %u (%s), which user %u saw, is not in the archive",
                            room->number, said->number, said->id, seat);
        if (found->number != said->number)
            return run_fail(
                run, "room %u: with the id %s user %u saw message %u, but the archive has %u",
                room->number, said->id, seat, said->number, found->number);
        if (before && i && seen->items[i - 1].stay == said->stay && !follows(before, found))
            return run_fail(
                run,
                "room %u: user %u saw message %u directly after message %u; message %u, "
                "which is between them, %s",
                room->number, seat, said->number, before->number, before[1].number,
                has_seen(seen, &before[1]) ? "came at another time" : "did not come");
        before = found;
    }
    return true;
}

static bool check_room(struct run *run, struct model_room *room)
{
    excused_mark(&run->excused, &room->archive);
    for (uint32_t seat = 0; seat < run->model.seats; seat++) {
        if (!check_seen(run, room, seat))
            return false;
        room->seats[seat].seen.count = 0;
        room->seats[seat].stay++;
    }
    return true;
}

bool archive_audit(struct run *run, bool whole)
{
    run_ask_begin(run);
    for (uint32_t i = 0; i < run->model.count; i++) {
        struct model_room *room = &run->model.rooms[i];
        if (!room->state.exists)
            continue;
        struct query *query = run_ask(run, ASK_ARCHIVE, i);
        query->at = whole ? 0 : room->archive.count;
        ask(run, query);
    }
    if (!run_ask_end(run))
        return false;
    for (uint32_t i = 0; i < run->model.count; i++) {
        if (!check_room(run, &run->model.rooms[i]))
            return false;
    }
    return true;
}
