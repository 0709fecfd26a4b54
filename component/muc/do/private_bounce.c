#include "private_bounce.h"

#include <stdlib.h>
#include <string.h>

#include "coven/blob.h"
#include "coven/mem.h"
#include "muc/say/draft.h"
#include "muc/say/redact.h"
#include "muc/state/occupant.h"
#include "muc/state/request.h"
#include "muc/state/service_state.h"
#include "muc/state/user.h"

#define ID_MAX 256 /* bytes; messages with longer ids are not remembered */

struct whisper {
    struct user *user; /* the author; NULL: this place of the ring is empty */
    struct blob *jid;  /* the author's full JID */
    int64_t until_ms;  /* of the monotonic clock */
    uint32_t copies;   /* number of copies that have not bounced before this turn */
    uint32_t back;     /* number of copies that bounced in this turn */
    struct whisper *next_touched;
    bool has_id;
    uint32_t id_at, key_len; /* bytes of `text` before the id, and of the key */
    uint32_t len, size;      /* bytes of `text`, used and allocated */
    char *text; /* the key, followed by the recipient as the author knows it, ROOM/NICK */
};

/* The key of a message consists of what its error contains: author, id and recipient. The recipient
 * is a bare JID, because each of its sessions may have a copy. */
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

static unsigned hash_of(const struct service *service, struct span key)
{
    unsigned hash = hash_span(&service->seed, key);
    return hash ? hash : 1;
}

static void forget(struct service *service, struct whisper *whisper)
{
    struct whispers *whispers = service->whispers;
    if (!whisper->user)
        return;
    whispers->hashes[whisper - whispers->ring] = 0;
    whispers->count--;
    user_unwhisper(service, whisper->user);
    blob_unref(whisper->jid);
    whisper->user = NULL;
}

static void free_ring(struct service *service)
{
    struct whispers *whispers = service->whispers;
    for (unsigned i = 0; i < whispers->size; i++) {
        forget(service, &whispers->ring[i]);
        free(whispers->ring[i].text);
    }
    free(whispers->ring);
    free(whispers->hashes);
    *whispers = (struct whispers){.size = 0};
}

/* ---- Sent ---- */

static void make_ring(struct service *service)
{
    unsigned size = service->settings.limits.whispers;
    free_ring(service);
    service->whispers->ring = mem_new(size * sizeof *service->whispers->ring);
    service->whispers->hashes = mem_new(size * sizeof *service->whispers->hashes);
    service->whispers->size = size;
}

/* Clears the place of the oldest message. NULL: a limit is reached, or this turn uses it. */
static struct whisper *make_room(struct service *service, const struct user *author)
{
    struct whispers *whispers = service->whispers;
    const struct service_limits *limits = &service->settings.limits;
    if (limits->whispers != whispers->size && whispers->fresh == 0 && !whispers->touched)
        make_ring(service);
    if (whispers->fresh >= whispers->size || author->whispers >= limits->user_whispers)
        return NULL;
    struct whisper *whisper = &whispers->ring[whispers->next];
    if (whisper->back > 0)
        return NULL;
    forget(service, whisper);
    whispers->next = (whispers->next + 1) % whispers->size;
    whispers->fresh++;
    return whisper;
}

static void set_text(struct whisper *whisper, struct span key, struct span recipient)
{
    size_t len = key.len + recipient.len;
    if (len > whisper->size) {
        whisper->text = mem_resize(whisper->text, len);
        whisper->size = (uint32_t)len;
    }
    memcpy(whisper->text, key.at, key.len);
    memcpy(whisper->text + key.len, recipient.at, recipient.len);
    whisper->key_len = (uint32_t)key.len;
    whisper->len = (uint32_t)len;
}

