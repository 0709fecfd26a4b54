#include "coven/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/mem.h"

#define BUF_FIRST 64

void buf_free(struct buf *buf)
{
    free(buf->data);
    *buf = BUF_INIT;
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

void buf_cut(struct buf *buf, size_t len)
{
    coven_assert(len <= buf->len);
    buf->len = len;
    if (buf->data)
        buf->data[len] = '\0';
}

void buf_consume(struct buf *buf, size_t count)
{
    coven_assert(count <= buf->len);
    if (count == 0)
        return;
    memmove(buf->data, buf->data + count, buf->len - count);
    buf_cut(buf, buf->len - count);
}

char *buf_reserve(struct buf *buf, size_t more)
{
    size_t need = buf->len + more + 1;
    coven_assert(need > more);
    if (need > buf->cap) {
        size_t cap = buf->cap ? buf->cap : BUF_FIRST;
        while (cap < need)
            cap *= 2;
        buf->data = mem_resize(buf->data, cap);
        buf->cap = cap;
    }
    return buf->data + buf->len;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    coven_assert(len >= 0);
    vsnprintf(buf_reserve(buf, (size_t)len), (size_t)len + 1, format, again);
    va_end(again);
    buf->len += (size_t)len;
}

char *buf_take(struct buf *buf)
{
    buf_reserve(buf, 0)[0] = '\0';
    char *text = buf->data;
    *buf = BUF_INIT;
    return text;
}
