#include <openssl/evp.h>

#include "coven/bug.h"
#include "wire/scram.h"

void wire_base64_add(struct buf *out, struct span bytes)
{
    coven_assert(bytes.len < 1u << 30);
    char *end = buf_reserve(out, (bytes.len + 2) / 3 * 4);
    out->len += (size_t)EVP_EncodeBlock((unsigned char *)end, (const unsigned char *)bytes.at,
                                        (int)bytes.len);
}

static size_t padding(struct span text)
{
    size_t count = 0;
    while (count < 2 && text.at[text.len - 1 - count] == '=')
        count++;
    return count;
}

/* OpenSSL accepts white space and stray bits, so the bytes must encode to the same text again. */
static bool is_canonical(struct span bytes, struct span text)
{
    struct buf again = BUF_INIT;
    wire_base64_add(&again, bytes);
    bool same = span_equal(buf_span(&again), text);
    buf_free(&again);
    return same;
}

bool wire_base64_read(struct span text, struct buf *out)
{
    if (text.len % 4 || text.len >= 1u << 30)
        return false;
    if (text.len == 0)
        return true;
    char *end = buf_reserve(out, text.len / 4 * 3);
    int len = EVP_DecodeBlock((unsigned char *)end, (const unsigned char *)text.at, (int)text.len);
    if (len < 0)
        return false;
    struct span bytes = {end, (size_t)len - padding(text)};
    if (!is_canonical(bytes, text))
        return false;
    out->len += bytes.len;
    return true;
}
