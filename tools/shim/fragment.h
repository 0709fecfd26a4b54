/* Reads the few payloads that the server needs. */
#ifndef SHIM_FRAGMENT_H
#define SHIM_FRAGMENT_H

#include "wire/stream.h"

/*
 * The text of a stanza's child `name`, or of that child's child `inside` unless it is NULL. The
 * caller frees it. NULL: there is none.
 */
char *fragment_text(const struct wire_stanza *stanza, const char *name, const char *inside);

#endif
