/*
 * Checks for resources without which covend cannot run: a loop, its timers, signals, a thread. If
 * one is missing, the process ends with status 1 and one line.
 */
#ifndef COVEN_SYSTEM_H
#define COVEN_SYSTEM_H

/* `status`: an error of libuv (-errno) if below 0. `what`: names the failure for the line. */
void system_check(int status, const char *what);

/* Can the process open this many more files? Some libraries crash without. */
void system_check_files(unsigned count);

#endif
