/* Are bytes that come from a disk still what the XML writer wrote? */
#ifndef COVEN_SOUND_H
#define COVEN_SOUND_H

#include <stdbool.h>

#include "coven/span.h"

/*
 * One element of that name, whole and alone: tags that match, attributes in single quotes, nothing
 * but what XML allows between them. It does not know namespaces; a damage that only turns one name
 * or one word into another is not seen.
 */
bool sound_element(struct span text, const char *name);

/* Does `at` stand between the quotes of the empty ` to=''` that a stanza for anybody has? */
bool sound_address(struct span stanza, size_t at);

#endif
