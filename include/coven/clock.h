/* The clocks. Only the daemon, the link and the tools read them; rooms are told the time. */
#ifndef COVEN_CLOCK_H
#define COVEN_CLOCK_H

#include <stdint.h>

/* Wall clock: milliseconds since 1970-01-01T00:00Z. It jumps when it is set. */
int64_t clock_wall_ms(void);

/* Monotonic clock, for intervals and deadlines: milliseconds. */
int64_t clock_mono_ms(void);

/* The monotonic clock in microseconds. */
int64_t clock_mono_us(void);

/* Processor time of the calling thread: microseconds. */
int64_t clock_thread_us(void);

#endif
