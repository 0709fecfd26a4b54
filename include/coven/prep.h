/*
 * Preparation of the parts of a JID as servers do it: stringprep's nodeprep and resourceprep
 * (RFC 3920) and nameprep (RFC 3491). Only the implementation knows ICU.
 *
 * Each function writes the prepared form and a NUL to `out` (PREP_SIZE bytes) and returns its
 * length in bytes. It returns 0 when the input is empty, not UTF-8, forbidden by the profile, or
 * longer than 1,023 bytes after preparation. Code points that Unicode 3.2 does not assign are
 * allowed, as servers allow them.
 */
#ifndef COVEN_PREP_H
#define COVEN_PREP_H

#include <stddef.h>

#include "coven/span.h"

#define PREP_SIZE 1024

size_t prep_node(struct span in, char *out);
size_t prep_domain(struct span in, char *out);
size_t prep_resource(struct span in, char *out);

/*
 * Prepares a nickname that a user wants to take: resourceprep, but 0 also when the nickname has a
 * code point that Unicode 3.2 does not assign (XEP-0045 requires strict preparation), a character
 * that changes the direction of writing, or no visible character.
 */
size_t prep_nick(struct span in, char *out);

#endif
