/* The words of a text are UTF-8, hold nothing that FTS5 or its query language could take for
 * something else, and are words themselves. */
#include <string.h>

#include "coven/bug.h"
#include "coven/utf8.h"
#include "store/words.h"

static struct words memory;

static bool is_plain(struct span words)
{
    static const char allowed[] = " \nabcdefghijklmnopqrstuvwxyz0123456789";
    for (size_t i = 0; i < words.len; i++) {
        if (!(words.at[i] & 0x80) && !memchr(allowed, words.at[i], sizeof allowed - 1))
            return false;
    }
    return true;
}

static void join(struct buf *words)
{
    for (size_t i = 0; i < words->len; i++)
        words->data[i] = words->data[i] == '\n' ? ' ' : words->data[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct buf words = BUF_INIT, again = BUF_INIT;
    words_write(&memory, (struct span){(const char *)bytes, len}, &words);
    words_write(&memory, buf_span(&words), &again);
    coven_assert(is_plain(buf_span(&words)));
    coven_assert(words.len == 0 || utf8_is_xml(buf_span(&words)));
    join(&words);
    join(&again);
    coven_assert(span_equal(buf_span(&words), buf_span(&again)));
    buf_free(&words);
    buf_free(&again);
    return 0;
}
