#include "config_file.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "config_keys.h"

#define FILE_BYTES_MAX (1024 * 1024)
#define LINE_BYTES_MAX 198 /* the parser cuts longer ones in silence */

bool config_file_load(const char *path, size_t limit, struct buf *out, struct buf *why)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        buf_printf(why, "%s: %s", path, strerror(errno));
        return false;
    }
    char *end = buf_reserve(out, limit + 1);
    size_t len = fread(end, 1, limit + 1, file);
    int error = ferror(file) ? errno : 0;
    fclose(file);
    if (error || len > limit) {
        buf_printf(why, "%s: %s", path, error ? strerror(error) : "the file is too large");
        return false;
    }
    out->len += len;
    out->data[out->len] = '\0';
    return true;
}

struct reading {
    struct config *config;
    const char *rest;  /* of the file */
    int line;          /* that was read last */
    int wrong;         /* the first line whose key or value does not fit; 0: none */
    struct buf reason; /* why it does not */
};

/* How the parser gets its lines, so that their numbers are known to take(). */
static char *next_line(char *line, int size, void *user)
{
    struct reading *reading = user;
    size_t len = strcspn(reading->rest, "\n");
    len += reading->rest[len] == '\n';
    if (len == 0 || len >= (size_t)size)
        return NULL;
    memcpy(line, reading->rest, len);
    line[len] = '\0';
    reading->rest += len;
    reading->line++;
    return line;
}

/* Called for every key; 0 says that its line is wrong. */
static int take(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    struct buf what = BUF_INIT;
    const struct config_key *key = config_key_find(section, name);
    bool good = key && config_key_set(key, reading->config, value, &what);
    if (!key)
        buf_printf(&what, "there is no key \"%s\" in the section [%s]", name, section);
    if (!good && reading->wrong == 0) {
        reading->wrong = reading->line;
        buf_add_span(&reading->reason, buf_span(&what));
    }
    buf_free(&what);
    return good;
}

/* The first line that is too long, or holds a NUL; 0: none. */
static int bad_line(const struct buf *text)
{
    int number = 1;
    for (const char *at = text->data, *end = at + text->len; at < end; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        if (len > LINE_BYTES_MAX || memchr(at, '\0', len))
            return number;
        at += len + 1;
    }
    return 0;
}

/* The number of the first line that is wrong, and why; 0: none. */
static int read_lines(struct config *config, const struct buf *text, struct buf *why)
{
    struct reading reading = {.config = config, .rest = text->data};
    int line = bad_line(text);
    if (line > 0) {
        buf_printf(why, "a line may have %d bytes, none of them NUL", LINE_BYTES_MAX);
        return line;
    }
    line = ini_parse_stream(next_line, &reading, take, &reading);
    if (line > 0 && line == reading.wrong)
        buf_add_span(why, buf_span(&reading.reason));
    else if (line > 0)
        buf_add_text(why, "this is neither key = value nor [section]");
    buf_free(&reading.reason);
    return line;
}

bool config_file_read(const char *path, struct config *config, struct buf *why)
{
    struct buf text = BUF_INIT, reason = BUF_INIT;
    bool good = config_file_load(path, FILE_BYTES_MAX, &text, why);
    int line = good ? read_lines(config, &text, &reason) : 0;
    if (line > 0)
        buf_printf(why, "%s:%d: %s", path, line, reason.data);
    buf_free(&reason);
    buf_free(&text);
    return good && line == 0;
}
