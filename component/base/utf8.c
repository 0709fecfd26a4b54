#include "coven/utf8.h"

#include <string.h>

int32_t utf8_next(const char **at, const char *end)
{
    const unsigned char *s = (const unsigned char *)*at;
    size_t left = (size_t)(end - *at);
    if (left == 0)
        return -1;
    if (s[0] < 0x80) {
        *at += 1;
        return s[0];
    }
    size_t len = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4 || left < len)
        return -1;
    int32_t code = s[0] & (0xFF >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return -1;
        code = code << 6 | (s[i] & 0x3F);
    }
    static const int32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < smallest[len] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return -1;
    *at += len;
    return code;
}

static bool is_xml_char(int32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code != 0xFFFE && code != 0xFFFF;
}

/* Past printable ASCII, which is nearly everything: eight bytes at a time. */
static const char *skip_plain(const char *at, const char *end)
{
    const uint64_t high = UINT64_C(0x8080808080808080), space = UINT64_C(0x2020202020202020);
    for (uint64_t eight; end - at >= (ptrdiff_t)sizeof eight; at += sizeof eight) {
        memcpy(&eight, at, sizeof eight);
        if ((eight | (eight - space)) & high) /* a byte is not ASCII, or is below a space */
            break;
    }
    while (at < end && *at >= ' ' && (unsigned char)*at < 0x80)
        at++;
    return at;
}

bool utf8_is_xml(struct span text)
{
    const char *at = text.at, *end = text.at + text.len;
    for (;;) {
        at = skip_plain(at, end);
        if (at == end)
            return true;
        int32_t code = utf8_next(&at, end);
        if (code < 0 || !is_xml_char(code))
            return false;
    }
}

size_t utf8_cut(struct span text, size_t max)
{
    if (text.len <= max)
        return text.len;
    while (max > 0 && ((unsigned char)text.at[max] & 0xC0) == 0x80)
        max--;
    return max;
}

size_t utf8_count(struct span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    return count;
}
