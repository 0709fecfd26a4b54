/*
 * Immutable bytes with a reference count, such as a stanza that is rendered once and copied to many
 * recipients. A blob of no bytes is NULL, and allowed everywhere.
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

/* A copy of `bytes`, fewer than UINT32_MAX, with one reference that the caller owns. */
struct blob *blob_new(struct span bytes);

/* Adds a reference, which the caller owns. Returns the blob. */
struct blob *blob_ref(struct blob *blob);

/* Gives a reference up; the last one frees the blob. */
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
