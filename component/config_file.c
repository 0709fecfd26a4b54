/* The configuration file. */

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "config_keys.h"
#include "config_private.h"
#include "config_value.h"
#include "coven/bug.h"
#include "coven/room_option.h"

#define FILE_BYTES_MAX (1024 * 1024)
#define LINE_BYTES_MAX 198 /* the parser silently cuts longer lines */

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

/* ---- Lines that the parser would misread without an error ---- */

/* White space, as the parser sees it. */
static bool is_blank(char byte)
{
    return isspace((unsigned char)byte) != 0;
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

static const char *fault_of_section(const char *line)
{
    const char *close = strchr(line, ']');
    if (!close)
        return "the section name has no closing ]";
    const char *rest = skip_blanks(close + 1);
    bool is_alone = *rest == '\0' || *rest == '#' || *rest == ';';
    return is_alone ? NULL : "a section must be on a line of its own";
}

/* The parser makes "# comment" after a value part of the value, but drops everything from a ; on,
 * even at the beginning of the value. */
static bool has_late_comment(const char *line)
{
    for (const char *at = line; *at; at++) {
        if (is_blank(*at) && (at[1] == '#' || at[1] == ';'))
            return true;
    }
    return false;
}

static bool is_quoted(const char *value)
{
    return *value == '"' || *value == '\'';
}

/* What is wrong with the form of the line; NULL: nothing. */
static const char *fault_of_line(const char *line)
{
    const char *at = skip_blanks(line), *sign = strpbrk(at, "=:");
    if (*at == '\0' || *at == '#' || *at == ';')
        return NULL;
    if (at != line)
        return "a line must not begin with a space";
    if (*at == '[')
        return fault_of_section(at);
    if (!sign)
        return "expected key = value or [section]";
    if (has_late_comment(at))
        return "a comment must be on a line of its own";
    return is_quoted(skip_blanks(sign + 1)) ? "remove the quotation marks around the value" : NULL;
}

/* ---- Reading ---- */

struct reading {
    struct config *config;
    struct span rest; /* of the file, not read yet */
    int line;         /* number of the line read last */
};

static struct span take_line(struct reading *reading)
{
    struct span line = reading->rest;
    const char *stop = memchr(line.at, '\n', line.len);
    line.len = stop ? (size_t)(stop - line.at) : line.len;
    reading->rest.at += line.len + (stop != NULL);
    reading->rest.len -= line.len + (stop != NULL);
    reading->line++;
    return line;
}

/* Gives the parser its next line: an empty one in place of a wrong one. */
static char *next_line(char *out, int size, void *user)
{
    struct reading *reading = user;
    if (reading->rest.len == 0)
        return NULL;
    struct span line = take_line(reading);
    bool fits = line.len <= LINE_BYTES_MAX && !memchr(line.at, '\0', line.len);
    coven_assert(LINE_BYTES_MAX < size);
    memcpy(out, line.at, fits ? line.len : 0);
    out[fits ? line.len : 0] = '\0';
    const char *fault = fault_of_line(out);
    if (!fits)
        config_fault(reading->config, reading->line,
                     "the line is longer than %d bytes or contains NUL", LINE_BYTES_MAX);
    else if (fault)
        config_fault(reading->config, reading->line, "%s", fault);
    if (fault)
        *out = '\0';
    return out;
}

/* The section with a key of that name; NULL: none has one. */
static const char *home_of(const char *name)
{
    const struct config_key *key = config_key_find(NULL, name);
    if (key)
        return key->section;
    return room_option_find(span_of(name)) >= 0 ? "room" : NULL;
}

static void report_unknown(struct reading *reading, const char *section, const char *name)
{
    const char *home = home_of(name);
    struct config *config = reading->config;
    if (*section == '\0')
        config_fault(config, reading->line, "\"%s\" comes before the first [section]", name);
    else if (!config_key_find(section, NULL))
        config_fault(config, reading->line, "unknown section [%s]", section);
    else if (home)
        config_fault(config, reading->line, "%s belongs in section [%s], not [%s]", name, home,
                     section);
    else
        config_fault(config, reading->line, "unknown key \"%s\" in section [%s]", name, section);
}

/* Called by the parser for every key; 1: it goes on. */
static int take_key(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    struct config *config = reading->config;
    struct buf why = BUF_INIT;
    const struct config_key *key = config_key_find(section, name);
    if (!key) {
        bool is_taken =
            strcmp(section, "room") == 0 && config_room_take(config, reading->line, name, value);
        if (!is_taken)
            report_unknown(reading, section, name);
        return 1;
    }
    int *line = &config->lines[config_key_index(key)];
    if (*line > 0 && !config_key_repeats(key))
        config_fault(config, reading->line, "%s is set twice, first in line %d", name, *line);
    else if (!config_value_set(key, config, value, &why))
        config_fault(config, reading->line, "%s", why.data);
    if (*line == 0)
        *line = reading->line;
    buf_free(&why);
    return 1;
}

/* Some editors write a byte order mark. */
static struct span skip_mark(struct span text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t len = sizeof mark - 1;
    bool is_there = text.len >= len && memcmp(text.at, mark, len) == 0;
    return is_there ? (struct span){text.at + len, text.len - len} : text;
}

void config_file_read(struct config *config)
{
    struct buf text = BUF_INIT, why = BUF_INIT;
    if (config_file_load(config->file, FILE_BYTES_MAX, &text, &why)) {
        struct reading reading = {.config = config, .rest = skip_mark(buf_span(&text))};
        ini_parse_stream(next_line, &reading, take_key, &reading);
    } else {
        config_fault(config, 0, "%s", why.data);
    }
    buf_free(&why);
    buf_free(&text);
}
