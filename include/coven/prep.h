/*
 * Preparation of the parts of a JID, the way the servers do it: stringprep's nodeprep and
 * resourceprep (RFC 3920) and nameprep (RFC 3491), by ICU. The only header behind which ICU is
 * known.
 *
 * Each writes the prepared form and a NUL to `out` (PREP_SIZE bytes) and returns its length, or 0
 * when the input is empty, not UTF-8, forbidden by the profile, or longer than 1,023 bytes
 * prepared. Code points that Unicode 3.2 did not know pass, as they do through the servers.
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
 * A nickname that somebody wants to take: resourceprep, and refused as well when it holds a code
 * point that Unicode 3.2 did not know (XEP-0045 asks for strict preparation), when nothing visible
 * is in it, or when it holds characters that turn the direction of writing.
 */
size_t prep_nick(struct span in, char *out);

#endif
