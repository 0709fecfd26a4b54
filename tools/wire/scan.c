#include "wire/scan.h"

#include <string.h>

#include "wire/ledger.h"

/* A longer tag is processed where it is cut. */
#define TAG_MAX 4096

struct scanner {
    struct scan *scan;
    const struct scan_events *events;
    struct scan_counts *counts;
    const char *head;  /* where the stanza begins; NULL: before these bytes */
    const char *error; /* where its <error/> begins; NULL: as above */
};

/* ---- What one tag means ---- */

static void begin(struct scanner *scanner, const char *head)
{
    scanner->head = head;
    scanner->error = NULL;
    scanner->scan->marked = scanner->scan->self = scanner->scan->error = false;
}

static void on_message(struct scanner *scanner, struct span tag)
{
    begin(scanner, tag.at);
    scanner->counts->messages++;
    scanner->scan->handled++;
}

static void on_presence(struct scanner *scanner, struct span tag)
{
    begin(scanner, tag.at);
    scanner->counts->presences++;
    scanner->scan->handled++;
}

static void on_mark(struct scanner *scanner, struct span tag)
{
    struct scan *scan = scanner->scan;
    if (mark_read(tag.at + tag.len - MARK_LEN, &scan->number))
        scan->marked = true;
}

static void on_self(struct scanner *scanner, struct span tag)
{
    (void)tag;
    scanner->scan->self = true;
}

/* Does the <error> belong to an error stanza? Message text may contain one, too. True when the
 * stanza's tag is not in these bytes. */
static bool is_error(const char *head, const char *tag)
{
    const char *end = head ? memchr(head, '>', (size_t)(tag - head)) : NULL;
    return !end || span_is(scan_attr((struct span){head, (size_t)(end - head)}, "type"), "error");
}

static void on_error(struct scanner *scanner, struct span tag)
{
    struct scan *scan = scanner->scan;
    if (!is_error(scanner->head, tag.at))
        return;
    scan->error = true;
    scanner->error = tag.at;
    scanner->counts->errors++;
    if (scan->marked || !scanner->head)
        return;
    struct span id =
        scan_attr((struct span){scanner->head, (size_t)(tag.at - scanner->head)}, "id");
    scan->marked = id.len == MARK_LEN && mark_read(id.at, &scan->number);
}

static void on_end(struct scanner *scanner, struct span tag)
{
    struct scan *scan = scanner->scan;
    const char *error = scanner->error ? scanner->error : tag.at;
    if (scan->marked && scan->error)
        scanner->events->refused(scanner->events->user, scan->number,
                                 (struct span){error, (size_t)(tag.at - error)});
    else if (scan->marked)
        scanner->events->copy(scanner->events->user, scan->number, scan->self);
    begin(scanner, NULL);
}

static void on_iq(struct scanner *scanner, struct span tag)
{
    scanner->scan->handled++;
    scanner->events->iq(scanner->events->user, tag);
}

static void on_broken(struct scanner *scanner, struct span tag)
{
    scanner->events->broken(scanner->events->user, tag);
}

static void on_asked(struct scanner *scanner, struct span tag)
{
    (void)tag;
    if (scanner->events->asked)
        scanner->events->asked(scanner->events->user, scanner->scan->handled);
}

/* ---- Which tags there are ---- */

/* A tag is recognized by its first bytes. `more` is how many bytes after them are needed; WHOLE:
 * all up to '>'; TEXT: a mark after that, too. */
enum { WHOLE = -1, TEXT = -2 };
#define TAG(begins, more, found)                                                                   \
    {                                                                                              \
        begins, sizeof begins - 1, more, found                                                     \
    }
static const struct tag {
    const char *begins;
    size_t len;
    int more;
    void (*found)(struct scanner *scanner, struct span tag);
} tags[] = {
    TAG("<message ", 0, on_message),
    TAG("<body>", MARK_LEN, on_mark),
    TAG("<body ", TEXT, on_mark), /* with a language */
    TAG("<presence ", 0, on_presence),
    TAG("</message>", 0, on_end),
    TAG("</presence>", 0, on_end),
    TAG("<status>", MARK_LEN, on_mark),
    TAG("<status xml:lang=", TEXT, on_mark),
    TAG("<status code='110'", 0, on_self),
    TAG("<status code=\"110\"", 0, on_self),
    TAG("<stream:error", WHOLE, on_broken),
    TAG("<error ", 0, on_error),
    TAG("<error>", 0, on_error),
    TAG("<iq ", WHOLE, on_iq),
    TAG("<r ", WHOLE, on_asked),
};

