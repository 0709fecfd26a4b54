/* The few payloads that the server itself reads. */
#ifndef SHIM_FRAGMENT_H
#define SHIM_FRAGMENT_H

#include "wire/stream.h"

/*
 * The text of a stanza's child `name`, or, where `inside` is not NULL, of the child `inside` of
 * that child. NULL when there is none; freed by the caller.
 */
char *fragment_text(const struct wire_stanza *stanza, const char *name, const char *inside);

#endif
