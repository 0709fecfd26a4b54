#include "whisper.h"

#include <stdlib.h>
#include <utlist.h>

#include "coven/mem.h"
#include "occupant.h"
#include "redact.h"
#include "request.h"
#include "room.h"
#include "service_state.h"

#define FORGOTTEN_MAX 2000 /* in one turn: about a millisecond */

struct whisper {
    struct table_link link; /* of the service, by key */
    struct whisper *prev, *next;
    struct whisper *next_touched;
    struct place *place; /* of the author */
    char *key;
    size_t key_len;
    char *author;    /* full JID */
    char *recipient; /* ROOM/NICK, as the author knows it */
    char *id;        /* NULL: it had none */
    int64_t until_ms;
    unsigned copies;     /* that did not come back yet */
    unsigned back;       /* those that came back in this turn */
    bool fresh, touched; /* sent in this turn, is in its list */
};

/* What an error has of the message: from whom, under which id, to whom. Of the recipient only who
 * it is, and not which of its sessions: each may have a copy. */
static struct span key_of(struct service *service, struct span author, const char *id,
                          struct span recipient)
{
    struct buf *key = &service->scratch;
    buf_clear(key);
    buf_add_span(key, author);
    buf_add_char(key, '\0');
    buf_add_text(key, id ? id : "");
    buf_add_char(key, '\0');
    buf_add_span(key, recipient);
    return buf_span(key);
}

static bool has_key(const struct table_link *link, struct span key)
{
    const struct whisper *whisper = TABLE_ITEM(link, const struct whisper, link);
    return span_equal(key, (struct span){whisper->key, whisper->key_len});
}

static void forget(struct service *service, struct whisper *whisper)
{
    struct whispers *whispers = &service->whispers;
    table_remove(&whispers->by_key, &whisper->link);
    DL_DELETE(whispers->oldest, whisper);
    place_give_back(&whispers->places, whisper->place);
    free(whisper->key);
    free(whisper->author);
    free(whisper->recipient);
    free(whisper->id);
    free(whisper);
}

static void touch(struct service *service, struct whisper *whisper)
{
    if (whisper->touched)
        return;
    whisper->touched = true;
    whisper->next_touched = service->whispers.touched;
    service->whispers.touched = whisper;
}

/* ---- On its way ---- */

/* The oldest gives way, but for those of this turn. */
static bool make_room(struct service *service, struct span author)
{
    struct whispers *whispers = &service->whispers;
    const struct service_limits *limits = &service->settings.limits;
    struct whisper *oldest = whispers->oldest;
    if (places_of(&whispers->places, &service->seed, author) >= limits->user_whispers)
        return false;
    if (whispers->places.count < limits->whispers)
        return true;
    if (!oldest || oldest->touched)
        return false;
    forget(service, oldest);
    return true;
}

void whisper_add(const struct request *request, const struct occupant *recipient)
{
    struct service *service = request->service;
    const struct occupant *author = request->session->occupant;
    struct span bare = jid_bare(&request->from), full = jid_full(&request->from);
    if (!make_room(service, bare))
        return;
    struct span key =
        key_of(service, occupant_address(author), request->id, span_of(occupant_bare(recipient)));
    struct whisper *whisper = mem_new(sizeof *whisper);
    whisper->key = mem_copy(key.at, key.len);
    whisper->key_len = key.len;
    whisper->author = mem_copy(full.at, full.len);
    whisper->recipient = mem_copy(recipient->address, recipient->address_len);
    whisper->id = mem_string(request->id);
    whisper->until_ms = service->mono_ms + (int64_t)service->settings.limits.whisper_seconds * 1000;
    whisper->copies = recipient->session_count;
    whisper->fresh = true;
    whisper->place = place_take(&service->whispers.places, &service->seed, bare);
    table_add(&service->whispers.by_key, &whisper->link, hash_span(&service->seed, key));
    DL_APPEND(service->whispers.oldest, whisper);
    touch(service, whisper);
}

/* ---- And back ---- */

/* Type and condition alone: a text may tell who the recipient is. */
static void tell_author(struct request *request, const struct whisper *whisper)
{
    struct service *service = request->service;
    struct draft draft =
        draft_open(service, "message", span_of(whisper->recipient), "error", whisper->id);
    draft_to(&draft, span_of(whisper->author));
    redact_error_open(&draft.xml, request->stanza);
    xml_close(&draft.xml);
    struct lane *lane = request->room ? request->room->lane : service->lane;
    outbox_send(service->outbox, lane, draft_close(&draft));
}

bool whisper_bounce(struct request *request)
{
    struct service *service = request->service;
    if (request->kind != KIND_MESSAGE || service->whispers.places.count == 0)
        return false;
    struct span key =
        key_of(service, jid_full(&request->to), request->id, jid_bare(&request->from));
    struct table_link *link =
        table_find(&service->whispers.by_key, hash_span(&service->seed, key), has_key, key);
    struct whisper *whisper = link ? TABLE_ITEM(link, struct whisper, link) : NULL;
    if (!whisper || whisper->back == whisper->copies)
        return false;
    whisper->back++;
    touch(service, whisper);
    if (whisper->back == whisper->copies)
        tell_author(request, whisper);
    return true;
}

/* ---- Turns and time ---- */

void whispers_expire(struct service *service)
{
    struct whisper *oldest = service->whispers.oldest;
    unsigned left = FORGOTTEN_MAX;
    for (; oldest && oldest->until_ms <= service->mono_ms && !oldest->touched && left > 0; left--) {
        forget(service, oldest);
        oldest = service->whispers.oldest;
    }
}

void whispers_settle(struct service *service, bool committed)
{
    struct whisper *whisper = service->whispers.touched;
    service->whispers.touched = NULL;
    while (whisper) {
        struct whisper *next = whisper->next_touched;
        bool over = !committed && whisper->fresh;
        if (committed)
            whisper->copies -= whisper->back;
        whisper->back = 0;
        whisper->fresh = whisper->touched = false;
        if (over || whisper->copies == 0)
            forget(service, whisper);
        whisper = next;
    }
}

void whispers_free(struct service *service)
{
    while (service->whispers.oldest)
        forget(service, service->whispers.oldest);
}
