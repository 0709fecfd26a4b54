/*
 * Immutable bytes with a counted reference: a stanza that was rendered once and is copied to many.
 * blob_ref() gives one more reference, blob_unref() takes one and frees with the last. A blob of no
 * bytes is NULL, and allowed everywhere.
 */
#ifndef COVEN_BLOB_H
#define COVEN_BLOB_H

#include <stddef.h>
#include <stdint.h>

#include "coven/span.h"

struct blob {
    uint32_t refs;
    uint32_t len;
    char data[]; /* `len` bytes and a NUL */
};

/* One reference, owned by the caller; NULL for no bytes. Less than UINT32_MAX of them. */
struct blob *blob_new(struct span bytes);

struct blob *blob_ref(struct blob *blob);
void blob_unref(struct blob *blob);

static inline size_t blob_len(const struct blob *blob)
{
    return blob ? blob->len : 0;
}

static inline struct span blob_span(const struct blob *blob)
{
    return blob ? (struct span){blob->data, blob->len} : (struct span){NULL, 0};
}

#endif
