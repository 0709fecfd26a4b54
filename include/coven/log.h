/*
 * The log: one event, one line on stderr, at most 1 KiB long. Control characters, and what could
 * pass for a line break, are replaced, so nothing that a stranger sends can forge a line. Never
 * give it a secret.
 */
#ifndef COVEN_LOG_H
#define COVEN_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* "error", "warn", "info", "debug", by level; ends with NULL. */
extern const char *const log_level_names[];

/*
 * `program` (kept by reference) stands at the head of each line. Lines above `level` are dropped.
 * Where stderr is systemd's journal a line begins with its priority, "<4>", instead.
 */
void log_open(const char *program, enum log_level level);

/* From now on a line begins with the time, unless a terminal or the journal reads it. */
void log_stamp(void);

void log_set_level(enum log_level level);

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The one line that says why the program does not start: without a level, and never left out. */
void log_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
