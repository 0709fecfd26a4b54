/* Since 2.6, expat looks at an incomplete tag again only when its input has doubled, and at nothing
 * after the tag before. With a server that uses expat and reads some kilobytes at a time, a
 * stranger's long attribute would delay everybody until others had sent as many bytes. So a slice
 * with a long tag is followed by as many spaces as the tag has bytes. */

#include <string.h>

#include "link/link_private.h"

#define WINDOW 512 /* a tag of twice as many bytes spans a whole one */

/* A '>' is always the end of markup, because text escapes it. Most windows have one, and cannot lie
 * inside a long tag. */
static size_t longest_tag(const char *begin, const char *end)
{
    size_t longest = 0;
    for (const char *at = begin; end - at >= WINDOW;) {
        if (memchr(at, '>', WINDOW)) {
            at += WINDOW;
            continue;
        }
        const char *before = memrchr(begin, '>', (size_t)(at - begin));
        const char *from = before ? before + 1 : begin;
        const char *open = memchr(from, '<', (size_t)(end - from));
        const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
        if (!close)
            break;
        size_t len = (size_t)(close + 1 - open);
        longest = len > longest ? len : longest;
        at = close + 1;
    }
    return longest;
}

size_t link_pad_take(char *slice, size_t len, size_t size)
{
    size_t longest = longest_tag(slice, slice + len);
    if (longest < WINDOW)
        return 0;
    size_t pad = longest < size - len ? longest : size - len;
    memset(slice + len, ' ', pad);
    return pad;
}