void private_bounce_remember(const struct request *request, const struct occupant *recipient)
{
    struct service *service = request->service;
    const struct occupant *author = request->session->occupant;
    bool is_long = request->id && strlen(request->id) > ID_MAX;
    struct whisper *whisper = is_long ? NULL : make_room(service, author->user);
    if (!whisper)
        return;
    struct span key =
        key_of(service, occupant_address(author), request->id, span_of(occupant_bare(recipient)));
    set_text(whisper, key, occupant_address(recipient));
    whisper->id_at = author->address_len + 1;
    whisper->has_id = request->id != NULL;
    whisper->until_ms = service->mono_ms + (int64_t)service->settings.limits.whisper_seconds * 1000;
    whisper->copies = recipient->session_count;
    whisper->user = author->user;
    whisper->jid = blob_ref(request->session->jid);
    user_whisper(whisper->user);
    service->whispers->count++;
    service->whispers->hashes[whisper - service->whispers->ring] = hash_of(service, key);
}

/* ---- Bounced ---- */

static struct span recipient_of(const struct whisper *whisper)
{
    return (struct span){whisper->text + whisper->key_len, whisper->len - whisper->key_len};
}

/* Sends only the error's type and condition: a text may name the recipient. */
static void tell_author(struct request *request, const struct whisper *whisper)
{
    struct service *service = request->service;
    const char *id = whisper->has_id ? whisper->text + whisper->id_at : NULL;
    struct draft draft = draft_open(service, "message", recipient_of(whisper), "error", id);
    draft_to(&draft, blob_span(whisper->jid));
    redact_error_open(&draft.xml, request->stanza);
    xml_close(&draft.xml);
    struct lane *lane = request->room ? request->room->lane : service->lane;
    outbox_send(service->outbox, lane, draft_close(&draft));
}

static struct whisper *find(struct service *service, struct span key)
{
    struct whispers *whispers = service->whispers;
    unsigned hash = hash_of(service, key);
    for (unsigned i = 0; i < whispers->size; i++) {
        struct whisper *whisper = &whispers->ring[i];
        if (whispers->hashes[i] == hash && whisper->back < whisper->copies &&
            span_equal(key, (struct span){whisper->text, whisper->key_len}))
            return whisper;
    }
    return NULL;
}

bool private_bounce_handle(struct request *request)
{
    struct service *service = request->service;
    if (request->kind != KIND_MESSAGE || service->whispers->count == 0)
        return false;
    struct span key =
        key_of(service, jid_full(&request->to), request->id, jid_bare(&request->from));
    struct whisper *whisper = find(service, key);
    if (!whisper)
        return false;
    if (whisper->back++ == 0) {
        whisper->next_touched = service->whispers->touched;
        service->whispers->touched = whisper;
    }
    if (whisper->back == whisper->copies)
        tell_author(request, whisper);
    return true;
}

/* ---- Turns and time ---- */

/* Starts with the oldest. Places in between may be empty already. */
void private_bounce_expire(struct service *service)
{
    struct whispers *whispers = service->whispers;
    for (unsigned i = 0; i < whispers->size && whispers->count > 0; i++) {
        struct whisper *whisper = &whispers->ring[(whispers->next + i) % whispers->size];
        if (whisper->user && whisper->until_ms > service->mono_ms)
            return;
        forget(service, whisper);
    }
}

static void take_back(struct service *service)
{
    struct whispers *whispers = service->whispers;
    for (; whispers->fresh > 0; whispers->fresh--) {
        whispers->next = (whispers->next + whispers->size - 1) % whispers->size;
        forget(service, &whispers->ring[whispers->next]);
    }
}

void private_bounce_settle(struct service *service, bool committed)
{
    struct whispers *whispers = service->whispers;
    struct whisper *whisper = whispers->touched;
    for (; whisper; whisper = whisper->next_touched) {
        whisper->copies -= committed ? whisper->back : 0;
        whisper->back = 0;
        if (whisper->copies == 0)
            forget(service, whisper);
    }
    whispers->touched = NULL;
    if (!committed)
        take_back(service);
    whispers->fresh = 0;
}

void private_bounce_free(struct service *service)
{
    free_ring(service);
    free(service->whispers);
}
