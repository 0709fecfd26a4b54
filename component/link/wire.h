/*
 * The socket that libstrophe opens, as the loop sees it. libstrophe closes its own descriptor
 * before it says so, so the loop watches a copy.
 */
#ifndef COVEN_LINK_WIRE_H
#define COVEN_LINK_WIRE_H

#include <stdbool.h>
#include <uv.h>

struct wire;

typedef void wire_ready(void *user);

/*
 * libstrophe selects only on descriptors above 0 and below 1024. These keep 0, 1 and 2 taken, and a
 * low one back: closed just before libstrophe opens its socket, it leaves its number to that one
 * (-1 if there is none).
 */
void wire_take_standard(void);
int wire_spare_open(void);

/* Sets up the new socket. Returns what watches it, or NULL, and errno, when that is impossible. */
struct wire *wire_new(uv_loop_t *loop, int fd, wire_ready *ready, void *user);

/* Stops watching and closes the copy; the loop frees it. NULL is allowed. */
void wire_close(struct wire *wire);

void wire_watch(struct wire *wire, bool writable);
bool wire_is_readable(const struct wire *wire);

/* Says at once that what was read has come. A server that gathers what is small (Nagle) would wait
 * for that, and the system takes up to 40 ms for it; it has to be told after every read. */
void wire_acknowledge(const struct wire *wire);

/* Why the connection could not be made (an errno, 0 if it was), to be asked before libstrophe. */
int wire_error(const struct wire *wire);

/* Ends the connection in both directions: libstrophe will see it closed. */
void wire_cut(const struct wire *wire);

#endif
