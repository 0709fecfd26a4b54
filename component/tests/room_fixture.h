/* A room with occupants: Romeo owns it, the others joined later. */
#ifndef TESTS_ROOM_FIXTURE_H
#define TESTS_ROOM_FIXTURE_H

#include "rig.h"
#include "stanzas.h"
#include "unit.h"

/* Sends a request that must succeed, and discards the output. */
static inline void room_do(struct rig *rig, const char *iq)
{
    rig_send(rig, iq);
    if (!rig->out.data || !strstr(rig->out.data, " type='result' "))
        fail_msg("no result, but: %s", rig->out.data);
    rig_drain(rig);
}

/* A new room with its owner, Romeo, alone in it. */
static inline void room_begin(struct rig *rig, const char *configure)
{
    rig_open(rig);
    rig_join(rig, ROMEO, ROOM "/Romeo");
    room_do(rig, configure);
}

static inline void room_open(struct rig *rig, const char *configure)
{
    room_begin(rig, configure);
    rig_join(rig, JULIET, ROOM "/Juliet");
    rig_join(rig, MERCUTIO, ROOM "/Mercutio");
}

/* Asserts that the next stanza to `to` contains none of the texts (NULL ends the list). */
static inline void expect_without(struct rig *rig, const char *to, ...)
{
    char *stanza = rig_receive(rig, to);
    assert_non_null(stanza);
    va_list texts;
    va_start(texts, to);
    for (const char *text = va_arg(texts, const char *); text; text = va_arg(texts, const char *)) {
        if (strstr(stanza, text))
            fail_msg("there should be no  %s  in  %s", text, stanza);
    }
    va_end(texts);
    free(stanza);
}

#endif
