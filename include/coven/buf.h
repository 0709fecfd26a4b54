/*
 * A growing buffer of bytes. `data` is NULL until bytes are added; then a NUL follows its `len`
 * bytes. Begin with BUF_INIT or zeroed memory, end with buf_free().
 */
#ifndef COVEN_BUF_H
#define COVEN_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "coven/span.h"

struct buf {
    char *data;
    size_t len;
    size_t cap; /* allocated bytes, the NUL included */
};

#define BUF_INIT ((struct buf){NULL, 0, 0})

/* Frees the bytes; the buffer is empty and can be used again. */
void buf_free(struct buf *buf);

/* Empties the buffer and keeps its memory. */
void buf_clear(struct buf *buf);

/* Shortens the buffer to `len` bytes, at most its present length. */
void buf_cut(struct buf *buf, size_t len);

/* Removes `count` bytes from the front. */
void buf_consume(struct buf *buf, size_t count);

/* Makes room for `more` bytes and a NUL after the end. Returns where they go; the caller writes
 * them and adds to `len`. */
char *buf_reserve(struct buf *buf, size_t more);

/* The next four are inline because the XML writer spends most of its time in them. */
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

/* Moves the content out: a string that the caller frees with free(). The buffer is empty then. */
char *buf_take(struct buf *buf);

static inline struct span buf_span(const struct buf *buf)
{
    return (struct span){buf->data, buf->len};
}

#endif
