/* The loop's view of libstrophe's socket. libstrophe closes its descriptor without notice, so the
 * loop watches a copy. */
#ifndef COVEN_LINK_WIRE_H
#define COVEN_LINK_WIRE_H

#include <stdbool.h>
#include <uv.h>

struct wire;

/* The socket is readable, writable or broken. */
typedef void wire_ready(void *user);

/* Opens descriptors 0, 1 and 2 if they are closed: libstrophe cannot select on 0. */
void wire_take_standard(void);

/* Reserves a descriptor below 1024, because libstrophe cannot select on higher ones; -1: there is
 * none. If the caller closes it just before libstrophe opens its socket, the socket gets its
 * number. */
int wire_spare_open(void);

/* Sets the socket's options and prepares to watch it; wire_watch() starts watching. Returns NULL,
 * with errno set, if it cannot be watched. The socket stays the caller's. */
struct wire *wire_new(uv_loop_t *loop, int fd, wire_ready *ready, void *user);

/* Stops watching, and closes the copy; the loop frees the rest. NULL is allowed. */
void wire_close(struct wire *wire);

/* Watches for input, and for room to write if `writable`. */
void wire_watch(struct wire *wire, bool writable);

bool wire_is_readable(const struct wire *wire);

/* Sends the TCP acknowledgement at once; the option must be set again after every read. Otherwise a
 * server that uses Nagle's algorithm waits for it, up to 40 ms. */
void wire_acknowledge(const struct wire *wire);

/* The error of the socket, an errno; 0: none. libstrophe would consume it: ask before it runs. */
int wire_error(const struct wire *wire);

/* Shuts the connection down in both directions; libstrophe finds it closed. */
void wire_cut(const struct wire *wire);

#endif