/* The length that a tag needs. 0: the bytes end before that. */
static size_t tag_len(const struct tag *tag, struct span bytes)
{
    if (tag->more >= 0)
        return tag->len + (size_t)tag->more <= bytes.len ? tag->len + (size_t)tag->more : 0;
    const char *end = memchr(bytes.at, '>', bytes.len);
    size_t len = end ? (size_t)(end - bytes.at) + 1 + (tag->more == TEXT ? MARK_LEN : 0) : 0;
    if (end)
        return len <= bytes.len ? len : 0;
    return bytes.len > TAG_MAX ? bytes.len : 0;
}

/* The rows to try, by the byte after '<': the first one, and how many. Most tags need one
 * comparison. */
static const struct row {
    unsigned char first, count;
} rows[128] = {['m'] = {0, 1}, ['b'] = {1, 2},  ['p'] = {3, 1},  ['/'] = {4, 2},
               ['s'] = {6, 5}, ['e'] = {11, 2}, ['i'] = {13, 1}, ['r'] = {14, 1}};

/* Reads the tag at the front. False: it is cut and has to wait for more bytes. */
static bool read_tag(struct scanner *scanner, struct span bytes)
{
    if (bytes.len < 2)
        return false;
    struct row row = rows[bytes.at[1] & 127];
    for (unsigned i = row.first; i < row.first + row.count; i++) {
        const struct tag *tag = &tags[i];
        size_t there = tag->len < bytes.len ? tag->len : bytes.len;
        bool alike = bytes.at[there - 1] == tag->begins[there - 1];
        if (!alike || memcmp(bytes.at, tag->begins, there) != 0)
            continue;
        size_t len = there == tag->len ? tag_len(tag, bytes) : 0;
        if (len == 0)
            return false;
        tag->found(scanner, (struct span){bytes.at, len});
        return true;
    }
    return true;
}

/* ---- The bytes ---- */

/* Returns how many bytes have been processed. */
static size_t read_all(struct scanner *scanner, struct span bytes)
{
    const char *at = bytes.at, *end = bytes.at + bytes.len;
    while (at < end && (at = memchr(at, '<', (size_t)(end - at)))) {
        if (!read_tag(scanner, (struct span){at, (size_t)(end - at)}))
            return (size_t)(at - bytes.at);
        at++;
    }
    return bytes.len;
}

void scan_free(struct scan *scan)
{
    buf_free(&scan->rest);
}

/* So many bytes are joined to a rest, enough to recognize any tag; the others are read in place. */
#define JOIN 64

static struct span read_rest(struct scanner *scanner, struct span bytes)
{
    struct buf *rest = &scanner->scan->rest;
    while (rest->len && bytes.len) {
        size_t part = bytes.len < JOIN ? bytes.len : JOIN, had = rest->len;
        buf_add(rest, bytes.at, part);
        size_t done = read_all(scanner, buf_span(rest));
        scanner->head = scanner->error = NULL;
        if (done >= had) {
            buf_clear(rest);
            return (struct span){bytes.at + (done - had), bytes.len - (done - had)};
        }
        buf_consume(rest, done);
        bytes.at += part;
        bytes.len -= part;
    }
    return bytes;
}

void scan_bytes(struct scan *scan, struct span bytes, const struct scan_events *events,
                struct scan_counts *counts)
{
    struct scanner scanner = {scan, events, counts, NULL, NULL};
    bytes = read_rest(&scanner, bytes);
    size_t done = read_all(&scanner, bytes);
    buf_add(&scan->rest, bytes.at + done, bytes.len - done);
}

struct span scan_attr(struct span tag, const char *name)
{
    const char *end = tag.at + tag.len;
    size_t len = strlen(name);
    for (const char *at = tag.at; (at = memmem(at, (size_t)(end - at), name, len)); at += len) {
        bool whole = at > tag.at && at[-1] == ' ' && end - at > (ptrdiff_t)len + 2;
        if (!whole || at[len] != '=' || (at[len + 1] != '\'' && at[len + 1] != '"'))
            continue;
        const char *value = at + len + 2,
                   *close = memchr(value, at[len + 1], (size_t)(end - value));
        if (close)
            return (struct span){value, (size_t)(close - value)};
    }
    return (struct span){NULL, 0};
}

struct span scan_condition(struct span error)
{
    const char *end = error.at + error.len, *tag = memmem(error.at, error.len, "><", 2);
    size_t len = 0;
    if (!tag)
        return (struct span){NULL, 0};
    for (tag += 2; tag + len < end && !strchr(" />", tag[len]); len++)
        ;
    return (struct span){tag, len};
}
