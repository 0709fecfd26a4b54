/*
 * What the system has to grant for covend to run at all: a loop, its timers, signals, a thread.
 * Without it the process ends with one line; what may be refused later is a value that the caller
 * handles instead.
 */
#ifndef COVEN_SYSTEM_H
#define COVEN_SYSTEM_H

/* Ends the process when `status` is an error (below 0: -errno, as libuv has it); `what` failed. */
void system_check(int status, const char *what);

/* Ends the process when it cannot open so many files more: libraries that run out of them in their
 * midst do not all live through it. */
void system_check_files(unsigned count);

#endif
