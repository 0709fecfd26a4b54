/*
 * The log: one line on stderr per event, at most 1 KiB long. Control characters and everything that
 * could pass for a line break are replaced, so text from strangers cannot forge a line. Secrets
 * must never be logged. Warnings and below are limited to some lines a second.
 */
#ifndef COVEN_LOG_H
#define COVEN_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* "error", "warn", "info", "debug", by level; ends with NULL. */
extern const char *const log_level_names[];

/*
 * Each line begins with `program`, which is borrowed for good; in systemd's journal it begins with
 * the priority, such as "<4>". Lines less important than `level` are dropped.
 */
void log_open(const char *program, enum log_level level);

/* Lines begin with the time from now on, unless stderr is a terminal or the journal. */
void log_stamp(void);

void log_set_level(enum log_level level);
enum log_level log_level(void);

/* Logs one line, from any thread. */
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Logs the reason why the program cannot run: without a level, and never dropped. */
void log_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
