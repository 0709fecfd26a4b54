/*
 * A growing buffer of bytes. `data` always has a NUL behind `len` bytes once anything was added (or
 * is NULL). Start with BUF_INIT or zeroed memory; release with buf_free().
 */
#ifndef COVEN_BUF_H
#define COVEN_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "coven/span.h"

struct buf {
    char *data;
    size_t len;
    size_t cap;
};

#define BUF_INIT ((struct buf){NULL, 0, 0})

void buf_free(struct buf *buf);

/* Forgets the bytes and keeps the memory. */
void buf_clear(struct buf *buf);

/* Cuts the buffer to `len`, which is not above the present length. */
void buf_cut(struct buf *buf, size_t len);

/* Takes `count` bytes away from the front. */
void buf_consume(struct buf *buf, size_t count);

/* Makes room for `more` bytes behind the end (and a NUL) and returns where they go. */
char *buf_reserve(struct buf *buf, size_t more);

/* These are most of what the writer of XML does, so they are inline. */
static inline void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    char *end = buf->cap - buf->len > len ? buf->data + buf->len : buf_reserve(buf, len);
    if (len)
        memcpy(end, bytes, len);
    end[len] = '\0';
    buf->len += len;
}

static inline void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

static inline void buf_add_span(struct buf *buf, struct span span)
{
    buf_add(buf, span.at, span.len);
}

static inline void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What the buffer holds, as a string that the caller frees; the buffer is empty afterwards. */
char *buf_take(struct buf *buf);

static inline struct span buf_span(const struct buf *buf)
{
    return (struct span){buf->data, buf->len};
}

#endif
