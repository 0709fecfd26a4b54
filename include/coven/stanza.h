/*
 * Reading received stanzas. The tree is libstrophe's; these functions look into it and own nothing
 * unless they say so. The stream's namespace (jabber:component:accept) counts as jabber:client.
 */
#ifndef COVEN_STANZA_H
#define COVEN_STANZA_H

#include <stdbool.h>
#include <strophe.h>

#include "coven/span.h"

/* Does the element have that name and namespace? NULL accepts any. */
bool stanza_is(xmpp_stanza_t *element, const char *name, const char *ns);

/* The element's namespace, "" when it has none. */
const char *stanza_ns(xmpp_stanza_t *element);

/* The same, NULL when it has none. */
const char *stanza_ns_or_null(xmpp_stanza_t *element);

/* The attribute's value, or NULL. */
const char *stanza_attr(xmpp_stanza_t *element, const char *name);

/* The first child element of that name and namespace, or NULL. NULL accepts any. */
xmpp_stanza_t *stanza_child(xmpp_stanza_t *element, const char *name, const char *ns);

/* The next sibling element of that name and namespace, or NULL. */
xmpp_stanza_t *stanza_next(xmpp_stanza_t *element, const char *name, const char *ns);

/* The text directly inside, joined; "" when there is none. The caller frees it. */
char *stanza_text(xmpp_stanza_t *element);

/* The text of the first child of that name and namespace, or NULL. The caller frees it. */
char *stanza_child_text(xmpp_stanza_t *element, const char *name, const char *ns);

/* Is there text directly inside? */
bool stanza_has_text(xmpp_stanza_t *element);

/* Does a child element of that name and namespace have text directly inside? */
bool stanza_says(xmpp_stanza_t *element, const char *name, const char *ns);

/* Calls `each` for every attribute but `xmlns`, in no particular order. */
void stanza_attrs(xmpp_stanza_t *element,
                  void (*each)(void *user, const char *name, const char *value), void *user);

#endif
