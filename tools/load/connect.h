/* The channels that a role brings. */
#ifndef LOAD_CONNECT_H
#define LOAD_CONNECT_H

#include <stdbool.h>

#include "coven/buf.h"
#include "options.h"
#include "wire/net.h"

/*
 * Connects as the options say and adds the channels. False: one line of `why`. The pid of the
 * process that answers with --loopback or --mirror goes to `mirror_r`, else 0.
 */
bool connect_all(struct net *net, const struct options *options, int *mirror_r, struct buf *why);

#endif
