/*
 * Fans whose copies the server makes (outbox.h). The walk over the slots is made once for each
 * group of recipients, because those of one stanza get the same bytes. A group leaves in stanzas of
 * as many recipients as the module takes, and as still fit into the slice.
 */

#include "coven/bug.h"
#include "coven/ns.h"
#include "coven/xml.h"
#include "outbox_parts.h"

/* Where there is room for fewer recipients than this, the next slice or the lane's next turn is
 * better: a stanza has a cost of its own. */
#define LEAST 16

/* Elements of a stanza that may come back: the guard before the parser takes some more. */
#define ELEMENTS_MAX 500

/* The work for a common copy, of some 400 bytes, is that many times its bytes. */
#define WEIGHT_OF_BYTE 6

#define END            "</multi>"

void outbox_multiply(struct outbox *outbox, const char *domain, const struct multi_terms *terms)
{
    struct multi *multi = &outbox->multi;
    outbox->multiplies = terms != NULL;
    if (!terms)
        return;
    coven_assert(terms->recipients >= 2 && terms->recipients <= MULTI_RECIPIENTS_MAX);
    coven_assert(terms->bytes <= MULTI_BYTES_MAX);
    multi->terms = *terms;
    buf_clear(&multi->to);
    xml_escape_attr(&multi->to, span_of(domain));
    buf_clear(&multi->open);
    buf_printf(&multi->open, "<multi xmlns='" NS_MULTI "' key='%s'>", terms->key);
}

/* ---- Groups ---- */

enum multi_group multi_group_of(const struct job *job, const struct slot *slot)
{
    if (!slot->local)
        return MULTI_SINGLY;
    return slot->sees_real || job->stanza->real_count == 0 ? MULTI_REAL : MULTI_HIDDEN;
}

/* The next slot of the group, where the cursor moves; NULL: there is none, or the slice is tired.
 */
static const struct slot *next_of_group(struct job *job, struct slice *slice)
{
    bool is_for_all = job->kind == JOB_FAN;
    for (const struct slot *slot; (slot = job_next(job)); job->cursor++) {
        if ((is_for_all || slot->moderator) && multi_group_of(job, slot) == job->group)
            return slot;
        if (!slice_pass_over(slice))
            return NULL;
    }
    return NULL;
}

/* ---- A stanza for many ---- */

/* A rendered stanza, seen as one that gets a list. */
struct multi_stanza {
    const struct rendered *stanza;
    bool sees_real;
    uint32_t head; /* bytes before the end of its first tag */
    uint32_t tail; /* where its content begins */
    struct span name;
};

static bool has_few_elements(struct span bytes)
{
    unsigned tags = 0;
    for (const char *at = bytes.at, *end = bytes.at + bytes.len;
         (at = memchr(at, '<', (size_t)(end - at))); at++) {
        if (++tags > ELEMENTS_MAX)
            return false;
    }
    return true;
}

bool multi_takes(const struct multi *multi, const struct rendered *stanza)
{
    return stanza->len <= multi->terms.bytes / 2 &&
           has_few_elements((struct span){stanza->bytes, stanza->len});
}

/* False: the stanza cannot go to many at once. A '>' is always the end of a tag, because attributes
 * escape it. */
static bool multi_stanza_open(const struct multi *multi, const struct rendered *stanza,
                              bool sees_real, struct multi_stanza *out)
{
    const char *bytes = stanza->bytes, *end = bytes + stanza->len;
    const char *close = memchr(bytes + stanza->to_at, '>', stanza->len - stanza->to_at);
    const char *space = memchr(bytes, ' ', stanza->to_at);
    if (!close || !space || !multi_takes(multi, stanza))
        return false;
    *out = (struct multi_stanza){
        .stanza = stanza,
        .sees_real = sees_real,
        .head = (uint32_t)(close - bytes) - (close[-1] == '/'),
        .tail = (uint32_t)(close + 1 - bytes),
        .name = {bytes + 1, (size_t)(space - bytes - 1)},
    };
    coven_assert(out->tail <= (uint32_t)(end - bytes));
    return stanza->real_count == 0 || stanza->real[0].at >= out->tail;
}

/* Bytes without the list. */
static size_t frame_len(const struct multi *multi, const struct multi_stanza *open)
{
    return rendered_copy_len(open->stanza, NULL, open->sees_real) + multi->to.len +
           multi->open.len + sizeof END + open->name.len + sizeof "</>";
}

static char *add(char *out, struct span bytes)
{
    memcpy(out, bytes.at, bytes.len);
    return out + bytes.len;
}

/* The recipients of one stanza. */
struct recipients {
    const struct blob *addresses[MULTI_RECIPIENTS_MAX];
    uint32_t count;
    size_t list_len; /* bytes, with a tab after each */
};

