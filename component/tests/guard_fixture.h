/* For tests of the guard on single stanzas, which libstrophe builds. */
#ifndef COVEN_TEST_GUARD_FIXTURE_H
#define COVEN_TEST_GUARD_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <strophe.h>

#include "coven/buf.h"
#include "link/guard.h"

static inline int setup(void **state)
{
    xmpp_initialize();
    *state = xmpp_ctx_new(NULL, NULL);
    return *state ? 0 : -1;
}

static inline int teardown(void **state)
{
    xmpp_ctx_free(*state);
    xmpp_shutdown();
    return 0;
}

static inline xmpp_stanza_t *last_child(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *child = xmpp_stanza_get_children(stanza);
    while (child && xmpp_stanza_get_next(child))
        child = xmpp_stanza_get_next(child);
    return child;
}

static inline bool ends_with(xmpp_stanza_t *stanza, const char *name)
{
    xmpp_stanza_t *last = last_child(stanza);
    const char *last_name = last ? xmpp_stanza_get_name(last) : NULL;
    return last_name && strcmp(last_name, name) == 0;
}

static inline void add_times(struct buf *xml, const char *text, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        buf_add_text(xml, text);
}

static inline xmpp_stanza_t *parse_and_free(xmpp_ctx_t *ctx, struct buf *xml)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(ctx, xml->data);
    buf_free(xml);
    assert_non_null(stanza);
    return stanza;
}

static inline unsigned count_children(xmpp_stanza_t *stanza)
{
    unsigned count = 0;
    for (xmpp_stanza_t *at = xmpp_stanza_get_children(stanza); at; at = xmpp_stanza_get_next(at))
        count++;
    return count;
}

#endif
