/* The two clocks. Only the daemon, the link and the tools read them; the rooms are told the time.
 */
#ifndef COVEN_CLOCK_H
#define COVEN_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00Z; jumps when the clock is set. */
int64_t clock_wall_ms(void);

/* Milliseconds of a clock that never goes back; for intervals and deadlines. */
int64_t clock_mono_ms(void);

/* The same clock in microseconds. */
int64_t clock_mono_us(void);

/* Microseconds that the calling thread kept a processor busy. */
int64_t clock_thread_us(void);

#endif
