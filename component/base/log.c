#include "coven/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/utf8.h"

#define LINE_MAX_BYTES   1024
#define LINES_PER_SECOND 20   /* maximum of warnings and below; errors are never dropped */
#define DEBUG_PER_SECOND 2000 /* the same at level debug */

/* What a line begins with: the program; the time and the program; the priority for the journal. */
enum log_style { STYLE_PLAIN, STYLE_STAMPED, STYLE_JOURNAL };

static struct {
    const char *program;
    enum log_level level;
    enum log_style style;
    int64_t second; /* monotonic; the next two count its lines */
    unsigned lines;
    unsigned dropped;
} log_state = {.program = "coven", .level = LOG_INFO};

static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the counts */

const char *const log_level_names[] = {
    [LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug", NULL};

static const int priorities[] = {3, 4, 6, 7}; /* of syslog(3), by level */

/* Is stderr the stream that systemd connected to its journal? */
static bool is_journal(void)
{
    struct stat status;
    unsigned long long device = 0, inode = 0;
    const char *stream = getenv("JOURNAL_STREAM");
    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

void log_open(const char *program, enum log_level level)
{
    log_state.program = program;
    log_state.level = level;
    log_state.style = is_journal() ? STYLE_JOURNAL : STYLE_PLAIN;
    log_state.lines = log_state.dropped = 0;
}

void log_stamp(void)
{
    if (log_state.style == STYLE_PLAIN && !isatty(STDERR_FILENO))
        log_state.style = STYLE_STAMPED;
}

enum log_level log_level(void)
{
    return log_state.level;
}

void log_set_level(enum log_level level)
{
    log_state.level = level;
}

/* Unsafe are control characters of ASCII and Unicode, line and paragraph separators, and characters
 * that change the direction of writing. */
static bool is_safe(int32_t code)
{
    return code >= 0x20 && !(code >= 0x7F && code <= 0x9F) && !(code >= 0x2028 && code <= 0x202E) &&
           !(code >= 0x2066 && code <= 0x2069);
}

/* Copies `text` to `out`, with '?' for every unsafe character and invalid byte. */
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

/* 2026-11-30T05:18:15.042Z */
static size_t write_time(char *out, size_t size)
{
    int64_t now = clock_wall_ms();
    time_t seconds = (time_t)(now / 1000);
    struct tm parts;
    size_t used = strftime(out, size, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &parts));
    return used + (size_t)snprintf(out + used, size - used, ".%03dZ ", (int)(now % 1000));
}

/* A fatal line has no level; the journal gets it as an error. */
static size_t write_head(bool has_level, enum log_level level, char *out, size_t size)
{
    if (log_state.style == STYLE_JOURNAL)
        return (size_t)snprintf(out, size, "<%d>", priorities[level]);
    size_t used = log_state.style == STYLE_STAMPED ? write_time(out, size) : 0;
    return used + (size_t)snprintf(out + used, size - used, "%s: %s%s", log_state.program,
                                   has_level ? log_level_names[level] : "", has_level ? ": " : "");
}

static void write_line(bool has_level, enum log_level level, const char *text, size_t len)
{
    char line[LINE_MAX_BYTES];
    size_t used = write_head(has_level, level, line, sizeof line);
    used += sanitize(text, len, line + used, sizeof line - used - 1);
    line[used++] = '\n';
    if (write(STDERR_FILENO, line, used) < 0)
        return; /* nobody is left to tell */
}

static __attribute__((format(printf, 3, 0))) void write_format(bool has_level, enum log_level level,
                                                               const char *format, va_list args)
{
    char text[LINE_MAX_BYTES];
    int len = vsnprintf(text, sizeof text, format, args);
    if (len >= 0)
        write_line(has_level, level, text,
                   (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
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
            int len =
                snprintf(note, sizeof note, "dropped %u lines: too many in one second", dropped);
            write_line(true, LOG_WARN, note, (size_t)len);
        }
    }
    unsigned most = log_state.level == LOG_DEBUG ? DEBUG_PER_SECOND : LINES_PER_SECOND;
    if (level == LOG_ERROR || log_state.lines++ < most)
        return true;
    log_state.dropped++;
    return false;
}

/* May another line be written this second? Logs before how many were dropped. */
static bool is_within_rate(enum log_level level)
{
    pthread_mutex_lock(&log_mutex);
    bool is_within = count_line(level);
    pthread_mutex_unlock(&log_mutex);
    return is_within;
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level > log_state.level || !is_within_rate(level))
        return;
    va_list args;
    va_start(args, format);
    write_format(true, level, format, args);
    va_end(args);
}

void log_fatal(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_format(false, LOG_ERROR, format, args);
    va_end(args);
}
