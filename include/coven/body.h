/* The words of a message, for searching. */
#ifndef COVEN_BODY_H
#define COVEN_BODY_H

#include "coven/buf.h"

/*
 * Appends the text of every <body/> of a rendered message, each with a line feed behind it.
 * `message` is what coven/xml.h wrote: well-formed, without comments and CDATA.
 */
void body_text(struct span message, struct buf *out);

#endif
