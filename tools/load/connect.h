/* Connects as the role demands. */
#ifndef LOAD_CONNECT_H
#define LOAD_CONNECT_H

#include <stdbool.h>

#include "coven/buf.h"
#include "options.h"
#include "wire/net.h"

/*
 * Adds the connections to `net`. `mirror_r` is the pid of the process that answers with --loopback
 * or --mirror; 0: there is none. False: one line of `why`.
 */
bool connect_all(struct net *net, const struct options *options, int *mirror_r, struct buf *why);

#endif
