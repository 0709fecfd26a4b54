/*
 * What has the server looked at? Since 2.6 expat looks again at a tag that had not come whole only
 * when it has twice as much, and at nothing behind it before: a server that reads with it, and
 * some kilobytes at a time, would keep everybody waiting behind a stranger's long attribute until
 * others have said as much. So spaces follow a slice that has a long tag in it, as many as the tag
 * has bytes.
 */

#include <string.h>

#include "link/link_private.h"

#define WINDOW 512 /* a tag of twice as many bytes has one in which nothing ends */

/* Only markup has a '>': it is escaped elsewhere. So most windows are done with their first one. */
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
