#include "config_file.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "config_fault.h"
#include "config_keys.h"
#include "coven/bug.h"

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

/* ---- Lines that the parser would misread in silence ---- */

/* What the parser takes for a space. */
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
    return *rest == '\0' || *rest == '#' || *rest == ';' ? NULL
                                                         : "a section must stand on its own line";
}

/* The parser takes a # behind a value for a part of it, and leaves out what follows a ;, even if
 * that is the value. */
static bool has_comment_behind(const char *line)
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

/* What is wrong with the line, whatever its key; NULL: nothing. */
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
        return "this is neither key = value nor [section]";
    if (has_comment_behind(at))
        return "a comment must stand on its own line";
    return is_quoted(skip_blanks(sign + 1)) ? "remove the quotation marks around the value" : NULL;
}

/* ---- Reading ---- */

struct reading {
    struct config *config;
    struct span rest; /* of the file */
    int line;         /* that was read last */
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

/* How the parser gets its lines: those that are wrong it sees empty. */
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
                     "a line has at most %d bytes, none of them NUL", LINE_BYTES_MAX);
    else if (fault)
        config_fault(reading->config, reading->line, "%s", fault);
    if (fault)
        *out = '\0';
    return out;
}

static void tell_unknown(struct reading *reading, const char *section, const char *name)
{
    const char *other = config_section_of(name);
    if (*section == '\0')
        config_fault(reading->config, reading->line, "\"%s\" stands before the first [section]",
                     name);
    else if (!config_section_exists(section))
        config_fault(reading->config, reading->line, "there is no section [%s]", section);
    else if (other)
        config_fault(reading->config, reading->line, "%s belongs to the section [%s], not [%s]",
                     name, other, section);
    else
        config_fault(reading->config, reading->line, "there is no key \"%s\" in the section [%s]",
                     name, section);
}

/* Called for every key. */
static int take_key(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    struct config *config = reading->config;
    struct buf why = BUF_INIT;
    const struct config_key *key = config_key_find(section, name);
    if (!key) {
        tell_unknown(reading, section, name);
        return 1;
    }
    int *line = &config->lines[config_key_index(key)];
    if (*line > 0 && key->type != KEY_ADDRESSES)
        config_fault(config, reading->line, "%s is given twice, first in line %d", name, *line);
    else if (!config_key_set(key, config, value, &why))
        config_fault(config, reading->line, "%s", why.data);
    if (*line == 0)
        *line = reading->line;
    buf_free(&why);
    return 1;
}

/* Some editors begin a file with this. */
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
