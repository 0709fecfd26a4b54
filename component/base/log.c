#include "coven/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/utf8.h"

#define LINE_MAX_BYTES   1024
#define LINES_PER_SECOND 20 /* of warnings and less; errors are never dropped */

static struct {
    const char *program;
    enum log_level level;
    int64_t second;
    unsigned lines;
    unsigned dropped;
} log_state = {"coven", LOG_INFO, 0, 0, 0};

static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER; /* over all that counts lines */

static const char *const level_names[] = {"error", "warn", "info", "debug"};

void log_open(const char *program, enum log_level level)
{
    log_state.program = program;
    log_state.level = level;
}

bool log_level_named(const char *name, enum log_level *level_r)
{
    for (unsigned i = 0; i < sizeof level_names / sizeof *level_names; i++) {
        if (strcmp(name, level_names[i]) == 0) {
            *level_r = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* Control characters of ASCII and Unicode, line and paragraph separators, and whatever turns the
 * direction of writing. */
static bool is_safe(int32_t code)
{
    return code >= 0x20 && !(code >= 0x7F && code <= 0x9F) && !(code >= 0x2028 && code <= 0x202E) &&
           !(code >= 0x2066 && code <= 0x2069);
}

/* Copies `text` to `out` with '?' for every byte or character that may not stand in a line. */
static size_t sanitize(const char *text, size_t len, char *out, size_t size)
{
    size_t used = 0;
    const char *at = text, *end = text + len;
    while (at < end) {
        const char *from = at;
        int32_t code = utf8_next(&at, end);
        if (code < 0)
            at = from + 1;
        bool safe = code >= 0 && is_safe(code);
        size_t bytes = safe ? (size_t)(at - from) : 1;
        if (used + bytes > size)
            break;
        memcpy(out + used, safe ? from : "?", bytes);
        used += bytes;
    }
    return used;
}

/* `level` may be empty. */
static void write_line(const char *level, const char *text, size_t len)
{
    char line[LINE_MAX_BYTES];
    int head =
        snprintf(line, sizeof line, "%s: %s%s", log_state.program, level, *level ? ": " : "");
    size_t used = (size_t)head;
    used += sanitize(text, len, line + used, sizeof line - used - 1);
    line[used++] = '\n';
    if (write(STDERR_FILENO, line, used) < 0)
        return; /* nobody is left to tell */
}

static void write_format(const char *level, const char *format, va_list args)
{
    char text[LINE_MAX_BYTES];
    int len = vsnprintf(text, sizeof text, format, args);
    if (len >= 0)
        write_line(level, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

static bool count_line(enum log_level level)
{
    int64_t second = clock_mono_ms() / 1000;
    if (second != log_state.second) {
        unsigned dropped = log_state.dropped;
        log_state.second = second;
        log_state.lines = log_state.dropped = 0;
        if (dropped > 0) {
            char note[64];
            int len = snprintf(note, sizeof note, "%u lines were left out", dropped);
            write_line(level_names[LOG_WARN], note, (size_t)len);
        }
    }
    if (level == LOG_ERROR || log_state.lines++ < LINES_PER_SECOND)
        return true;
    log_state.dropped++;
    return false;
}

/* May another line go out this second? Says first how many of the last second did not. */
static bool admit(enum log_level level)
{
    pthread_mutex_lock(&log_mutex);
    bool admitted = count_line(level);
    pthread_mutex_unlock(&log_mutex);
    return admitted;
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level > log_state.level || !admit(level))
        return;
    va_list args;
    va_start(args, format);
    write_format(level_names[level], format, args);
    va_end(args);
}

void log_fatal(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_format("", format, args);
    va_end(args);
}
