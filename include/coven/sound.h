/* Are bytes that come from a disk still what the XML writer wrote? */
#ifndef COVEN_SOUND_H
#define COVEN_SOUND_H

#include <stdbool.h>

#include "coven/buf.h"
#include "coven/span.h"

/*
 * One element of that name, whole and alone: tags that match, attributes in single quotes, nothing
 * but what XML allows between them, and no prefix that is not declared where it is used. A damage
 * that only turns one name or one word into another is not seen.
 */
bool sound_element(struct span text, const char *name);

/* Does `at` stand between the quotes of the empty ` to=''` that a stanza for anybody has? */
bool sound_address(struct span stanza, size_t at);

/* Is it sent by that (escaped) address or by a resource of it? ` from` is the first attribute of
 * all that is written. */
bool sound_sender(struct span stanza, struct span address);

/* The resource of such a sender, as it is without escapes; empty if it has none. The stanza is a
 * sound one. */
void sound_sender_resource(struct span stanza, struct span address, struct buf *resource);

#endif
