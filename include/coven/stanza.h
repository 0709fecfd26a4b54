/*
 * Reading what came in. The tree is libstrophe's; these functions look into it and own nothing.
 * The stream's own namespace (jabber:component:accept) counts as jabber:client everywhere.
 */
#ifndef COVEN_STANZA_H
#define COVEN_STANZA_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/span.h"

/* Names and namespaces are compared whole; `ns` NULL accepts every namespace. */
bool stanza_is(xmpp_stanza_t *element, const char *name, const char *ns);

/* The namespace of an element; "" when it has none. Never NULL. */
const char *stanza_ns(xmpp_stanza_t *element);

/* The same, but NULL for an element that says nothing of a namespace. */
const char *stanza_ns_or_null(xmpp_stanza_t *element);

/* An attribute's value, or NULL. */
const char *stanza_attr(xmpp_stanza_t *element, const char *name);

/* The first child element of that name and namespace, or NULL; either may be NULL for "any". */
xmpp_stanza_t *stanza_child(xmpp_stanza_t *element, const char *name, const char *ns);

/* The next sibling of that name and namespace, or NULL. */
xmpp_stanza_t *stanza_next(xmpp_stanza_t *element, const char *name, const char *ns);

/* The text directly inside, joined; freed by the caller. "" when there is none, never NULL. */
char *stanza_text(xmpp_stanza_t *element);

/* The text of the first such child; NULL when there is no such child. Freed by the caller. */
char *stanza_child_text(xmpp_stanza_t *element, const char *name, const char *ns);

/* Hands every attribute to `each` (in no order), the namespace declaration `xmlns` left out. */
void stanza_attrs(xmpp_stanza_t *element,
                  void (*each)(void *user, const char *name, const char *value), void *user);

#endif
