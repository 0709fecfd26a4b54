#include "cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <wchar.h>

#include "coven/datetime.h"
#include "coven/utf8.h"

#define REPLACEMENT 0xFFFD

/* ---- Text ---- */

/* Controls, and what turns or hides text: people choose their names. */
static bool is_harmful(int32_t c)
{
    static const struct {
        int32_t first, last;
    } ranges[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
                  {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
                  {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    }
    return false;
}

/* The next character; a byte that is none counts as the replacement character. */
static int32_t next(const char **at, const char *end)
{
    int32_t c = utf8_next(at, end);
    if (c >= 0)
        return c;
    unsigned char byte = (unsigned char)*(*at)++;
    return byte < 0x80 ? byte : REPLACEMENT;
}

static void write_character(struct buf *out, int32_t c, struct span bytes)
{
    if (c == '\n')
        buf_add_text(out, "\\n");
    else if (c == '\t')
        buf_add_text(out, "\\t");
    else if (is_harmful(c))
        buf_printf(out, "\\u{%" PRIX32 "}", (uint32_t)c);
    else if (c == REPLACEMENT)
        buf_add_text(out, "\xEF\xBF\xBD");
    else
        buf_add_span(out, bytes);
}

void cell_text(struct buf *out, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    while (at < end) {
        const char *from = at;
        int32_t c = next(&at, end);
        write_character(out, c, (struct span){from, (size_t)(at - from)});
    }
}

static size_t width_of(int32_t c)
{
    int width = wcwidth((wchar_t)c);
    return width < 0 ? 1 : (size_t)width;
}

size_t cell_cut(struct span text, size_t width)
{
    const char *at = text.at, *end = text.at + text.len;
    size_t used = 0;
    while (at < end) {
        const char *from = at;
        used += width_of(next(&at, end));
        if (used > width)
            return (size_t)(from - text.at);
    }
    return text.len;
}

size_t cell_width(struct span text)
{
    const char *at = text.at, *end = text.at + text.len;
    size_t width = 0;
    while (at < end)
        width += width_of(next(&at, end));
    return width;
}

/* ---- Values ---- */

static void write_time(struct buf *out, const char *text)
{
    int64_t ms = 0;
    char local[32];
    struct tm parts;
    if (!datetime_parse(span_of(text), &ms)) {
        cell_text(out, text);
        return;
    }
    time_t seconds = (time_t)(ms / 1000);
    localtime_r(&seconds, &parts);
    strftime(local, sizeof local, "%Y-%m-%d %H:%M:%S", &parts);
    buf_add_text(out, local);
}

static void write_bytes(struct buf *out, json_int_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        size /= 1024;
        unit++;
    }
    buf_printf(out, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
}

static void write_list(struct buf *out, const json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (i > 0)
            buf_add_text(out, ", ");
        cell_text(out, json_is_string(item) ? json_string_value(item) : "");
    }
}

void cell_write(struct buf *out, const json_t *value, enum command_type type, bool person)
{
    if (json_is_array(value))
        write_list(out, value);
    else if (json_is_string(value) && person && type == TYPE_TIME)
        write_time(out, json_string_value(value));
    else if (json_is_string(value))
        cell_text(out, json_string_value(value));
    else if (json_is_integer(value) && person && type == TYPE_BYTES)
        write_bytes(out, json_integer_value(value));
    else if (json_is_integer(value))
        buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        buf_add_text(out, json_is_true(value) ? "yes" : "no");
    else
        buf_add_text(out, "");
}
