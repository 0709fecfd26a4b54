/*
 * The other side of --loopback: a process that answers every stanza with the copies that a room
 * would send, as fast as bytes can be copied, and does nothing else.
 */
#ifndef LOAD_MIRROR_H
#define LOAD_MIRROR_H

#include <sys/types.h>

#include "options.h"

/* Starts it, and returns its pid (-1: cannot). It serves `fd`, a blocking socket, until that is
 * closed; `other` is the caller's end. */
pid_t mirror_start(const struct options *options, int fd, int other);

#endif
