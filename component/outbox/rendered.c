#include <stdlib.h>

#include "coven/bug.h"
#include "outbox_parts.h"

/* The ranges are in order, do not overlap, and lie after the address and within the bytes. */
static bool real_is_sound(const struct rendered *rendered)
{
    uint32_t end = rendered->to_at;
    for (uint32_t i = 0; i < rendered->real_count; i++) {
        const struct rendered_real *real = &rendered->real[i];
        if (real->at < end || real->at > rendered->len || real->len > rendered->len - real->at)
            return false;
        end = real->at + real->len;
    }
    return true;
}

struct rendered *rendered_new(struct span bytes, uint32_t to_at, const struct rendered_real *real,
                              uint32_t real_count)
{
    coven_assert(bytes.len <= OUTBOX_STANZA_MAX);
    coven_assert(to_at == RENDERED_NO_TO ? real_count == 0 : to_at <= bytes.len);
    coven_assert(real_count <= RENDERED_REAL_MAX);
    size_t real_size = real_count * sizeof *real;
    struct rendered *rendered = mem_resize(NULL, sizeof *rendered + real_size + bytes.len);
    char *copy = (char *)rendered->real + real_size;
    rendered->refs = 1;
    rendered->len = (uint32_t)bytes.len;
    rendered->to_at = to_at;
    rendered->real_count = real_count;
    rendered->bytes = copy;
    if (real_count)
        memcpy(rendered->real, real, real_size);
    if (bytes.len)
        memcpy(copy, bytes.at, bytes.len);
    coven_assert(real_is_sound(rendered));
    return rendered;
}

struct rendered *rendered_ref(struct rendered *rendered)
{
    if (rendered)
        rendered->refs++;
    return rendered;
}

void rendered_unref(struct rendered *rendered)
{
    if (!rendered)
        return;
    coven_assert(rendered->refs > 0);
    if (--rendered->refs == 0)
        free(rendered);
}

/* ---- Copies ---- */

size_t rendered_copy_len(const struct rendered *stanza, const struct blob *address, bool sees_real)
{
    size_t len = stanza->len + (address ? address->len : 0);
    for (uint32_t i = 0; i < stanza->real_count && !sees_real; i++)
        len -= stanza->real[i].len;
    return len;
}

static char *add(char *out, const char *bytes, size_t len)
{
    memcpy(out, bytes, len);
    return out + len;
}

char *rendered_write(const struct rendered *stanza, uint32_t from, uint32_t to, bool sees_real,
                     char *out)
{
    for (uint32_t i = 0; i < stanza->real_count && !sees_real; i++) {
        const struct rendered_real *real = &stanza->real[i];
        if (real->at < from || real->at >= to)
            continue;
        out = add(out, stanza->bytes + from, real->at - from);
        from = real->at + real->len;
    }
    return add(out, stanza->bytes + from, to - from);
}

static void copy_write(char *out, const struct rendered *stanza, const struct blob *address,
                       bool sees_real)
{
    uint32_t done = 0;
    if (address) {
        out = add(out, stanza->bytes, stanza->to_at);
        out = add(out, address->data, address->len);
        done = stanza->to_at;
    }
    rendered_write(stanza, done, stanza->len, sees_real, out);
}

bool rendered_equal(const struct rendered *a, const struct rendered *b, bool sees_real)
{
    size_t len = rendered_copy_len(a, NULL, sees_real);
    if (a->to_at != b->to_at || rendered_copy_len(b, NULL, sees_real) != len)
        return false;
    char *copies = mem_new(2 * len + 1);
    copy_write(copies, a, NULL, sees_real);
    copy_write(copies + len, b, NULL, sees_real);
    bool equal = memcmp(copies, copies + len, len) == 0;
    free(copies);
    return equal;
}

/* A stanza's name begins with another letter for each kind. */
void slice_count(struct slice *slice, const struct rendered *stanza, uint32_t recipients)
{
    char letter = stanza->len > 1 ? stanza->bytes[1] : '\0';
    slice->sent[letter == 'm' ? 0 : letter == 'p' ? 1 : 2] += recipients;
}

bool slice_put(struct slice *slice, const struct rendered *stanza, const struct blob *address,
               bool sees_real)
{
    size_t len = rendered_copy_len(stanza, address, sees_real);
    if (slice->lane_used > 0 && slice->lane_used + len > slice->lane_share)
        return false;
    uint64_t weight = slice->weight + OUTBOX_COPY_WEIGHT + len;
    if (slice->used + len > (slice->used > 0 ? slice->aim : slice->size) ||
        (slice->used > 0 && weight > slice->most)) {
        slice->full = true;
        return false;
    }
    copy_write(slice->data + slice->used, stanza, address, sees_real);
    slice->used += len;
    slice->lane_used += len;
    slice->weight = weight;
    slice_count(slice, stanza, 1);
    return true;
}
