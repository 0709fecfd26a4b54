/*
 * The peer with --loopback and --mirror: a process that answers every stanza with the copies that
 * a room would send, as fast as bytes can be copied.
 */
#ifndef LOAD_MIRROR_H
#define LOAD_MIRROR_H

#include <sys/types.h>

#include "options.h"
#include "wire/net.h"

/* Starts it and returns its pid; -1: that failed. It serves the socket `fd` until that is closed,
 * and closes its copies of the caller's connections. */
pid_t mirror_start(const struct options *options, int fd, struct net *others);
void mirror_end(pid_t pid);

#endif