static char *write_list(const struct recipients *recipients, char *out)
{
    for (uint32_t i = 0; i < recipients->count; i++) {
        if (i > 0)
            *out++ = '\t';
        out = add(out, blob_span(recipients->addresses[i]));
    }
    return out;
}

static void write_multi(struct slice *slice, const struct multi_stanza *open,
                        const struct recipients *recipients)
{
    const struct rendered *stanza = open->stanza;
    char *begin = slice->data + slice->used, *out = begin;
    out = rendered_write(stanza, 0, stanza->to_at, open->sees_real, out);
    out = add(out, buf_span(&slice->multi->to));
    out = rendered_write(stanza, stanza->to_at, open->head, open->sees_real, out);
    *out++ = '>';
    out = add(out, buf_span(&slice->multi->open));
    out = write_list(recipients, out);
    out = add(out, span_of(END));
    out = rendered_write(stanza, open->tail, stanza->len, open->sees_real, out);
    if (open->tail - open->head == sizeof "/>" - 1) {
        out = add(out, span_of("</"));
        out = add(out, open->name);
        *out++ = '>';
    }
    slice->used += (size_t)(out - begin);
    coven_assert(slice->used <= slice->size);
}

/* ---- How many ---- */

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t weight_of(uint32_t copies, size_t len)
{
    return copies * (OUTBOX_COPY_WEIGHT + len) / MULTI_WEIGHT_PART;
}

/* What a lane's share, which is in bytes, is charged for the server's work. */
static uint64_t share_of(uint64_t weight)
{
    return weight / WEIGHT_OF_BYTE;
}

/* The number of copies of `len` bytes that may still be added; 0: none, and the slice may be full.
 */
static uint64_t copies_left(struct slice *slice, size_t len)
{
    uint64_t weight = weight_of(1, len), share = share_of(weight);
    uint64_t most = slice->most > slice->weight ? (slice->most - slice->weight) / weight : 0;
    uint64_t left =
        slice->lane_share > slice->lane_used ? (slice->lane_share - slice->lane_used) / share : 0;
    if (most < LEAST && slice->used > 0) {
        slice->full = true;
        return 0;
    }
    if (left < LEAST && slice->lane_used > 0)
        return 0;
    most = most < LEAST ? LEAST : most;
    return lesser(left < LEAST ? LEAST : left, lesser(most, slice->multi->terms.recipients));
}

/* A single stanza before may exceed the aim. */
static size_t bytes_left(const struct slice *slice)
{
    size_t end = slice->used > 0 ? slice->aim : slice->size;
    return end > slice->used ? end - slice->used : 0;
}

/* Gathers recipients from `slot` on, as many as one stanza may have. */
static void gather(struct job *job, struct slice *slice, const struct slot *slot, size_t frame,
                   uint64_t most, struct recipients *out)
{
    size_t limit = lesser(bytes_left(slice), slice->multi->terms.bytes);
    for (; slot && out->count < most; slot = next_of_group(job, slice)) {
        if (frame + out->list_len + slot->address->len + 1 > limit)
            return;
        out->addresses[out->count++] = slot->address;
        out->list_len += slot->address->len + 1;
        job->cursor++;
    }
}

/* ---- Filling ---- */

static bool put_one(struct job *job, struct slice *slice, const struct slot *slot)
{
    if (!slice_put(slice, job->stanza, slot->address, slot->sees_real))
        return false;
    job->cursor++;
    return true;
}

/* Adds one stanza for recipients from `slot` on. */
static bool put_many(struct job *job, struct slice *slice, const struct slot *slot,
                     const struct multi_stanza *open)
{
    uint32_t begin = job->cursor;
    size_t len = rendered_copy_len(job->stanza, slot->address, open->sees_real);
    uint64_t most = copies_left(slice, len);
    struct recipients recipients = {.count = 0};
    if (most == 0)
        return false;
    gather(job, slice, slot, frame_len(slice->multi, open), most, &recipients);
    if (recipients.count < 2) {
        job->cursor = begin;
        return put_one(job, slice, slot);
    }
    write_multi(slice, open, &recipients);
    uint64_t weight = weight_of(recipients.count, len);
    slice->lane_used += share_of(weight);
    slice->weight += weight;
    slice_count(slice, job->stanza, recipients.count);
    return true;
}

static bool group_fill(struct job *job, struct slice *slice)
{
    struct multi_stanza open;
    bool many = job->group != MULTI_SINGLY && slice->multi &&
                multi_stanza_open(slice->multi, job->stanza, job->group == MULTI_REAL, &open);
    for (const struct slot *slot; (slot = next_of_group(job, slice));) {
        if (!(many ? put_many(job, slice, slot, &open) : put_one(job, slice, slot)))
            return false;
    }
    return !slice->tired;
}

bool multi_fill(struct job *job, struct slice *slice)
{
    for (; job->group <= MULTI_SINGLY; job->group++, job->cursor = 0) {
        if (!group_fill(job, slice))
            return false;
    }
    return true;
}
