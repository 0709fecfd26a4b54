/* coven_assert() states what coven itself guarantees. If it does not hold, the process aborts, in
 * release builds too. */
#ifndef COVEN_BUG_H
#define COVEN_BUG_H

/* Prints the line and aborts. */
_Noreturn void bug_found(const char *what, const char *file, int line);

#define coven_assert(condition) ((condition) ? (void)0 : bug_found(#condition, __FILE__, __LINE__))

#endif
