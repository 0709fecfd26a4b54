/* A bug ends the process, in release builds too: coven_assert() states what this code itself
 * guarantees. */
#ifndef COVEN_BUG_H
#define COVEN_BUG_H

_Noreturn void bug_found(const char *what, const char *file, int line);

#define coven_assert(condition) ((condition) ? (void)0 : bug_found(#condition, __FILE__, __LINE__))

#endif
