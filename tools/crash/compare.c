#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "excused.h"

static bool same_rank(const struct face *a, const struct face *b)
{
    return strcmp(a->role, b->role) == 0 && strcmp(a->affiliation, b->affiliation) == 0;
}

static bool same_jids(const struct face *a, const struct face *b)
{
    for (unsigned i = 0; i < a->jid_count && i < b->jid_count; i++) {
        if (strcmp(a->jids[i], b->jids[i]) != 0)
            return false;
    }
    return a->jid_count == b->jid_count;
}

static bool same_face(const struct face *seen, const struct face *truth)
{
    return same_rank(seen, truth) && strcmp(seen->show, truth->show) == 0 &&
           strcmp(seen->status, truth->status) == 0;
}

/* A session sees under its own nick what it sent itself, and the others what the face of the
 * occupant shows, which may be another session. */
static bool same_looks(const struct face *seen, const struct face *truth, const char *own)
{
    bool shared = truth->jid_count > 1 && strcmp(seen->nick, own) == 0;
    return shared ? same_rank(seen, truth) : same_face(seen, truth);
}

static bool fit_addresses(const struct face *seen, const struct face *truth, bool nonanonymous,
                          const char *own)
{
    return nonanonymous ? same_jids(seen, truth)
                        : seen->jid_count == 0 || strcmp(seen->nick, own) == 0;
}

static bool differ(const struct face *seen, const struct face *truth, struct buf *why)
{
    face_describe(seen, why);
    buf_add_text(why, ", which is ");
    face_describe(truth, why);
    return false;
}

static bool has_all(const struct faces *seen, const struct faces *truth, struct buf *why)
{
    for (size_t i = 0; i < truth->count; i++) {
        if (!faces_find(seen, truth->list[i].nick)) {
            buf_add_text(why, "nobody as ");
            face_describe(&truth->list[i], why);
            return false;
        }
    }
    return true;
}

static bool has_only(const struct faces *seen, const struct faces *truth, struct buf *why)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (!faces_find(truth, seen->list[i].nick)) {
            face_describe(&seen->list[i], why);
            buf_add_text(why, ", who is not inside");
            return false;
        }
    }
    return true;
}

bool compare_faces(const struct faces *seen, const struct faces *truth, bool nonanonymous,
                   const char *own, struct buf *why)
{
    if (!has_all(seen, truth, why) || !has_only(seen, truth, why))
        return false;
    for (size_t i = 0; i < seen->count; i++) {
        const struct face *face = &seen->list[i], *is = faces_find(truth, face->nick);
        if (!same_looks(face, is, own) || !fit_addresses(face, is, nonanonymous, own))
            return differ(face, is, why);
    }
    return true;
}

bool compare_ranks(const struct faces *listed, const struct faces *truth, struct buf *why)
{
    if (!has_all(listed, truth, why) || !has_only(listed, truth, why))
        return false;
    for (size_t i = 0; i < listed->count; i++) {
        const struct face *is = faces_find(truth, listed->list[i].nick);
        if (!same_rank(&listed->list[i], is))
            return differ(&listed->list[i], is, why);
    }
    return true;
}

/* ---- Messages ---- */

static int order(const void *a, const void *b)
{
    return strcmp(((const struct said *)a)->id, ((const struct said *)b)->id);
}

static const struct said *find(const struct said_list *archive, const struct said *said)
{
    if (archive->count == 0)
        return NULL;
    return bsearch(said, archive->items, archive->count, sizeof *said, order);
}

/* The position while walking through the messages that were seen. */
struct walk {
    const struct said *last; /* in the archive; NULL: the stay has just begun */
    bool past;               /* `last` came as history */
    unsigned gaps;           /* still allowed */
};

/* The message that should come next. */
static const struct said *next_of(const struct walk *walk, const struct said *found)
{
    const struct said *next = walk->last + 1;
    while (next < found && (next->stay == EXCUSED || (walk->past && next->stay == VIEW_NO_HISTORY)))
        next++;
    return next;
}

static bool follows(struct walk *walk, const struct said *found, struct buf *why)
{
    const struct said *next = walk->last ? next_of(walk, found) : found;
    if (found == next)
        return true;
    if (found <= walk->last) {
        buf_printf(why, "message m%u behind m%u, which is not its order", found->number,
                   walk->last->number);
        return false;
    }
    if (walk->gaps > 0) {
        walk->gaps--;
        return true;
    }
    buf_printf(why, "message m%u next to m%u, and not m%u between them", found->number,
               walk->last->number, next->number);
    return false;
}

static bool take_step(struct walk *walk, const struct said *said, const struct said_list *archive,
                      struct buf *why)
{
    if (said->number == SEEN_STAY)
        *walk = (struct walk){.gaps = said->stay == VIEW_ON_ITS_WAY};
    else if (said->number == SEEN_DISRUPTION)
        walk->gaps++;
    if (said->number < SEEN_FIRST)
        return true;
    const struct said *found = find(archive, said);
    if (!found || found->number != said->number) {
        buf_printf(why, "message m%u as %s, which the archive does not have", said->number,
                   said->id);
        return false;
    }
    bool ok = follows(walk, found, why);
    walk->last = found;
    walk->past = said->stay == VIEW_PAST;
    return ok;
}

bool compare_messages(const struct said_list *seen, const struct said_list *archive, bool whole,
                      struct buf *why)
{
    struct walk walk = {.gaps = 0};
    for (size_t i = 0; i < seen->count; i++) {
        if (!take_step(&walk, &seen->items[i], archive, why))
            return false;
    }
    const struct said *end = archive->count ? &archive->items[archive->count - 1] : NULL;
    if (!whole || walk.last == end)
        return true;
    if (walk.last)
        buf_printf(why, "message m%u as the last one, which is m%u", walk.last->number,
                   end->number);
    else
        buf_printf(why, "no message, and the last one is m%u", end->number);
    return false;
}

bool compare_archives(const struct said_list *before, const struct said_list *now, struct buf *why)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct said *was = &before->items[i], *is = i < now->count ? &now->items[i] : NULL;
        if (is && is->number == was->number && strcmp(is->id, was->id) == 0)
            continue;
        buf_printf(why, "m%u (%s) in the archive where m%u (%s) was", is ? is->number : 0,
                   is ? is->id : "nothing", was->number, was->id);
        return false;
    }
    return true;
}
