#include "coven/body.h"

#include <stdlib.h>
#include <string.h>

/* `&lt;` and the like; the writer makes no others. */
static const struct {
    const char *name;
    char character;
} entities[] = {{"amp;", '&'},   {"lt;", '<'},  {"gt;", '>'},   {"quot;", '"'},
                {"apos;", '\''}, {"#9;", '\t'}, {"#10;", '\n'}, {"#13;", '\r'}};

/* `at` stands behind the ampersand; returns where the text goes on. */
static const char *add_entity(const char *at, const char *end, struct buf *out)
{
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t len = strlen(entities[i].name);
        if ((size_t)(end - at) >= len && memcmp(at, entities[i].name, len) == 0) {
            buf_add_char(out, entities[i].character);
            return at + len;
        }
    }
    return at;
}

static void add_text(struct span text, struct buf *out)
{
    const char *at = text.at, *end = text.at + text.len;
    while (at < end) {
        const char *ampersand = memchr(at, '&', (size_t)(end - at));
        const char *stop = ampersand ? ampersand : end;
        buf_add(out, at, (size_t)(stop - at));
        at = ampersand ? add_entity(ampersand + 1, end, out) : end;
    }
}

/* The opening tag of a <body/> of the message's own namespace. */
static bool is_body(struct span tag)
{
    static const char name[] = "<body", ns[] = " xmlns='";
    return tag.len > sizeof name - 1 && memcmp(tag.at, name, sizeof name - 1) == 0 &&
           strchr(" />", tag.at[sizeof name - 1]) && !memmem(tag.at, tag.len, ns, sizeof ns - 1);
}

void body_text(struct span message, struct buf *out)
{
    const char *at = message.at, *end = message.at + message.len;
    int depth = 0;
    bool inside = false;
    while (at < end) {
        const char *open = memchr(at, '<', (size_t)(end - at));
        const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
        if (!close)
            return;
        if (inside)
            add_text((struct span){at, (size_t)(open - at)}, out);
        bool ends = open[1] == '/', empty = close[-1] == '/';
        if (ends && inside && depth == 2) {
            buf_add_char(out, '\n');
            inside = false;
        } else if (!ends && !empty && depth == 1) {
            inside = is_body((struct span){open, (size_t)(close + 1 - open)});
        }
        depth += ends ? -1 : empty ? 0 : 1;
        at = close + 1;
    }
}
