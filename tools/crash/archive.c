#include "archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "speak.h"

/* ---- Reading ---- */

static struct question *question_of(struct run *run, const struct room *room)
{
    for (uint32_t i = 0; i < run->question_count; i++) {
        struct question *question = &run->questions[i];
        if (question->kind == ASK_ARCHIVE && question->room == room->number && question->open)
            return question;
    }
    return NULL;
}

static void ask(struct run *run, struct question *question)
{
    struct room *room = &run->world.rooms[question->room];
    const char *after = question->at ? room->archive.items[question->at - 1].id : NULL;
    uint32_t slot = (uint32_t)(question - run->questions);
    run_count(run);
    speak_ask_archive(room, after, slot, run->round, line_out(&run->line));
}

static void append(struct run *run, struct room *room, const struct said *said)
{
    struct said_list *archive = &room->archive;
    const struct said *last = archive->count ? &archive->items[archive->count - 1] : NULL;
    if (last && said->number <= last->number)
        run_fault(run, "room %u: message %u stands in the archive behind message %u", room->number,
                  said->number, last->number);
    if (last && strcmp(said->id, last->id) <= 0)
        run_fault(run, "room %u: the id %s of message %u is not above %s", room->number, said->id,
                  said->number, last->id);
    *said_add(archive) = *said;
}

void archive_take(struct run *run, struct room *room, const xmlNode *result)
{
    struct buf id = BUF_INIT, body = BUF_INIT;
    struct question *question = question_of(run, room);
    xmlNode *message = tree_child(tree_child(result, "forwarded", NS_FORWARD), "message", NULL);
    tree_attr(result, "id", &id);
    tree_text(tree_child(message, "body", NULL), &body);
    if (question) {
        struct said said = {.number = (uint32_t)strtoul(body.data, NULL, 10)};
        snprintf(said.id, sizeof said.id, "%s", id.data);
        size_t at = question->at++;
        const struct said *known = at < room->archive.count ? &room->archive.items[at] : NULL;
        if (!known)
            append(run, room, &said);
        else if (known->number != said.number || strcmp(known->id, said.id) != 0)
            run_fault(run, "room %u: where message %u (%s) stood in the archive stands %u (%s)",
                      room->number, known->number, known->id, said.number, said.id);
    }
    buf_free(&id);
    buf_free(&body);
}

void archive_answer(struct run *run, struct question *question, const xmlNode *iq)
{
    const struct room *room = &run->world.rooms[question->room];
    xmlNode *fin = tree_child(iq, "fin", NS_MAM);
    if (!fin) {
        run_fault(run, "room %u does not give its archive", room->number);
    } else if (tree_attr_is(fin, "complete", "true")) {
        if (question->at < room->archive.count)
            run_fault(run, "room %u: the archive ends before message %u (%s), which stood there",
                      room->number, room->archive.items[question->at].number,
                      room->archive.items[question->at].id);
    } else {
        question->open = true;
        run->open++;
        ask(run, question);
    }
}

/* ---- Comparing ---- */

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct said *)a)->id, ((const struct said *)b)->id);
}

/* Is there nothing between the two that should have been seen? */
static bool follows(const struct said *before, const struct said *found)
{
    const struct said *next = before + 1;
    while (next < found && next->stay == WORDS_CUT)
        next++;
    return next == found;
}

/* What one user saw, in the order of seeing. */
static bool check_seen(struct run *run, const struct room *room, uint32_t seat)
{
    const struct said_list *seen = &room->seats[seat].seen, *archive = &room->archive;
    const struct said *before = NULL;
    for (size_t i = 0; i < seen->count; i++) {
        const struct said *said = &seen->items[i], *found = NULL;
        if (archive->count)
            found = bsearch(said, archive->items, archive->count, sizeof *said, compare);
        if (!found)
            return run_fault(run,
                             "room %u: message %u (%s), which user %u saw, is not in the archive",
                             room->number, said->number, said->id, seat);
        if (found->number != said->number)
            return run_fault(run, "room %u: under %s user %u saw message %u, the archive has %u",
                             room->number, said->id, seat, said->number, found->number);
        if (before && i && seen->items[i - 1].stay == said->stay && !follows(before, found))
            return run_fault(run, "room %u: user %u saw message %u next to message %u",
                             room->number, seat, said->number, before->number);
        before = found;
    }
    return true;
}

static bool check_room(struct run *run, struct room *room)
{
    words_mark(&run->words, &room->archive);
    for (uint32_t seat = 0; seat < run->world.seats; seat++) {
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
    for (uint32_t i = 0; i < run->world.count; i++) {
        struct room *room = &run->world.rooms[i];
        if (!room->shape.exists)
            continue;
        struct question *question = run_ask(run, ASK_ARCHIVE, i);
        question->at = whole ? 0 : room->archive.count;
        ask(run, question);
    }
    if (!run_ask_end(run))
        return false;
    for (uint32_t i = 0; i < run->world.count; i++) {
        if (!check_room(run, &run->world.rooms[i]))
            return false;
    }
    return true;
}
