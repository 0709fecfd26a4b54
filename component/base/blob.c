#include "coven/blob.h"

#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/mem.h"

struct blob *blob_new(struct span bytes)
{
    coven_assert(bytes.len < UINT32_MAX);
    if (bytes.len == 0)
        return NULL;
    struct blob *blob = mem_resize(NULL, sizeof *blob + bytes.len + 1);
    blob->refs = 1;
    blob->len = (uint32_t)bytes.len;
    memcpy(blob->data, bytes.at, bytes.len);
    blob->data[bytes.len] = '\0';
    return blob;
}

struct blob *blob_ref(struct blob *blob)
{
    if (blob)
        blob->refs++;
    return blob;
}

void blob_unref(struct blob *blob)
{
    if (!blob)
        return;
    coven_assert(blob->refs > 0);
    if (--blob->refs == 0)
        free(blob);
}
